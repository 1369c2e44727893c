import contextlib
import datetime as dt
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from licet.archive.replaying import addresses, memento
from licet.archive.replaying.moments import header_date, read_date, read_stamp, stamp
from licet.errors import BadValue

URL = "https://news.example/a?x=1,2&y=<港>"
WRITTEN = "https://news.example/a?x=1,2&y=%3C%E6%B8%AF%3E"
ROOT = "https://desk.example"
START = dt.datetime(2025, 3, 1, 9, 30, 5, tzinfo=dt.UTC)
MOMENTS = st.datetimes(dt.datetime(1990, 1, 1), dt.datetime(2199, 1, 1), timezones=st.just(dt.UTC))  # noqa: DTZ001


def hours(count):
    return [START + dt.timedelta(hours=number) for number in range(count)]


@pytest.mark.parametrize(
    "text",
    [
        "Sat, 01 Mar 2025 09:30:05 GMT",
        " Sat, 01 Mar 2025 09:30:05 GMT ",
        "Saturday, 01-Mar-25 09:30:05 GMT",
        "Sat Mar  1 09:30:05 2025",
        "Sat, 01 Mar 2025 17:30:05 +0800",
        "01 Mar 2025 09:30:05 GMT",
        "2025-03-01T09:30:05Z",
        "2025-03-01 17:30:05+08:00",
    ],
)
def test_the_wanted_time_is_read_with_tolerance(text):
    assert read_date(text) == START


@pytest.mark.parametrize("text", ["", "yesterday", "2025", "20250301", "Sat, 99 Mar 2025 09:30:05 GMT", "x" * 500, "١"])
def test_what_is_no_time_is_refused(text):
    with pytest.raises(BadValue):
        read_date(text)


@given(st.text(max_size=60))
def test_no_header_breaks_the_reading(text):
    with contextlib.suppress(BadValue):
        assert read_date(text).tzinfo is not None


@given(MOMENTS)
def test_moments_come_back_from_headers_and_addresses(moment):
    moment = moment.replace(microsecond=0)
    assert read_date(header_date(moment)) == moment
    assert read_stamp(stamp(moment)) == moment


@pytest.mark.parametrize(
    ("text", "moment"),
    [("2025", "2025-01-01T00:00:00"), ("202503", "2025-03-01T00:00:00"), ("2025030109", "2025-03-01T09:00:00")],
)
def test_a_short_stamp_means_its_beginning(text, moment):
    assert read_stamp(text).isoformat() == moment + "+00:00"


@pytest.mark.parametrize("text", ["20251301", "20250230", "20250301250000", "0000", "２０２５"])
def test_a_stamp_that_is_no_moment_is_refused(text):
    with pytest.raises(BadValue):
        read_stamp(text)


@given(st.lists(MOMENTS, min_size=1, max_size=30), MOMENTS)
def test_the_nearest_capture_is_the_nearest(moments, wanted):
    moments.sort()
    chosen = moments[memento.nearest(moments, wanted)]
    assert abs(chosen - wanted) == min(abs(moment - wanted) for moment in moments)


def test_without_a_time_the_latest_and_of_two_equally_near_the_earlier():
    moments = hours(3)
    assert memento.nearest(moments, None) == 2
    assert memento.nearest(moments, START + dt.timedelta(minutes=30)) == 0
    assert memento.nearest(moments, START - dt.timedelta(days=900)) == 0
    assert memento.nearest(moments, START + dt.timedelta(days=900)) == 2


LINK = re.compile(r'<([^<>"]*)>((?:; [a-z]+="[^"]*")+)')


def parsed(text):
    found = LINK.findall(text)
    rest = LINK.sub("", text)
    assert set(rest) <= set(", \n"), f"not link format: {rest!r}"
    return [(target, dict(re.findall(r'([a-z]+)="([^"]*)"', rest))) for target, rest in found]


