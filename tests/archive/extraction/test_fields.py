import json

import pytest

from licet.archive import extract

TEXT = (
    "东港仓库本周完成了年度盘点,账面与实物相符,没有发现差错。",
    "盘点小组采用了新的清点方法,每个库区的用时缩短了一半。",
    "仓库负责人称,下一步将把这套流程推广到其他港口。",
)


def page(meta="", *, head="", after="", top="", text=TEXT):
    title = "东港仓库完成盘点"
    body = "".join(f"<p>{line}</p>" for line in text)
    return (
        f"<html><head><meta charset='utf-8'><title>{title}-东港网</title>{head}</head><body>{top}"
        f"<h1>{title}</h1>{meta}<div class='article'>{body}{after}</div></body></html>"
    ).encode()


@pytest.mark.parametrize(
    ("meta", "source"),
    [
        ("<p>2025-02-28 14:28 来源:东港日报</p>", "东港日报"),
        ("<p>2025-02-28 14:28 来源：<a href='/'>东港日报</a> 作者:编辑部</p>", "东港日报"),
        ("<p>2025-02-28 14:28</p><p>来源:\n<a>东港日报(东港)</a></p>", "东港日报"),
        ("<p><span>东港日报</span> 2025-02-28 14:28</p>", "东港日报"),
        ("<p>2025-02-28 14:28 东港日报 我要评论</p>", "东港日报"),
        ("<p>2025年2月28日 <span class='source'>东港日报</span></p>", "东港日报"),
        ("<p>稿源:中国东港网 编辑:值班组</p>", "中国东港网"),
        ("<p>2025-02-28</p>", "东港网"),
    ],
)
def test_source(meta, source):
    assert extract(page(meta)).source == source


@pytest.mark.parametrize(
    ("meta", "after", "author"),
    [
        ("<p>作者:本报编辑部</p>", "", ("本报编辑部",)),
        ("<p>2025-02-28 作者:甲组 乙组 来源:东港日报</p>", "", ("甲组", "乙组")),
        ("", "<p>(东港社 潇湘)</p>", ("潇湘",)),
        ("", "<p>撰稿:港口组</p>", ("港口组",)),
        ("<p>来源:东港日报 作者:东港日报</p>", "", ()),
    ],
)
def test_author(meta, after, author):
    assert extract(page(meta, after=after)).author == author


@pytest.mark.parametrize(
    ("meta", "head", "published"),
    [
        ("<p>发布时间:2025-02-28 14:28:00</p>", "", "2025-02-28 14:28:00"),
        ("<p>更新时间:2025-03-01 10:00 发布时间:2025-02-28 14:28</p>", "", "2025-02-28 14:28"),
        ("", "<meta property='article:published_time' content='2025-02-28T14:28:00+08:00'>", "2025-02-28 14:28:00"),
        ("", "<meta name='publishdate' content='20250228'>", "2025-02-28"),
        ("<p>2025-02-28</p>", "<meta name='pubdate' content='2025-02-28 14:28'>", "2025-02-28 14:28"),
        ("", '<script>var ct = "1740724080";</script>', "2025-02-28 14:28:00"),
        ("", "<script>window.data = {publish_time: '2025-02-28 14:28'}</script>", "2025-02-28 14:28"),
        ("", "<link rel='canonical' href='https://news.example/2025/02/28/1.html'>", "2025-02-28"),
        ("", "", None),
    ],
)
def test_published(meta, head, published):
    assert extract(page(meta, head=head)).published == published


@pytest.mark.parametrize(
    ("meta", "head", "top", "category"),
    [
        ("<p>类别:财经 来源:东港日报</p>", "", "", "财经"),
        ("", "<meta property='article:section' content='港口'>", "", "港口"),
        ("", "", "<div class='breadcrumb'><a>首页</a> &gt; <a>新闻</a> &gt; <a>港口</a></div>", "港口"),
        ("", "", "", None),
    ],
)
def test_category(meta, head, top, category):
    assert extract(page(meta, head=head, top=top)).category == category


@pytest.mark.parametrize(
    "title",
    [
        "东港仓库完成盘点_港口频道_东港网",
        "东港仓库完成盘点 - 东港网",
        "东港仓库完成盘点|盘点|仓库_东港网",
        "东港仓库完成盘点",
    ],
)
def test_the_name_of_the_site_is_no_part_of_the_title(title):
    html = (
        f"<html><head><title>{title}</title></head><body><div>{''.join(f'<p>{line}</p>' for line in TEXT)}</div></body>"
    )
    assert extract(html.encode()).title == "东港仓库完成盘点"


def test_json_ld_in_a_graph_with_pointers():
    data = {
        "@graph": [
            {"@type": "Person", "@id": "#desk", "name": "Staff desk"},
            {"@type": ["NewsArticle"], "headline": "Harbor closes its books", "author": {"@id": "#desk"}},
        ]
    }
    head = f"<script type='application/ld+json'>{json.dumps(data)}</script>"
    body = "<p>The harbor finished its stocktaking, and every figure agreed with the books.</p>" * 2
    html = f"<html lang='en'><head>{head}</head><body><h1>Harbor closes its books</h1><div>{body}</div></body></html>"
    article = extract(html.encode())
    assert (article.title, article.author) == ("Harbor closes its books", ("Staff desk",))


@pytest.mark.parametrize(
    "text", ["{", "[]", '"x"', '{"@graph": [[[[[[1]]]]]]}', "{'a': 1,}", '{"headline": 5, "author": 7}']
)
def test_broken_json_ld_is_passed_over(text):
    head = f"<script type='application/ld+json'>{text}</script>"
    assert extract(page(head=head)).title == "东港仓库完成盘点"


