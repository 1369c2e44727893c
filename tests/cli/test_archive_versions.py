import datetime as dt
import json

import feedparser
import pytest
from lxml import etree
from typer.testing import CliRunner

from licet.archive import Archive
from licet.cli import app

AT = dt.datetime(2025, 3, 1, 9, 0, tzinfo=dt.UTC)
PAGE = """<!doctype html><html lang="zh"><head><meta charset="utf-8"><title>{title}</title></head><body><article>
<h1>{title}</h1><p>来源：晨港财经 2025-03-01 16:00:00</p><p>{first}</p>
<p>船公司已收到通知，部分船只将改靠五号码头；拖车预约系统同步调整时段，货主可在网上查询新的提箱时间。</p>
<p>管理处表示，检修期间夜间作业照常进行，渡轮航线不受影响，周边道路将增派人员疏导交通。</p></article></body></html>"""


@pytest.fixture
def identity(licet_home):
    found = ""
    for number, day in enumerate("二三"):
        path = licet_home / f"{number}.html"
        first = f"港口管理处周{day}宣布，三号码头自三月一日起关闭，进行岸桥检修，预计影响六艘集装箱船的靠泊计划。"
        path.write_text(PAGE.format(title=f"港口周{day}关闭", first=first), encoding="utf-8")
        with Archive.open(licet_home) as archive:
            at = AT + dt.timedelta(days=number)
            found = archive.add_file(path, at=at, url="https://harbor.example/1", category="财经").id
    return found


def run(*arguments):
    return CliRunner().invoke(app, ["archive", *arguments])


def test_the_versions_of_an_article_and_what_changed(identity):
    plain = run("versions", identity, "--lang", "zh")
    assert plain.exit_code == 0, plain.output
    assert "第1版" in plain.output
    assert "[-" not in plain.output
    shown = run("versions", identity, "--diff").output
    assert "港口周[-二-]{+三+}关闭" in shown
    found = json.loads(run("versions", identity, "--diff", "--json").stdout)
    assert [version["version"] for version in found["versions"]] == [1, 2]
    assert found["versions"][1]["change"]["fields"][0]["field"] == "title"
    assert run("versions", "nothing").exit_code != 0


@pytest.mark.parametrize(("form", "version"), [("atom", "atom10"), ("rss", "rss20"), ("json", "json11")])
def test_a_feed_of_a_category(identity, form, version):
    output = run("feed", "--category", "财经", "--format", form, "--root", "https://desk.example").stdout
    if form == "json":
        assert [item["title"] for item in json.loads(output)["items"]] == ["港口周三关闭"]
        return
    found = feedparser.parse(output)
    assert (found.bozo, found.version) == (False, version)
    assert [entry.link for entry in found.entries] == [f"https://desk.example/news/{identity}"]


def test_a_feed_of_a_search_and_what_is_none(identity):
    assert len(feedparser.parse(run("feed", "--query", "岸桥").stdout).entries) == 1
    assert feedparser.parse(run("feed", "--query", "zeppelin").stdout).entries == []
    for wrong in (["--format", "pdf"], ["--root", "ftp://x"], ["--in", "fr"]):
        assert run("feed", *wrong).exit_code != 0


def test_the_list_of_feeds(identity):
    root = etree.fromstring(run("opml", "--at", "2025-03-01", "--lang", "zh").stdout.encode())
    assert root.xpath("//outline/@text") == ["全部资讯", "财经"]
    assert len(json.loads(run("opml", "--json").stdout)["feeds"]) == 2
    assert run("opml", "--at", "x").exit_code != 0
