"""What is read from HTML and CSS: list pages, requisites, the address that a page declares as its own."""

import time

import pytest

from licet.archive.collecting.lists import read_list
from licet.archive.collecting.requisites import MOST, canonical_of, of_page, of_style

BASE = "https://news.example/tech/"
LIST = """<html><head><base href='https://news.example/other/'></head><body><nav><a href='/'>首页</a></nav>
<ul class='list'><li><a href='1.html'><img src=x></a><a href='1.html'>仓库 盘点</a></li>
<li><a href='/2025/2.html#c'>冷库改造</a></li><li><a href='javascript:void(0)'>更多</a></li></ul>
<a href='/tech/?page=2'>下一页</a></body></html>"""


@pytest.mark.parametrize("select", ["ul.list a", "ul.list", "//ul[@class='list']//a", "//ul"])
def test_a_list_page_by_either_kind_of_selector(sources, select):
    links = read_list(LIST.encode(), sources.one("list", BASE, select=select), url=BASE)
    assert [(link.url, link.title) for link in links] == [
        ("https://news.example/other/1.html", "仓库 盘点"),
        ("https://news.example/2025/2.html", "冷库改造"),
    ]


def test_further_list_pages_are_found_outside_the_selector(sources):
    one = sources.one("list", BASE, select="ul.list a", lists=("/tech/?page=*",))
    assert [link.role for link in read_list(LIST.encode(), one, url=BASE)] == ["page", "page", "list"]


def test_a_list_in_gb18030(sources):
    data = LIST.replace("<head>", "<head><meta charset=gb2312>").encode("gb18030")
    assert read_list(data, sources.one("list", BASE), url=BASE)[1].title == "仓库 盘点"


PAGE = """<html><head><link rel=stylesheet href=/s.css><link rel='alternate stylesheet' href=/no.css>
<link rel=icon href=/i.ico><style>@import url("/t.css"); /* url(no.png) */ b{background:url('u.png')}</style></head>
<body style="background:url(v.png)"><img src=a.png><img data-src=b.png src=data:image/gif;base64,R0>
<img srcset="c.png 1x, d.png 2x"><script src=/s.js></script><video poster=p.jpg></video><a href=/x.png>x</a></body>"""


def test_requisites_of_a_page():
    found = {one.url.rpartition("/")[2]: one.style for one in of_page(PAGE.encode(), url=BASE)}
    assert found == {
        "s.css": True,
        "t.css": True,
        "u.png": False,
        "a.png": False,
        "p.jpg": False,
        "b.png": False,
        "c.png": False,
        "v.png": False,
        "i.ico": False,
    }
    assert next(iter(found)) == "s.css"


def test_requisites_are_bounded_and_of_the_web():
    many = "".join(f"<img src={n}.png>" for n in range(1000))
    assert len(of_page(many.encode(), url=BASE)) == MOST
    assert of_page(b"<img src='file:///etc/passwd'><img src='ftp://x/a.png'>", url=BASE) == []
    assert of_page(b"", url=BASE) == []


def test_requisites_of_a_style():
    css = b"@import 'a.css'; @import url(b.css) screen; p{background:url( \"c.png\" )} /* @import 'no.css' */"
    assert [(one.url.rpartition("/")[2], one.style) for one in of_style(css, url=BASE)] == [
        ("a.css", True),
        ("b.css", True),
        ("c.png", False),
    ]


@pytest.mark.parametrize(
    "css", [b"/*" * 2_000_000, b"url(" * 1_000_000, b"@import " * 500_000, b"url(" + b" " * 4_000_000]
)
def test_a_style_made_to_be_slow_is_not(css):
    begun = time.process_time()
    of_style(css, url=BASE)
    assert time.process_time() - begun < 5


@pytest.mark.parametrize(
    ("written", "own"),
    [
        ("/a", "https://news.example/a"),
        ("https://www.news.example/a", "https://www.news.example/a"),
        ("https://other.example/a", None),
        ("/", None),
        ("https://news.example", None),
        ("http://[", None),
        ("", None),
    ],
)
def test_a_page_may_name_another_address_of_its_own_site(written, own):
    page = f"<head><link rel='Canonical' href='{written}'></head><p>x</p>".encode()
    assert canonical_of(page, url="https://news.example/a?print=1") == own
