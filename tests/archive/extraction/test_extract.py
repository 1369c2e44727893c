import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from licet.archive import EXTRACTOR, extract
from licet.errors import LicetError, NotExtractable
from tools.needs import unavailable


def test_the_model_page_gives_every_field(pages):
    article = extract(pages.model(), url="https://news.example/finance/1.html")
    assert article.title == pages.title
    assert article.category == "财经"
    assert article.published == "2025-02-28 14:28:00"
    assert article.published_at == "2025-02-28T14:28:00+08:00"
    assert article.source == "财联社"
    assert article.author == ("潇湘",)
    assert article.lang == "zh"
    assert article.body.split("\n") == list(pages.dispatch)
    assert [(image.url, image.alt) for image in article.images] == [("https://news.example/img/a.jpg", pages.title)]
    assert article.extractor == EXTRACTOR
    assert set(article.confidence) >= {"title", "body", "published", "source", "author", "category"}


FIELDS = (("类别", "财经"), ("发布时间", "2025-02-28 14:28:00"), ("来源", "财联社"))


@pytest.mark.parametrize(
    ("around", "each", "between"),
    [
        ("<div>{}</div>", "<span>{}:{}</span>", ""),
        ("<div>{}</div>", "<span>{}：{}</span>", ""),
        ("<p>{}</p>", "<b>{}:</b>{}", "&nbsp;&nbsp;"),
        ("<p>{}</p>", "{}:<a href='/x'>{}</a>", " | "),
        ("<dl>{}</dl>", "<dt>{}</dt><dd>{}</dd>", ""),
        ("<ul>{}</ul>", "<li>{}:{}</li>", ""),
        ("<table>{}</table>", "<tr><td>{}:</td><td>{}</td></tr>", ""),
    ],
)
def test_the_fields_of_the_model_page_in_any_dress(pages, around, each, between):
    printed = "类别:财经 发布时间:2025-02-28 14:28:00 来源:财联社"
    dressed = around.format(between.join(each.format(*field) for field in FIELDS))
    article = extract(pages.model().decode().replace(f"<div class='info'>{printed}</div>", dressed).encode())
    assert (article.category, article.published, article.source) == tuple(value for _, value in FIELDS)
    assert article.body.split("\n") == list(pages.dispatch)


@pytest.fixture(scope="module")
def seed_lines(shared):
    path = shared / "news" / "seed-page.txt"
    if not path.is_file():
        unavailable(f"no model page in {shared.name}")
    return [line.strip() for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


@pytest.mark.parametrize("headed", [True, False], ids=["headed", "bare"])
@pytest.mark.parametrize("wrap", ["<p>{}</p>", "<div>{}</div>", "{}<br>"])
def test_the_seed_page_in_any_wrapping(seed_lines, wrap, headed):
    start = next(n for n, line in enumerate(seed_lines) if line.startswith("类别:"))
    title = seed_lines[start - 1]
    tagged = [wrap.format(line) for line in seed_lines]
    if headed:
        tagged[start - 1] = f"<h1>{title}</h1>"
    head = f"<title>{title}</title>" if headed else ""
    article = extract(f"<html><head>{head}</head><body>{''.join(tagged)}</body></html>".encode())
    assert (article.title, article.category, article.source) == (title, "财经", "财联社")
    assert (article.published, article.author) == ("2025-02-28 14:28:00", ("潇湘",))
    end = next(n for n, line in enumerate(seed_lines) if line.startswith("(财联社"))
    assert article.body.split("\n") == [line for line in seed_lines[start + 1 : end] if line != title]


@pytest.mark.parametrize("charset", ["utf-8", "gb2312", "GBK", "gb18030"])
def test_an_ordinary_chinese_page_in_each_encoding(pages, charset):
    article = extract(pages.chinese(pages.title, pages.paragraphs, charset=charset))
    assert article.title == pages.title
    assert article.body.split("\n") == list(pages.paragraphs)
    assert (article.published, article.published_at) == ("2024-03-05 09:30", "2024-03-05T09:30:00+08:00")
    assert (article.source, article.author) == ("东港日报", ("本报编辑部",))


def test_an_ordinary_english_page(pages):
    paragraphs = (
        "The eastern harbor finished its yearly stocktaking this week, and every figure agreed with the books.",
        "Two people counted each bay on their own; a number was entered only where both had found the same.",
        "The harbor office said that the method will be used in two other ports before the end of the spring.",
    )
    article = extract(pages.english("Harbor closes its books without a gap", paragraphs))
    assert article.title == "Harbor closes its books without a gap"
    assert article.body.split("\n") == list(paragraphs)
    assert (article.lang, article.published) == ("en", "2024-03-05 09:30:00")
    assert article.published_at == "2024-03-05T09:30:00+00:00"
    assert (article.author, article.source, article.category) == (("Staff desk",), "Harbor Ledger", "Business")


def test_a_declared_charset_is_used_where_the_page_is_silent(pages):
    text = f"<html><body><h1>{pages.title}</h1>{''.join(f'<p>{p}</p>' for p in pages.paragraphs)}</body></html>"
    article = extract(text.encode("big5hkscs", "ignore"), charset="big5")
    assert article.lang == "zh"
    assert len(article.body) > 50


@pytest.mark.parametrize("data", [b"", b"   \n", b"<html></html>", b"<!-- -->", b"<script>x</script>", b"<a>"])
def test_nothing_to_read_is_said(data):
    with pytest.raises(NotExtractable) as raised:
        extract(data)
    assert raised.value.fix


def test_a_page_without_a_headline_is_named_by_its_first_sentence(pages):
    body = "".join(f"<p>{p}</p>" for p in pages.paragraphs)
    article = extract(f"<html><body><div>{body}</div></body></html>".encode())
    assert article.title == ""
    assert article.headline() == pages.paragraphs[0]


def test_a_deeply_nested_page_does_not_overflow(pages):
    text = "<div>" * 5000 + "".join(f"<p>{p}</p>" for p in pages.paragraphs)
    assert extract(f"<html><body><h1>{pages.title}</h1>{text}</body></html>".encode()).title == pages.title


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=400))
def test_arbitrary_bytes_never_raise_anything_else(data):
    try:
        article = extract(data)
    except LicetError:
        return
    assert article == extract(data)


TAGS = st.sampled_from(["p", "div", "h1", "td", "a", "span", "title", "br", "script", "time", "li", "article", "meta"])
MARKUP = st.lists(
    st.one_of(
        TAGS.map(lambda tag: f"<{tag} class='date'>"),
        TAGS.map(lambda tag: f"</{tag}>"),
        st.text(st.characters(codec="utf-8"), max_size=30),
        st.sampled_from(
            ["2025年2月28日 14:28", "来源:东港日报", "&#0;", "&#x110000;", "<![CDATA[", '{"@graph":', "99:99"]
        ),
    ),
    max_size=40,
).map("".join)


@settings(max_examples=150, deadline=None)
@given(MARKUP)
def test_arbitrary_markup_gives_the_same_article_each_time(text):
    data = text.encode("utf-8", "replace")
    try:
        article = extract(data, url="https://news.example/a")
    except NotExtractable:
        return
    assert article == extract(data, url="https://news.example/a")
    assert "\n\n" not in article.body
    assert article.published is None or article.published[:2] in {"19", "20"}