@pytest.mark.parametrize(
    ("count", "here", "relations"),
    [
        (1, 0, ["first last memento"]),
        (2, 0, ["first memento", "last next memento"]),
        (2, 1, ["first prev memento", "last memento"]),
        (5, 2, ["first memento", "prev memento", "memento", "next memento", "last memento"]),
        (5, None, ["first memento", "last memento"]),
        (0, None, []),
    ],
)
def test_a_memento_links_to_its_neighbors(count, here, relations):
    links = parsed(memento.links(URL, hours(count), here, ROOT))
    assert [link["rel"] for _, link in links] == ["original", "timegate", "timemap", *relations]
    assert links[0][0] == WRITTEN
    assert links[1][0] == f"{ROOT}/news/timegate/{WRITTEN}"
    assert links[2][0] == f"{ROOT}/news/timemap/link/{WRITTEN}"
    for target, link in links[3:]:
        assert stamp(read_date(link["datetime"])) in target


def test_a_timemap_lists_every_capture():
    links = parsed(memento.timemap_text(URL, hours(3), ROOT))
    assert [link["rel"] for _, link in links] == [
        "original",
        "timegate",
        "self",
        "first memento",
        "memento",
        "last memento",
    ]
    assert links[2][1]["type"] == "application/link-format"
    assert (links[2][1]["from"], links[2][1]["until"]) == (header_date(START), links[-1][1]["datetime"])
    assert links[3][0] == f"{ROOT}/news/replay/20250301093005/{WRITTEN}"


def test_a_long_timemap_has_pages_that_together_list_all(monkeypatch):
    monkeypatch.setattr(memento, "PAGE", 4)
    moments = hours(10)
    seen = []
    for page in (1, 2, 3):
        links = parsed(memento.timemap_text(URL, moments, ROOT, page))
        seen += [read_date(link["datetime"]) for _, link in links if "memento" in link["rel"]]
        others = [target for target, link in links if link["rel"] == "timemap"]
        expected = {1: ["2/"], 2: ["", "3/"], 3: ["2/"]}[page]
        assert others == [f"{ROOT}/news/timemap/link/{part}{WRITTEN}" for part in expected]
    assert seen == moments
    assert memento.pages_of(10) == 3
    data = memento.timemap_data(URL, moments, ROOT, 2)
    assert next(item["datetime"] for item in data["mementos"]["list"]) == "2025-03-01T13:30:05Z"
    assert len(data["timemap_index"]) == 3


def test_a_timemap_as_json():
    data = memento.timemap_data(URL, hours(2), ROOT)
    assert data["original_uri"] == URL
    assert data["timegate_uri"] == f"{ROOT}/news/timegate/{WRITTEN}"
    assert data["mementos"]["first"] == data["mementos"]["list"][0]
    assert data["mementos"]["last"]["uri"].endswith(f"20250301103005/{WRITTEN}")
    assert "timemap_index" not in data


@pytest.mark.parametrize(
    ("rest", "asked"),
    [
        ("20250301093005/https://a.example/x", ("20250301093005", "", "https://a.example/x")),
        ("2025id_/http://a.example", ("2025", "id_", "http://a.example")),
        ("20250301mp_/https:/a.example/x", ("20250301", "mp_", "https://a.example/x")),
        ("20250301im_/a.example/x.png?y=//z", ("20250301", "im_", "http://a.example/x.png?y=//z")),
    ],
)
def test_addresses_of_replay_are_those_of_other_archives(rest, asked):
    assert addresses.read(rest) == asked


@pytest.mark.parametrize(
    "rest", ["", "x", "123/https://a", "20250301xx_/https://a/", "2025/", "2025/https://a/ b", "2025/" + "x" * 9000]
)
def test_what_is_no_address_of_replay_is_refused(rest):
    with pytest.raises(BadValue):
        addresses.read(rest)


@given(st.text(st.characters(min_codepoint=33, exclude_characters="\x7f", exclude_categories=["Cs", "Z", "Cc"])))
def test_a_written_address_fits_a_header_a_path_and_an_attribute(tail):
    path = addresses.replay(f"https://a.example/{tail}", "20250301093005", "id_")
    assert path.isascii()
    assert not set(path) & set("<>\"'`()\\#{}| \n")
