from datetime import UTC, datetime

import pytest

from licet.archive import Archive
from licet.archive.capture import Capture
from licet.archive.extraction import EXTRACTOR, Overrides, extract, version
from licet.archive.extraction.overrides import parsed, refused
from licet.archive.extraction.proposing import host_of, propose, written
from licet.errors import BadFile, BadValue

LINES = [
    "东港仓库本周完成了年度盘点，账面与实物相符，没有发现差错。",
    "盘点小组采用了新的清点方法，每个库区的用时缩短了一半。",
    "管理处表示，下一次盘点将安排在秋季进行，届时会公布结果。",
]


def paragraphs(lines=LINES):
    return "".join(f"<p>{line}</p>" for line in lines)


def page(n, body=None):
    return (
        f"<html><head><title>第{n}次盘点完成_东港</title><meta property='og:url' content='https://news.example.com/{n}'>"
        f"</head><body><div class='top'><h2 class='headline'>第{n}次盘点完成</h2></div>"
        f"<div class='facts'><span class='when'>2025-02-2{n} 14:28</span>"
        f"<span class='whence'>来源：东港日报</span></div>"
        f"<div id='story-text'>{body or paragraphs([f'{n}号{line}' for line in LINES])}</div>"
        f"<div class='aside-x'><p>{n}号旁边的另一段文字，说的是别的事情，与本文无关。</p></div></body></html>"
    ).encode()


def test_an_override_reads_the_fields_it_names_and_its_digest_stands_in_the_version():
    override = parsed(
        "site: [example.com]\nzone: Asia/Tokyo\nname: 东港资讯\ntitle: ['css:h3.real']\nbody: ['xpath://div[@id=\"b\"]']\n"
        "published: ['css:i']\nauthor: ['css:b']\ncategory: ['css:u']\nstrip: ['css:.x']\n".encode(),
        "example.com.yaml",
    )
    html = (
        "<title>别的标题</title><h1>别的标题</h1><h3 class='real'>真正的标题</h3>"
        "<i>2025年2月28日 14:28</i><b>编辑部 财经组</b>"
        f"<u>港口</u><div id='b'>{paragraphs()}<p class='x'>这一段不是正文，应当去掉，不论有多长都一样。</p></div>"
        f"<div>{paragraphs(LINES * 3)}</div>"
    )
    sites = Overrides([override])
    article = extract(html.encode(), url="https://www.example.com/a", sites=sites)
    assert (article.title, article.body) == ("真正的标题", "\n".join(LINES))
    assert article.published_at == "2025-02-28T14:28:00+09:00"
    assert (article.source, article.category) == ("东港资讯", "港口")
    assert article.extractor == f"{EXTRACTOR}+{override.digest}" == version("https://www.example.com/a", sites)
    elsewhere = extract(html.encode(), url="https://example.org/a", sites=sites)
    assert elsewhere.extractor == EXTRACTOR
    assert elsewhere.title == "别的标题"


def test_a_selector_that_finds_nothing_leaves_the_field_to_the_rules():
    override = parsed(b"site: [news.example.com]\ntitle: ['css:.nowhere']\nbody: ['css:.nowhere']\n", "x")
    article = extract(page(1), url="https://news.example.com/1", sites=Overrides([override]))
    assert article.title == "第1次盘点完成"
    assert "1号东港仓库" in article.body


def test_a_public_account_is_read_by_the_override_that_comes_with_licet():
    html = (
        "<meta property='og:title' content='盘点'><h1 id='activity-name'> 东港仓库完成年度盘点 </h1>"
        "<a id='js_name'>东港资讯</a><span id='js_author_name'>编辑部</span>"
        f"<div id='js_content'><section>{''.join(f'<section>{line}</section>' for line in LINES)}</section></div>"
        '<script>var ct = "1740724080";</script>'
    )
    article = extract(html.encode(), url="https://mp.weixin.qq.com/s/abc")
    assert (article.title, article.source, article.author) == ("东港仓库完成年度盘点", "东港资讯", ("编辑部",))
    assert article.body == "\n".join(LINES)
    assert article.published_at == "2025-02-28T14:28:00+08:00"


