# ruff: noqa: E501 - a page a line
"""How Chinese and English sites print their fields: a page a pattern, each in our own words."""

import pytest

from licet.archive import extract

CHINESE = [
    "东港仓库本周完成了年度盘点，账面与实物相符，没有发现差错。",
    "盘点小组采用了新的清点方法，每个库区的用时缩短了一半。",
    "管理处表示，下一次盘点将安排在秋季进行，届时会公布结果。",
]
TRADITIONAL = [
    "東港倉庫本周完成了年度盤點，賬面與實物相符，沒有發現差錯。",
    "盤點小組采用了新的清點方法，每个庫區的用時縮短了一半。",
    "管理处表示，下一次盤點将安排在秋季进行，届時会公布结果。",
]
ENGLISH = [
    "The harbor office finished its yearly count on Friday, and the books agreed with the stock.",
    "Each hall took half the time of last year, thanks to a new method, the office said.",
    "The next count is planned for the autumn, when the results will be published again.",
]
PATTERNS = {
    "source then time": (
        CHINESE,
        "",
        "{heading}<div>来源：东港日报 2025年2月28日 14:28</div><div>{text}</div>",
        {"source": "东港日报", "published": "2025-02-28 14:28"},
    ),
    "稿源 and 发布时间": (
        CHINESE,
        "",
        "{heading}<div>稿源：东港晚报\u3000发布时间：2025-02-28 14:28:09</div><div>{text}</div>",
        {"source": "东港晚报", "published": "2025-02-28 14:28:09"},
    ),
    "信息来源": (
        CHINESE,
        "",
        "{heading}<div>信息来源：市港务局 发布日期：2025-02-28 浏览次数：12</div><div>{text}</div>",
        {"source": "市港务局", "published": "2025-02-28"},
    ),
    "numerals of Chinese": (
        CHINESE,
        "",
        "{heading}<div>二〇二五年二月二十八日</div><div>{text}</div>",
        {"published": "2025-02-28"},
    ),
    "year of the Republic": (
        CHINESE,
        "",
        "{heading}<div>民國114年2月28日</div><div>{text}</div>",
        {"published": "2025-02-28"},
    ),
    "clock glued to the date": (
        CHINESE,
        "",
        "{heading}<div>15:312018/09/16 東港時報</div><div>{text}</div>",
        {"published": "2018-09-16 15:31"},
    ),
    "relative time": (CHINESE, "", "{heading}<div>3小时前</div><div>{text}</div>", {"published": None}),
    "更新 before 发布": (
        CHINESE,
        "",
        "{heading}<div>更新时间：2025-03-02 10:00\u3000发布时间：2025-02-28 14:28</div><div>{text}</div>",
        {"published": "2025-02-28 14:28"},
    ),
    "metas of a government site": (
        CHINESE,
        '<meta name="PubDate" content="2025-02-28 14:28"><meta name="ContentSource" content="市港务局"><meta name="Author" content="编辑部"><meta name="ColumnName" content="港务要闻"><meta name="ArticleTitle" content="东港仓库完成盘点">',
        "{heading}<div>{text}</div>",
        {"published": "2025-02-28 14:28", "source": "市港务局", "author": ("编辑部",), "category": "港务要闻"},
    ),
    "weibo meta": (
        CHINESE,
        '<meta name="weibo: article:create_at" content="2025-02-28 14:28:09">',
        "{heading}<div>{text}</div>",
        {"published": "2025-02-28 14:28:09"},
    ),
    "milliseconds in a script": (
        CHINESE,
        "",
        "{heading}<script>var publishTime = 1740724080000;</script><div>{text}</div>",
        {"published": "2025-02-28 14:28:00"},
    ),
    "upper case in a script": (
        CHINESE,
        "",
        '{heading}<script>var a={"PUBLISH_TIME":"2025-02-28 14:28"}</script><div>{text}</div>',
        {"published": "2025-02-28 14:28"},
    ),
    "seconds in an object": (
        CHINESE,
        "",
        '{heading}<script>var x={createTime:"1740724080"}</script><div>{text}</div>',
        {"published": "2025-02-28 14:28:00"},
    ),
    "hidden input": (
        CHINESE,
        "",
        '{heading}<input type="hidden" id="pubtime" value="2025-02-28 14:28"><div>{text}</div>',
        {"published": "2025-02-28 14:28"},
    ),
    "way here": (
        CHINESE,
        "",
        "<div><a href=/>首页</a> &gt; <a href=/c>财经</a> &gt; 正文</div>{heading}<div>{text}</div>",
        {"category": "财经"},
    ),
    "breaks and a credit": (
        CHINESE,
        "",
        "{heading}<div>2025-02-28 14:28</div><div>{breaks}<br>（责任编辑：财经组）</div>",
        {"body": "all lines"},
    ),
    "sections": (CHINESE, "", "{heading}<div>2025-02-28 14:28</div><div>{sections}</div>", {"body": "all lines"}),
    "reporter": (
        CHINESE,
        "",
        "{heading}<div>2025-02-28 14:28 记者：本报编辑部</div><div>{text}</div>",
        {"author": ("本报编辑部",)},
    ),
    "文/": (CHINESE, "", "{heading}<div>文/东港编辑部 2025-02-28</div><div>{text}</div>", {"author": ("东港编辑部",)}),
    "list after the text": (
        CHINESE,
        "",
        "{heading}<div>2025-02-28 14:28</div><div>{text}<p>责编：财经组</p><p>相关阅读</p><ul><li><a href=/1>另一条消息的标题很长很长</a></li></ul></div>",
        {"body": "all lines"},
    ),
    "By X and Y": (
        ENGLISH,
        "",
        "{heading}<div>By Staff Desk and Harbor Desk</div><div>Published 28 February 2025, 2:28 p.m. EST</div><div>{text}</div>",
        {
            "author": ("Staff Desk", "Harbor Desk"),
            "published": "2025-02-28 14:28",
            "published_at": "2025-02-28T14:28:00-05:00",
        },
    ),
    "time with zone and fraction": (
        ENGLISH,
        "",
        '{heading}<time datetime="2025-02-28T14:28:09.123+01:00">Feb 28</time><div>{text}</div>',
        {"published": "2025-02-28 14:28:09", "published_at": "2025-02-28T14:28:09+01:00"},
    ),
    "microdata": (
        ENGLISH,
        "",
        '{heading}<div itemscope itemtype="https://schema.org/NewsArticle"><span itemprop="author" itemscope><span itemprop="name">Staff Desk</span></span><meta itemprop="datePublished" content="2025-02-28T14:28:00Z"></div><div>{text}</div>',
        {"author": ("Staff Desk",), "published": "2025-02-28 14:28:00"},
    ),
    "RDFa": (
        ENGLISH,
        "",
        '{heading}<span property="schema:author">Staff Desk</span> <span property="schema:datePublished" content="2025-02-28">x</span><div>{text}</div>',
        {"author": ("Staff Desk",), "published": "2025-02-28"},
    ),
    "parsely": (
        ENGLISH,
        '<meta name="parsely-pub-date" content="2025-02-28T14:28:00Z"><meta name="parsely-author" content="Staff Desk"><meta name="parsely-section" content="Ports">',
        "{heading}<div>{text}</div>",
        {"author": ("Staff Desk",), "published": "2025-02-28 14:28:00", "category": "Ports"},
    ),
    "sailthru": (
        ENGLISH,
        '<meta name="sailthru.date" content="2025-02-28 14:28"><meta name="sailthru.author" content="Staff Desk">',
        "{heading}<div>{text}</div>",
        {"author": ("Staff Desk",), "published": "2025-02-28 14:28"},
    ),
    "Dublin Core": (
        ENGLISH,
        '<meta name="DC.date.issued" content="2025-02-28"><meta name="DC.creator" content="Staff Desk">',
        "{heading}<div>{text}</div>",
        {"author": ("Staff Desk",), "published": "2025-02-28"},
    ),
    "graph with a pointer": (
        ENGLISH,
        '<script type="application/ld+json">{"@context":"x","@graph":[{"@type":"WebPage"},{"@type":["NewsArticle"],"headline":"Harbor office counts its stock","author":[{"@id":"#a"}],"datePublished":"2025-02-28T14:28:00+00:00",},{"@type":"Person","@id":"#a","name":"Staff Desk"}]}</script>',
        "{heading}<div>{text}</div>",
        {"author": ("Staff Desk",), "published": "2025-02-28 14:28:00"},
    ),
    "updated before published": (
        ENGLISH,
        "",
        "{heading}<p>Updated March 2, 2025 10:00 am</p><p>Published February 28, 2025 2:28 pm</p><div>{text}</div>",
        {"published": "2025-02-28 14:28"},
    ),
    "data attribute": (
        ENGLISH,
        "",
        "{heading}<div data-timestamp='1740752880'></div><div>{text}</div>",
        {"published": "2025-02-28 14:28:00"},
    ),
    "name beside the date": (
        ENGLISH,
        "",
        "{heading}<div>Harbor Desk</div><div>February 28, 2025</div><div>{text}</div>",
        {"author": ("Harbor Desk",)},
    ),
    "traditional, updated first": (
        TRADITIONAL,
        "",
        "{heading}<div>記者東港編輯部／台北報導 更新：2025/03/02 10:00\u30002025/02/28 14:28</div><div>{text}</div>",
        {"published": "2025-02-28 14:28"},
    ),
}


@pytest.mark.parametrize("name", PATTERNS)
def test_the_fields_are_read(name):
    lines, head, body, wanted = PATTERNS[name]
    title = "Harbor office counts its stock" if lines is ENGLISH else "东港仓库完成盘点"
    for mark, text in (
        ("{text}", "".join(f"<p>{line}</p>" for line in lines)),
        ("{breaks}", "<br><br>".join(lines)),
        ("{sections}", "".join(f"<section><span>{line}</span></section>" for line in lines)),
        ("{heading}", f"<h1>{title}</h1>"),
    ):
        body = body.replace(mark, text)
    page = f"<html><head><meta charset=utf-8><title>{title} | Port</title>{head}</head><body>{body}</body></html>"
    article = extract(page.encode())
    assert article.title == title
    for field, value in wanted.items():
        assert getattr(article, field) == ("\n".join(lines) if value == "all lines" else value)
