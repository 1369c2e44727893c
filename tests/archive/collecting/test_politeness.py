from hypothesis import given, settings
from hypothesis import strategies as st

from licet.archive.collecting.politeness import Pace
from licet.archive.collecting.queue import Queue
from licet.archive.collecting.sources import Duration, Source, Sources
from tools.virtual import Web, crawl

HTML = {"Content-Type": "text/html"}
hosts = st.sampled_from(["a.example", "b.example", "c.example"])
answers = st.one_of(
    st.just((200, HTML, "<h1>x</h1><img src='https://{host}/p.png'>")),
    st.just(
        (200, HTML, "<h1>y</h1><img src='https://b.example/q.png'><link rel=stylesheet href='https://a.example/s.css'>")
    ),
    st.just((302, {"Location": "https://a.example/0"}, "")),
    st.just((302, {"Location": "https://b.example/1"}, "")),
    st.just((404, {}, "")),
    st.just((500, {}, "")),
    st.just((503, {"Retry-After": "30"}, "")),
)


class Nothing:
    """An archive that keeps nothing."""

    def take(self, capture, **_):
        class Taken:
            outcome = "new"
            snapshot = type("S", (), {"id": "x"})

        return Taken

    def not_modified(self, *_, **__):
        raise AssertionError

    def captures_of(self, _):
        return []


@settings(max_examples=25, deadline=None)
@given(
    st.dictionaries(st.tuples(hosts, st.integers(0, 5)), answers, min_size=1, max_size=14),
    st.sampled_from([0.5, 1.0, 3.0]),
    st.integers(1, 3),
    st.sampled_from([0.01, 0.7, 4.0]),
)
def test_whatever_hosts_answer_their_pace_is_kept(tmp_path_factory, pages, delay, concurrency, takes):
    web = Web()
    web.takes = takes
    for (host, number), (status, headers, body) in pages.items():
        web.pages[f"https://{host}/{number}"] = (status, headers, body.replace("{host}", host).encode())
    source = Source(
        name="all",
        kind="page",
        addresses=tuple(f"https://{host}/{number}" for host, number in pages),
        delay=Duration(delay),
        concurrency=concurrency,
    )
    with Queue(tmp_path_factory.mktemp("queue")) as queue:
        summary, _ = crawl(Nothing(), queue, Sources(sources=(source,)), web)
        assert queue.orphans() == []
    assert summary.visits == len(pages)
    for host in {asked for _, asked, _ in web.asked}:
        least = delay + takes if concurrency == 1 else delay
        assert min(web.gaps(host), default=1e9) >= least - 1e-6
        assert web.most_open[host] <= concurrency


def test_a_pace_slows_down_for_a_crawl_delay_and_never_speeds_up():
    pace = Pace(2.0, 4)
    assert pace.slowed(None) == pace
    assert pace.slowed(1.0) == pace
    assert pace.slowed(10.0) == Pace(10.0, 1)
    assert pace.slowed(86400.0) == Pace(60.0, 1)