@pytest.mark.parametrize(
    "selector",
    [
        "h1",
        "css:",
        "css:h1 ~ p",
        "css:p:has(a)",
        "css:a b c d e f g",
        "css:h1[",
        "xpath://a//b//c",
        "xpath://a/ancestor::div",
        "xpath://p[preceding::a]",
        "xpath:count(//a)",
        "xpath://p[re:test(., 'x')]",
        "xpath:document('x')",
        "xpath:" + "/*" * 200,
    ],
)
def test_a_selector_that_could_cost_much_is_refused(selector):
    assert refused(selector)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("site: [UPPER]", "host names"),
        ("site: []", "host names"),
        ("site: [example.com]\nheadline: ['css:h1']", "headline"),
        ("site: [example.com]\ntitle: css:h1", "array"),
        ("site: [example.com]\nzone: Nowhere/Here", "Nowhere"),
        ("site: [example.com]\ntitle: ['css:h1[']", "cannot be read"),
        ("site: &a [example.com]\ntitle: *a", "alias"),
        ("site: [", "line"),
        ("x" * 70_000, "larger"),
        ("site: [example.com]\ntitle: [" + "'css:a'," * 20 + "]", "more than 12"),
    ],
)
def test_a_file_that_is_wrong_says_so(text, said):
    with pytest.raises((BadFile, BadValue), match=said):
        parsed(text.encode(), "x.yaml")


def test_the_users_own_folder_goes_first(tmp_path):
    (tmp_path / "a.yaml").write_text("site: [mp.weixin.qq.com]\nname: 自己的\n", "utf-8")
    assert Overrides.load(tmp_path).of("https://mp.weixin.qq.com/s").name == "自己的"
    assert Overrides.load(tmp_path / "nowhere").of("https://mp.weixin.qq.com/s").name is None
    assert Overrides.load().of("https://[bad") is None


def test_from_several_pages_an_override_is_proposed_that_reads_them():
    pages = [(page(n), None) for n in range(1, 6)]
    evidence = {found.field: found for found in propose(pages)}
    assert evidence["body"].selector == "css:#story-text"
    assert (evidence["body"].agree, evidence["body"].pages) == (5, 5)
    assert evidence["title"].selector == "css:h2.headline"
    assert evidence["published"].selector == "css:span.when"
    assert evidence["source"].selector == "css:span.whence"
    override = parsed(written(host_of(pages), list(evidence.values())).encode(), "proposed")
    assert override.site == ["news.example.com"]
    article = extract(page(7), url="https://news.example.com/7", sites=Overrides([override]))
    assert (article.title, article.published) == ("第7次盘点完成", "2025-02-27 14:28")
    assert article.body.count("\n") == 2


def test_one_page_is_not_enough_to_propose_from():
    with pytest.raises(BadValue, match="1 of the pages"):
        propose([(page(1), None), (b"", None)])


def test_the_archive_reads_with_the_zone_of_the_source_and_the_users_own_sites(tmp_path):
    at = datetime(2025, 3, 1, tzinfo=UTC)

    def capture(n):
        return Capture(
            payload=page(n), url=f"https://news.example.com/{n}", captured_from="a file", content_type="text/html"
        )

    with Archive.open(tmp_path) as archive:
        before = archive.take(capture(1), at=at, zone="America/New_York").snapshot
        assert before.article.published_at == "2025-02-21T14:28:00-05:00"
        assert before.article.extractor == EXTRACTOR
        folder = tmp_path / "archive" / "sites"
        folder.mkdir(parents=True)
        (folder / "news.example.com.yaml").write_text("site: [news.example.com]\nname: 东港资讯\n", "utf-8")
        archive.process()
        again = archive.snapshot(before.id)
        assert again.article.source == "东港资讯"
        assert again.article.published_at == before.article.published_at
        assert again.article.extractor.startswith(f"{EXTRACTOR}+")
