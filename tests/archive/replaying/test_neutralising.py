import re
import time

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from lxml import html

from licet.archive.replaying import allowed, clean_sheet, neutralised
from tools.hostile_pages import CLICKS, SCRIPTS

BASE = "https://news.example/zh/1.html"
ADDRESSES = ("href", "src", "background", "srcset")
OURS = re.compile(r"/at/(page|picture|sheet)/https?://\S*")


def place(use, url):
    return f"/at/{use}/{url.replace(' ', '%20')}"


def shown(text, base=BASE, where=place):
    return neutralised(text, base=base, place=where)


def trouble(text):
    """What a neutralised page holds that it must not."""
    found = []
    for element in html.document_fromstring(text, parser=html.HTMLParser(encoding="utf-8")).iter():
        if not isinstance(element.tag, str):
            found.append(f"a comment: {element}")
            continue
        if element.tag not in allowed.ELEMENTS and element.tag != "meta":
            found.append(f"element {element.tag}")
        if element.tag == "meta" and dict(element.attrib) != {"charset": "utf-8"}:
            found.append(f"meta {dict(element.attrib)}")
        for name, value in element.attrib.items():
            if name.startswith("on") or name in ("srcdoc", "action", "formaction", "ping", "http-equiv", "form"):
                found.append(f"attribute {name}")
            if name in ADDRESSES and not value.startswith(("#", "data:image/png;base64,")):
                parts = value.split(", ") if name == "srcset" else [value]
                found += [f"{name}={part}" for part in parts if not OURS.match(part)]
            if name == "style":
                found += loading(value)
        if element.tag == "style":
            found += loading(element.text or "")
    return found


def loading(css):
    """What would be loaded or run, outside of strings."""
    rest = re.sub(r"(?:@import )?url\(\"(?:/at/(?:picture|sheet)/|data:image/png)[^\"]*\"\)", "", css)
    rest = re.sub(r"\\[0-9a-f]{1,6} ?", "x", re.sub(r"\"[^\"]*\"", "", rest))
    return re.findall(
        r"(?i)(?<![-\w@\x80-\U0010ffff])url\(|(?<![-\w\x80-\U0010ffff])(?:expression|behavior|-moz-binding|@import)(?![-\w\\]|[^\x00-\x7f])",
        rest,
    )


@pytest.mark.parametrize("page", [*SCRIPTS, *CLICKS])
def test_nothing_hostile_is_left(page):
    for whole in (page, f"<!doctype html><html><head>{page}</head><body>{page}</body></html>", f"<p>{page}<p>"):
        assert trouble(shown(whole)) == []


MARKUP = """< > </ <! --> <!-- <script </script> <style> </style> <svg> </svg> <math> <mtext> <img <a <iframe <table>
<td> <title> </title> <textarea> </textarea> <noscript> </noscript> <template> <select> <base <meta <link onerror=
onload= style= href= src= srcset= rel=stylesheet action= javascript: data:text/html, " ' ` = / \\ &lt; &quot; &#x3c;
&#0; url( ) ; } { @import expression( /* */ //out.example/x #x 港 x"""
PARTS = st.lists(st.sampled_from([*MARKUP.split(), "\x00", "\n", "\t", " "]), max_size=40).map("".join)


@given(PARTS)
@example("<table><tr><td><select><style></select><img src=x onerror=1>")
def test_no_heap_of_markup_leaves_anything_behind(page):
    assert trouble(shown(page)) == []


@given(PARTS)
def test_a_neutralised_page_stays_as_it_is(page):
    again = "<!doctype html>" + re.sub(r"<!doctype html>\n?", "", shown(page, where=lambda _use, _url: None))
    assert trouble(shown(again)) == []


@given(st.text(max_size=200))
def test_text_stays_text(text):
    tree = html.document_fromstring(shown(f"<p>a{text.replace('&', '&amp;').replace('<', '&lt;')}</p>"))
    kept = re.sub(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]", " ", text)
    assert "".join(tree.text_content().split()) == "".join(f"a{kept}".split())


ARTICLE = """<!DOCTYPE html><html lang="zh"><head><base href="/img/"><title>港口 & 码头</title>
<link rel="stylesheet" href="a.css"><link rel="alternate stylesheet" href="b.css"><link rel="icon" href="i.ico">
<style>@import url(c.css); h1 { background: url("d.png") }</style></head><body background="e.png">
<h1 class="t" style="color: red; background: url(f.png)">港口</h1><noscript><p>no script</p></noscript>
<img src="g.jpg" alt="Quay" srcset="g.jpg 1x, h.jpg 2x"><img src="blank.gif" data-original="real.jpg">
<a href="next.html#p">next</a> <a href="#here">here</a> <a href="mailto:a@b.example">mail</a>
<form action="/send"><input name="q" value="v"><button>go</button></form></body></html>"""


