import itertools
import json

import pytest

from licet.archive.collecting import submissions
from licet.archive.collecting.events import OUTCOMES, as_line
from licet.archive.collecting.sources import READERS, Source
from licet.errors import ArchiveError, BadValue
from tools.virtual import START, crawl

HTML = {"Content-Type": "text/html; charset=utf-8"}
XML = {"Content-Type": "application/rss+xml"}
DAY = 86400.0


def page(text="港口仓库完成盘点"):
    return (200, HTML, f"<h1>{text}</h1><p>{text}，账面与实物相符。</p>".encode())


def feed(*paths, host="news.example"):
    items = "".join(f"<item><title>{p}</title><link>https://{host}{p}</link></item>" for p in paths)
    return (200, XML, f"<rss version='2.0'><channel><title>t</title>{items}</channel></rss>".encode())


def outcomes(summary, name="news"):
    return summary.of(name)


def test_a_feed_is_read_and_its_pages_are_kept_with_what_the_source_says(kept, queue, web, sources):
    web.pages["https://news.example/feed"] = feed("/a", "/tech/b")
    web.pages |= {"https://news.example/a": page("一"), "https://news.example/tech/b": page("二")}
    one = sources.one(
        category="要闻", categories={"/tech/*": "科技"}, via="聚合站", zone="Asia/Shanghai", display="excerpt"
    )
    events = []
    summary, _ = crawl(kept, queue, sources(one), web, tell=events.append)
    assert outcomes(summary) == {"new": 2, "read": 1}
    assert {take.capture.url: take.category for take in kept.takes} == {
        "https://news.example/a": "要闻",
        "https://news.example/tech/b": "科技",
    }
    assert {(take.via, take.zone, take.display) for take in kept.takes} == {("聚合站", "Asia/Shanghai", "excerpt")}
    assert [path for _, _, path in web.asked] == ["/robots.txt", "/feed", "/a", "/tech/b"]
    visited = [json.loads(as_line(event)) for event in events if event.event == "visited"]
    assert [line["outcome"] for line in visited] == ["read", "new", "new"]
    assert visited[0]["links"] == 2
    assert visited[1]["next"] > visited[1]["at"]
    assert summary.plain()["news"]["links"] == 2


def test_a_category_of_the_feed_goes_before_that_of_the_source(kept, queue, web, sources):
    item = "<item><link>https://news.example/{n}</link>{category}</item>"
    items = item.format(n="a", category="<category>business</category>") + item.format(n="b", category="")
    web.pages["https://news.example/feed"] = (200, XML, f"<rss version='2.0'><channel>{items}</channel></rss>".encode())
    web.pages |= {f"https://news.example/{n}": page(n) for n in "ab"}
    crawl(kept, queue, sources(sources.one(category="要闻", categories={"business": "财经"})), web)
    assert [take.category for take in kept.takes] == ["财经", "要闻"]


def test_a_page_named_in_the_file_gets_its_category_by_its_address(kept, queue, web, sources):
    web.pages["https://news.example/tech/1"] = page()
    one = sources.one("page", "https://news.example/tech/1", category="要闻", categories={"/tech/*": "科技"})
    crawl(kept, queue, sources(one), web)
    assert [take.category for take in kept.takes] == ["科技"]


def test_an_address_that_becomes_another_kind_of_source_is_read_as_that_only(kept, queue, web, sources):
    web.pages["https://news.example/feed"] = feed("/a")
    web.pages["https://news.example/a"] = page()
    _, end = crawl(kept, queue, sources(sources.one()), web)
    summary, _ = crawl(kept, queue, sources(sources.one("list")), web, begin=end + DAY)
    assert sum(summary.of("news").values()) == 2  # the list, and the page that is due again


def test_a_slow_host_of_pictures_does_not_hold_a_page_for_ever(kept, queue, web, sources):
    def slow(request):
        web.takes = 30.0
        return (200, {"Content-Type": "image/png"}, b"\x89PNG")

    pictures = "".join(f"<img src=https://img.example/{n}.png>" for n in range(30))
    web.pages["https://news.example/a"] = (200, HTML, f"<h1>x</h1>{pictures}".encode())
    web.pages |= {f"https://img.example/{n}.png": slow for n in range(30)}
    _, end = crawl(kept, queue, sources(sources.one("page", "https://news.example/a", requisites=True)), web)
    assert end < 400
    assert 5 < len(kept.takes[0].requisites) < 15