def test_images_keep_their_captions_and_icons_are_left_out():
    pictures = (
        "<figure><img data-src='/a.jpg' src='data:x'><figcaption>仓库外景</figcaption></figure>"
        "<img src='/logo.png'><img src='/dot.gif' width='1'><img src='b.jpg' alt='盘点现场'>"
    )
    article = extract(page(after=pictures), url="https://news.example/n/1.html")
    assert [(image.url, image.alt) for image in article.images] == [
        ("https://news.example/a.jpg", "仓库外景"),
        ("https://news.example/n/b.jpg", "盘点现场"),
    ]


@pytest.mark.parametrize(
    ("dateline", "author"),
    [
        ("东港社2月28日讯(编辑 潇湘)", ("潇湘",)),
        ("东港报讯（记者 港口组）", ("港口组",)),
        ("東港社2月28日訊（記者 港口組）", ("港口組",)),
        ("东港社2月28日电(东港港区)", ()),
    ],
)
def test_a_dateline_is_text_and_its_staff_the_author(dateline, author):
    article = extract(page(text=(dateline + TEXT[0], *TEXT[1:])))
    assert article.body.split("\n") == [dateline + TEXT[0], *TEXT[1:]]
    assert article.author == author


@pytest.mark.parametrize("dateline", ["东港社2月28日电（记者 港口组）", "本报讯 (编辑 港口组)"])
def test_a_dateline_on_a_line_of_its_own(dateline):
    assert extract(page(text=(dateline, *TEXT))).body.split("\n") == [dateline, *TEXT]


def test_a_credit_at_the_end_of_a_paragraph_is_no_text():
    assert extract(page(text=(*TEXT[:2], TEXT[2] + "（记者 港口组）"))).body.split("\n") == list(TEXT)


def test_an_english_dateline_is_text():
    first = "EASTPORT, March 3 (Harbor Wire) - The harbor finished its stocktaking, and every figure agreed."
    text = (first, "Two people counted each bay on their own, and the office entered what both had found.")
    body = "".join(f"<p>{line}</p>" for line in text)
    html = f"<html lang='en'><head><title>Harbor closes its books</title></head><body><div>{body}</div></body></html>"
    assert extract(html.encode()).body.split("\n") == list(text)


TABLE = """<html><head><meta charset='utf-8'><title>{top}</title></head><body><table>
<tr><td><b>东港晚报</b> | <a href='/'>首页</a> | 当前位置：{place}</td></tr>
<tr><td><b>东港仓库完成盘点,账面与实物相符</b></td></tr>
<tr><td>2025年02月28日 14:28  来源：东港晚报  作者：港口组</td></tr>
<tr><td><center><img src='a.jpg' alt='仓库外景'><br>仓库外景</center>{text}</td></tr></table></body></html>"""


@pytest.mark.parametrize(
    "top", ["东港晚报 - 东港仓库完成盘点,账面与实物相符", "东港晚报 | 东港仓库完成盘点,账面与实物相符 | 港口"]
)
@pytest.mark.parametrize("place", ["港口", "首页 &gt; 港口", "东港晚报 &gt;&gt; 港口 &gt;&gt; 正文"])
def test_a_page_laid_out_as_a_table(top, place):
    article = extract(TABLE.format(top=top, place=place, text="<br><br>".join(TEXT)).encode())
    assert (article.title, article.category) == ("东港仓库完成盘点,账面与实物相符", "港口")
    assert (article.source, article.author) == ("东港晚报", ("港口组",))
    assert article.body.split("\n") == list(TEXT)
    assert [image.alt for image in article.images] == ["仓库外景"]


@pytest.mark.parametrize(
    "fields",
    [
        "<dl>{}</dl>".format("".join(f"<dt>{label}</dt><dd>{value}</dd>" for label, value in pairs))
        for pairs in (
            (("日期", "2025-02-28 14:28"), ("來源", "東港日報"), ("撰文", "港口組")),
            (("类别", "港口"), ("日期", "2025-02-28 14:28"), ("来源", "東港日報"), ("作者", "港口組")),
        )
    ]
    + ["<table><tr><th>来源</th><td>東港日報</td></tr><tr><th>作者</th><td>港口組</td></tr></table>2025-02-28 14:28"],
)
def test_labels_that_are_cells_or_terms(fields):
    top = "<div><a href='/'>東港日報</a> &gt; <a href='/g'>港口</a></div>"
    article = extract(page(f"<div>{fields}</div>", top=top))
    assert (article.category, article.source, article.author) == ("港口", "東港日報", ("港口組",))
    assert article.published == "2025-02-28 14:28"
    assert article.body.split("\n") == list(TEXT)


def test_the_name_of_the_site_before_the_headline():
    head = "<meta property='og:site_name' content='东港网'>"
    text = "".join(f"<p>{line}</p>" for line in TEXT)
    html = f"<html><head><title>东港网 - 东港仓库完成盘点</title>{head}</head><body><div>{text}</div></body></html>"
    assert extract(html.encode()).title == "东港仓库完成盘点"


@pytest.mark.parametrize("title", ["东港仓库 - 盘点完成以后怎样使用", "Harbor - the books are closed at last"])
def test_what_stands_before_a_dash_may_be_the_headline(title):
    text = "".join(f"<p>{line}</p>" for line in TEXT)
    html = f"<html><head><title>{title}</title></head><body><b>{title}</b><div>{text}</div></body></html>"
    assert extract(html.encode()).title == title