def test_links_pictures_and_styles_lead_to_the_archive():
    text = shown(ARTICLE)
    tree = html.document_fromstring(text)
    root = "https://news.example/img"
    assert text.startswith("<!doctype html>")
    assert tree.xpath("//title/text()") == ["港口 & 码头"]
    assert tree.xpath("//link/@href") == [f"/at/sheet/{root}/a.css"]
    assert f'@import url("/at/sheet/{root}/c.css")' in tree.xpath("//style/text()")[0]
    assert f'url("/at/picture/{root}/d.png")' in tree.xpath("//style/text()")[0]
    assert tree.xpath("//body/@background") == [f"/at/picture/{root}/e.png"]
    assert f'url("/at/picture/{root}/f.png")' in tree.xpath("//h1/@style")[0]
    assert tree.xpath("//img/@src") == [f"/at/picture/{root}/g.jpg", f"/at/picture/{root}/real.jpg"]
    assert tree.xpath("//img/@srcset") == [f"/at/picture/{root}/g.jpg 1x, /at/picture/{root}/h.jpg 2x"]
    assert tree.xpath("//a/@href") == [f"/at/page/{root}/next.html#p", "#here"]
    assert tree.xpath("//a[1]/@target") == ["_top"]
    assert tree.xpath("//form") == []
    assert tree.xpath("//input/@disabled | //button/@disabled") == ["", ""]
    assert "no script" in tree.text_content()


def test_what_the_archive_does_not_have_is_not_asked_for():
    text = shown(ARTICLE, where=lambda _use, _url: None)
    assert "news.example" not in text
    tree = html.document_fromstring(text)
    assert tree.xpath("//@src | //@srcset | //link | //@background") == []
    assert tree.xpath("//img/@alt") == ["Quay"]


def test_each_address_is_looked_up_once_and_there_is_a_limit(monkeypatch):
    monkeypatch.setattr("licet.archive.replaying.neutralising.MOST_LOOKUPS", 10)
    asked = []
    page = "".join(f"<img src={number % 50}.png>" for number in range(200))
    shown(page, where=lambda use, url: asked.append(url))
    assert len(asked) == len(set(asked)) == 10


def test_a_page_without_doctype_is_laid_out_as_one():
    assert not shown("<p>x").startswith("<!doctype")


@pytest.mark.parametrize("page", ["", " ", "\x00", "<", "<!--", "<html", "&", "<?xml version='1.0'?>", "\ud800"])
def test_what_is_no_page_gives_an_empty_one(page):
    assert trouble(shown(page)) == []


CSS = [
    (r"a{background:ur\6c(x.png)}", 'a{background:url("/at/picture/https://news.example/zh/x.png")}'),
    ("a{background:url( 'x.png' )}", 'a{background:url("/at/picture/https://news.example/zh/x.png")}'),
    ("a{background:url(javascript:x)}", "a{background:none}"),
    ("a{background:image-set('x.png' 1x)}", 'a{background:image-set("/at/picture/https://news.example/zh/x.png" 1x)}'),
    (r"a{b:e\78 pression(1)}", "a{b:removed(1)}"),
    ("a{b:exp/**/ression(1)}", "a{b:exp ression(1)}"),
    ("a{-moz-binding:none}", "a{removed:none}"),
    ("@import 'x.css' screen;b{}", '@import url("/at/sheet/https://news.example/zh/x.css") screen;b{}'),
    ("@import url(ftp://x/);b{}", "b{}"),
    ("@charset 'utf-7';b{}", "b{}"),
    ("@media (min-width: 3px) { a { color: #fff } }", "@media (min-width: 3px) { a { color: #fff } }"),
    ("a::before { content: '\\201C 港' }", 'a::before { content: "\u201c港" }'),
    ("a{content:'</style>'}", 'a{content:"\\3c /style\\3e "}'),
    ("a</style><b", "a<\\/style><b"),
    ('a{content:"x', 'a{content:"x"'),
    ("a{b:url(", "a{b:none"),
    ("/* open", " "),
]


@pytest.mark.parametrize(("css", "cleaned"), CSS)
def test_style_sheets_load_nothing_from_elsewhere(css, cleaned):
    assert clean_sheet(css, base=BASE, place=place) == cleaned


STYLE = """url( URL( ur\\6c( ) \\ " ' ; : { } @import @charset @ /* */ expression( behavior x.png http://o/ < </style
<!-- - 港 image-set( 1x \\0 \\fffffff #a ,"""


@given(st.lists(st.sampled_from([*STYLE.split(), " ", "\n"]), max_size=30).map("".join))
def test_no_heap_of_style_loads_anything(css):
    cleaned = clean_sheet(css, base=BASE, place=place)
    assert loading(cleaned) == []
    assert "</" not in cleaned


HEAVY = {
    "deep": ("<div>", ""),
    "unclosed": ("<b><p>", ""),
    "attributes": (" a=1", ">"),
    "addresses": ("<a href='x/../y'>", ""),
    "url": ("url(", ""),
    "import": ("@import\\", ""),
    "strings": ("'\\", ""),
    "srcset": ("x 1x, ", "'>"),
}
OPENING = {
    "attributes": "<p",
    "url": "<style>",
    "import": "<style>",
    "strings": "<style>",
    "srcset": "<img srcset='",
}


@pytest.mark.parametrize("kind", HEAVY)
def test_the_time_grows_with_the_length_only(kind):
    unit, end = HEAVY[kind]

    def seconds(count):
        page = OPENING.get(kind, "") + unit * count + end
        start = time.process_time()
        shown(page)
        return time.process_time() - start

    small, large = min(seconds(3_000) for _ in range(3)), seconds(30_000)
    assert large < 40 * small + 0.1