def test_a_second_round_visits_nothing_that_is_not_due(kept, queue, web, sources):
    web.pages["https://news.example/feed"] = feed("/a")
    web.pages["https://news.example/a"] = page()
    made = sources(sources.one())
    _, end = crawl(kept, queue, made, web)
    asked = len(web.asked)
    summary, _ = crawl(kept, queue, made, web, begin=end + 1)
    assert (summary.visits, len(web.asked)) == (0, asked)


def test_never_two_requests_to_a_host_within_its_delay_and_other_hosts_do_not_wait(kept, queue, web, sources):
    hosts = [f"h{number}.example" for number in range(5)]
    for host in hosts:
        web.pages[f"https://{host}/feed"] = feed(*(f"/{n}" for n in range(20)), host=host)
        web.pages |= {f"https://{host}/{n}": page(f"{host}第{n}号") for n in range(20)}
    made = sources(*(sources.one(address=f"https://{host}/feed", name=host, delay=2.0) for host in hosts))
    _, end = crawl(kept, queue, made, web)
    assert len(kept.takes) == 100
    for host in hosts:
        assert min(web.gaps(host)) >= 2.0 + web.takes - 1e-6
        assert web.most_open[host] == 1
    assert end < 22 * 2.3  # as long as one host alone takes


def test_several_at_once_where_a_source_allows_it(kept, queue, web, sources):
    web.takes = 3.0
    web.pages["https://news.example/feed"] = feed(*(f"/{n}" for n in range(30)))
    web.pages |= {f"https://news.example/{n}": page(f"第{n}号") for n in range(30)}
    crawl(kept, queue, sources(sources.one(delay=0.5, concurrency=3)), web)
    assert len(kept.takes) == 30
    assert web.most_open["news.example"] == 3
    assert min(web.gaps("news.example")) >= 0.5 - 1e-6


def test_a_crawl_delay_is_heeded_within_reason(kept, queue, web, sources):
    web.pages["https://news.example/feed"] = feed("/a", "/b", "/c")
    web.pages |= {f"https://news.example/{n}": page(n) for n in "abc"}
    web.pages["https://news.example/robots.txt"] = (200, {}, b"User-agent: *\nCrawl-delay: 7\n")
    crawl(kept, queue, sources(sources.one()), web)
    assert min(web.gaps("news.example")[1:]) >= 7
    assert len(kept.takes) == 3


