import json

import pytest

from licet.archive import extract

LINES = (
    "The eastern harbor finished its yearly stocktaking this week, and every figure agreed with the books it keeps.",
    "Two people counted each bay on their own, and a number was entered only where both of them had found the same.",
    "The harbor office said that the method will be used in two other ports before the end of the coming spring.",
)


def page(body, head=""):
    return (
        f"<html lang='en'><head><title>Harbor closes its books</title>{head}</head><body>{body}</body></html>".encode()
    )


def paragraphs(lines=LINES):
    return "".join(f"<p>{line}</p>" for line in lines)


def titled(body):
    return page(f"<h1>Harbor closes its books</h1>{body}")


def test_what_stands_around_the_text_is_left_out():
    around = [
        "<nav><a href='/'>Home</a></nav>",
        "<div class='cookie-banner'><p>We use cookies, and so do our partners.</p></div>",
        f"<h1>Harbor closes its books</h1><article>{paragraphs()}",
        "<figure><img src='a.jpg'><figcaption>A crane, seen from the east.</figcaption></figure></article>",
        "<div class='comments'><p>First! I was there, and it was cold.</p></div>",
        "<footer><p>All rights reserved, of course.</p></footer>",
    ]
    assert extract(page("".join(around))).body.split("\n") == list(LINES)


def test_an_article_in_several_sections_is_read_whole():
    parts = (f"{paragraphs()}<p>Part {n} ends here, as it must.</p>" for n in range(4))
    body = extract(titled("<main>" + "".join(f"<div class='part'>{part}</div>" for part in parts) + "</main>")).body
    assert all(f"Part {n} ends here" in body for n in range(4))


def test_a_form_around_the_whole_page_is_no_reason_to_drop_it():
    body = f"<form><h1>Harbor closes its books</h1><div>{paragraphs()}</div></form>"
    assert extract(page(body)).body == "\n".join(LINES)


@pytest.mark.parametrize(
    "item",
    [
        "<h3><a href='/{n}'>Another story {n}</a></h3><p>Another report, told in short.</p><span>{n} hours ago</span>",
        "<span><a href='/s'>Section</a></span><h3><a href='/{n}'>Another</a></h3><div>{n} hours ago</div><p>Short.</p>",
        "<h3><a href='/{n}'>Another story {n}</a></h3><p>Another report, told in short.</p><span>2025-02-0{n}</span>",
    ],
)
def test_a_list_of_other_reports_with_times_is_dropped(item):
    feed = "".join(f"<div>{item.format(n=n)}</div>" for n in range(2, 7))
    assert extract(titled(f"<div>{paragraphs()}{feed}</div>")).body == "\n".join(LINES)


def test_a_list_set_inside_the_article_does_not_end_it():
    inner = "<h3>Related stories</h3><ul><li><a href='/1'>Another story of the harbor</a></li></ul>"
    more = paragraphs(LINES[:1]).replace("eastern", "western")
    text = f"<div>{paragraphs(LINES[:2])}{more}{inner}{paragraphs(LINES[2:])}</div>"
    assert extract(titled(text)).body.endswith(LINES[2])


def test_a_page_that_carries_its_text_as_data_only():
    data = json.dumps({"@type": "NewsArticle", "headline": "Harbor closes its books", "articleBody": "\n".join(LINES)})
    article = extract(page("<div id='app'></div>", f"<script type='application/ld+json'>{data}</script>"))
    assert article.body == "\n".join(LINES)
    assert article.confidence["body"] == 0.6


def test_lines_divided_by_breaks_are_paragraphs():
    assert extract(titled(f"<div>{'<br><br>'.join(LINES)}</div>")).body == "\n".join(LINES)