def test_a_week_of_crawling(kept, queue, web, sources):
    """A feed that brings a report every three hours and one that never changes: each gets the visits it deserves."""

    def busy(request):
        hours = int(runtime() // 3600)
        return feed(*(f"/n{number}" for number in range(max(0, hours // 3 - 10), hours // 3 + 1)), host="busy.example")

    runtime = lambda: web.asked[-1][0]  # noqa: E731
    web.pages["https://busy.example/feed"] = busy
    web.pages |= {f"https://busy.example/n{n}": page(f"第{n}号") for n in range(60)}
    web.pages["https://still.example/feed"] = feed("/only", host="still.example")
    web.pages["https://still.example/only"] = page("唯一")
    made = sources(
        sources.one(address="https://busy.example/feed", name="busy", every=900.0, most=DAY),
        sources.one(address="https://still.example/feed", name="still", every=900.0, most=DAY),
    )
    crawl(kept, queue, made, web, mode="on", until=7 * DAY)
    reads = {
        host: [t for t, h, p in web.asked if h == host and p == "/feed"] for host in ("busy.example", "still.example")
    }
    new = {take.capture.url for take in kept.takes if take.outcome == "new"}
    assert len(new) >= 50  # 57 came, the last of them may wait
    assert 70 < len(reads["busy.example"]) < 240
    assert len(reads["still.example"]) < 22
    last = list(itertools.pairwise(reads["still.example"]))[-1]
    assert last[1] - last[0] >= DAY
    assert min(web.gaps("busy.example")) >= 1.0 + web.takes - 1e-6


def test_what_has_not_changed_is_asked_for_with_a_condition(kept, queue, web, sources):
    tag = '"v1"'

    def conditional(body):
        def answer(request):
            if request.headers.get("if-none-match") == tag:
                return (304, {"ETag": tag}, b"")
            return (body[0], {**body[1], "ETag": tag, "Last-Modified": "Mon, 03 Mar 2025 07:00:00 GMT"}, body[2])

        return answer

    web.pages["https://news.example/feed"] = conditional(feed("/a"))
    web.pages["https://news.example/a"] = conditional(page())
    made = sources(sources.one(every=600.0, page_every=600.0))
    crawl(kept, queue, made, web, mode="on", until=3600)
    assert len(kept.takes) == 1
    assert len(kept.unchanged) >= 2
    assert kept.unchanged[0][0] == "https://news.example/a"


def test_a_failure_is_tried_again_and_given_up_in_the_end(kept, queue, web, sources):
    calls = itertools.count()
    web.pages["https://news.example/feed"] = feed("/a", "/b")
    web.pages["https://news.example/a"] = lambda _: (500, {}, b"") if next(calls) < 2 else page()
    web.pages["https://news.example/b"] = (500, {}, b"")
    summary, end = crawl(kept, queue, sources(sources.one()), web, mode="idle")
    assert outcomes(summary) == {"new": 1, "read": 1, "failed": 8}
    assert [path for _, _, path in web.asked].count("/b") == 6  # once, and five times more
    assert end > 60 * (1 + 2 + 4 + 8 + 16)
    again, _ = crawl(kept, queue, sources(sources.one()), web, begin=end + 1, mode="idle")
    assert again.reasons["news", "status"] == 0


def test_retry_after_holds_back_the_whole_host(kept, queue, web, sources):
    calls = itertools.count()
    web.pages["https://news.example/feed"] = feed("/a", "/b")
    web.pages["https://news.example/a"] = lambda _: (
        (429, {"Retry-After": "500"}, b"") if next(calls) < 1 else page("一")
    )
    web.pages["https://news.example/b"] = page("二")
    crawl(kept, queue, sources(sources.one()), web, mode="idle")
    times = {path: [t for t, _, p in web.asked if p == path] for path in ("/a", "/b")}
    assert times["/b"][0] - times["/a"][0] >= 500
    assert times["/a"][1] - times["/a"][0] >= 500
    assert len(kept.takes) == 2


@pytest.mark.parametrize(
    ("answer", "outcome", "reason"),
    [
        ((404, {}, b""), "gone", "gone"),
        ((410, {}, b""), "gone", "gone"),
        ((403, {}, b""), "failed", "status"),
        ((200, {"Content-Type": "video/mp4"}, b"x"), "refused", "type"),
        ((200, HTML, b""), "failed", "empty"),
        ((301, {"Location": "file:///etc/passwd"}, b""), "refused", "scheme"),
        ((301, {"Location": "/a"}, b""), "failed", "redirects"),
        ((200, {**HTML, "Content-Encoding": "br"}, b"x"), "refused", "encoding"),
    ],
)
def test_each_visit_ends_in_one_outcome(kept, queue, web, sources, answer, outcome, reason):  # noqa: PLR0913, PLR0917
    web.pages["https://news.example/feed"] = feed("/a")
    web.pages["https://news.example/a"] = answer
    summary, _ = crawl(kept, queue, sources(sources.one()), web)
    assert outcomes(summary) == {"read": 1, outcome: 1}
    assert summary.reasons == {("news", reason): 1}
    assert set(summary.of("news")) <= set(OUTCOMES)
    assert kept.takes == []


def test_robots_that_fail_stop_everything_and_those_that_are_not_there_nothing(kept, queue, web, sources):
    web.pages["https://news.example/feed"] = feed("/a")
    web.pages["https://news.example/a"] = page()
    web.pages["https://news.example/robots.txt"] = (500, {}, b"")
    summary, end = crawl(kept, queue, sources(sources.one()), web)
    assert outcomes(summary) == {"failed": 1}
    assert summary.reasons == {("news", "robots"): 1}
    assert [path for _, _, path in web.asked] == ["/robots.txt"]
    del web.pages["https://news.example/robots.txt"]
    crawl(kept, queue, sources(sources.one()), web, begin=end + 2 * 3600)
    assert len(kept.takes) == 1


def test_robots_are_read_again_after_a_day_and_not_before(kept, queue, web, sources):
    web.pages["https://news.example/feed"] = feed()
    made = sources(sources.one(every=3600.0, most=3600.0))
    crawl(kept, queue, made, web, mode="on", until=3 * DAY - 1)
    times = [time for time, _, path in web.asked if path == "/robots.txt"]
    assert len(times) == 3
    assert min(b - a for a, b in itertools.pairwise(times)) >= DAY


def test_a_calendar_without_end_ends(kept, queue, web, sources):
    def day(request):
        number = int(request.url.params["d"])
        links = "".join(f"<a href='/cal?d={number * 50 + n}'>{n}</a>" for n in range(50))
        return (200, HTML, f"{links}<a href='/a/{number}'>n</a>".encode())

    for number in range(3000):
        web.pages[f"https://news.example/cal?d={number}"] = day
    one = sources.one(
        "list", "https://news.example/cal?d=1", follow=("/a/*",), lists=("/cal?d=*",), max_pages=40, depth=3
    )
    summary, _ = crawl(kept, queue, sources(one), web)
    assert summary.visits <= 41
    rows = queue.rows("SELECT MAX(depth), COUNT(*) FROM entries")
    assert rows[0][0] <= 3
    assert rows[0][1] <= 11 * 40 + 1


def test_a_sitemap_index_leads_to_pages_newest_first(kept, queue, web, sources):
    xml = {"Content-Type": "application/xml"}
    space = "xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'"
    index = f"<sitemapindex {space}><sitemap><loc>https://news.example/s1.xml</loc></sitemap></sitemapindex>"
    entries = "".join(
        f"<url><loc>https://news.example/{n}</loc><lastmod>2025-03-0{n}</lastmod></url>" for n in (1, 3, 2)
    )
    web.pages["https://news.example/s.xml"] = (200, xml, index.encode())
    web.pages["https://news.example/s1.xml"] = (200, xml, f"<urlset {space}>{entries}</urlset>".encode())
    web.pages |= {f"https://news.example/{n}": page(str(n)) for n in (1, 2, 3)}
    crawl(kept, queue, sources(sources.one("sitemap", "https://news.example/s.xml")), web)
    assert [take.capture.url[-1] for take in kept.takes] == ["3", "2", "1"]


def test_redirects_and_requisites_come_with_the_page(kept, queue, web, sources):
    web.pages["https://news.example/feed"] = feed("/a")
    web.pages["https://news.example/a"] = (302, {"Location": "/b"}, b"")
    text = "<link rel=stylesheet href=/s.css><h1>盘点</h1><p>账面与实物相符。</p><img src=/p.png><img src=/gone.png>"
    web.pages["https://news.example/b"] = (200, HTML, text.encode())
    web.pages["https://news.example/s.css"] = (
        200,
        {"Content-Type": "text/css"},
        b"@import '/t.css'; b{background:url(q.png)}",
    )
    web.pages["https://news.example/t.css"] = (200, {"Content-Type": "text/css"}, b"p{color:red}")
    web.pages |= {f"https://news.example/{n}.png": (200, {"Content-Type": "image/png"}, b"\x89PNG") for n in "pq"}
    crawl(kept, queue, sources(sources.one(requisites=True)), web)
    (take,) = kept.takes
    assert take.capture.url == "https://news.example/b"
    assert [one.url.rpartition("/")[2] for one in take.requisites] == ["a", "s.css", "p.png", "t.css", "q.png"]
    assert min(web.gaps("news.example")) >= 1.0


def test_a_requisite_of_many_pages_is_fetched_once(kept, queue, web, sources):
    web.pages["https://news.example/feed"] = feed("/a", "/b")
    for name in "ab":
        web.pages[f"https://news.example/{name}"] = (200, HTML, f"<h1>{name}</h1><img src=/logo.png>".encode())
    web.pages["https://news.example/logo.png"] = (200, {"Content-Type": "image/png"}, b"\x89PNG")
    crawl(kept, queue, sources(sources.one(requisites=True)), web)
    assert [path for _, _, path in web.asked].count("/logo.png") == 1
    first, second = kept.takes
    assert [one.url for one in first.requisites] == list(second.shared) == ["https://news.example/logo.png"]


def test_what_readers_submit_is_fetched_by_the_next_crawl(kept, queue, web, sources, tmp_path):
    web.pages["https://other.example/x"] = page()
    assert submissions.submit(tmp_path / "archive", "https://other.example/x", at=START, sender="a").state == "waiting"
    readers = Source(name=READERS, kind="page", addresses=(), display="link", requisites=False)
    summary, _ = crawl(kept, queue, sources(sources.one(), readers=readers), web)
    assert summary.of(READERS) == {"new": 1}
    assert kept.takes[0].display == "link"
    assert submissions.submit(tmp_path / "archive", "https://other.example/x", at=START, sender="a").state == "known"


def test_only_the_named_sources_and_no_more_than_the_limit(kept, queue, web, sources):
    for host in ("a.example", "b.example"):
        web.pages[f"https://{host}/feed"] = feed("/1", "/2", host=host)
        web.pages |= {f"https://{host}/{n}": page(f"{host}{n}") for n in (1, 2)}
    made = sources(*(sources.one(address=f"https://{n}.example/feed", name=n) for n in "ab"))
    summary, end = crawl(kept, queue, made, web, only=("a",), limit=2)
    assert summary.visits == 2
    assert {host for _, host, _ in web.asked} == {"a.example"}
    crawl(kept, queue, made, web, begin=end)
    assert len(kept.takes) == 4
    with pytest.raises(BadValue, match="no source is called"):
        crawl(kept, queue, made, web, only=("c",))


def test_a_source_that_left_the_file_is_visited_no_more(kept, queue, web, sources):
    web.pages["https://news.example/feed"] = feed("/a")
    web.pages["https://news.example/new"] = feed("/a")
    web.pages["https://news.example/a"] = page()
    _, end = crawl(kept, queue, sources(sources.one()), web)
    web.asked.clear()
    crawl(kept, queue, sources(sources.one(address="https://news.example/new")), web, begin=end + DAY)
    assert "/new" in [path for _, _, path in web.asked]
    assert "/feed" not in [path for _, _, path in web.asked]


def test_a_full_disk_ends_the_crawl_and_leaves_nothing_leased(kept, queue, web, sources):
    def full(*_, **__):
        raise ArchiveError("the archive could not be written", fix="free some space")

    web.pages["https://news.example/feed"] = feed("/a")
    web.pages["https://news.example/a"] = page()
    take, kept.take = kept.take, full
    with pytest.raises(ArchiveError, match="could not be written"):
        crawl(kept, queue, sources(sources.one()), web)
    assert queue.orphans() == []
    kept.take = take
    crawl(kept, queue, sources(sources.one()), web, begin=100)
    assert len(kept.takes) == 1


def test_what_a_dead_run_had_stored_is_not_fetched_again(kept, queue, web, sources):
    web.pages["https://news.example/feed"] = feed("/a", "/b")
    web.pages |= {f"https://news.example/{n}": page(n) for n in "ab"}
    done = queue.done

    def dies(entry, result, **rest):
        if entry.role == "page":
            raise KeyboardInterrupt
        return done(entry, result, **rest)

    queue.done = dies
    release, queue.release = queue.release, lambda entry: None
    with pytest.raises(KeyboardInterrupt):
        crawl(kept, queue, sources(sources.one()), web)
    queue.done, queue.release = done, release
    assert len(queue.orphans()) == 1
    summary, _ = crawl(kept, queue, sources(sources.one()), web, begin=100)
    assert summary.of("news") == {"new": 1, "resumed": 1}
    assert [path for _, _, path in web.asked].count("/a") == 1
    assert len(kept.takes) == 2


def test_a_page_that_names_another_as_its_own_is_watched_there_only(kept, queue, web, sources):
    web.pages["https://news.example/feed"] = feed("/a", "/a?print=1")
    head = b"<head><link rel=canonical href='https://news.example/a'></head><h1>x</h1>"
    web.pages |= {f"https://news.example/a{end}": (200, HTML, head) for end in ("", "?print=1")}
    crawl(kept, queue, sources(sources.one()), web)
    due = dict(queue.rows("SELECT url, due_at FROM entries WHERE role = 'page'"))
    assert due["https://news.example/a?print=1"] is None
    assert due["https://news.example/a"] is not None
