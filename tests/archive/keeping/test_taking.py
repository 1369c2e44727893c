"""What becomes of a capture: a snapshot, a version, the same text, the same bytes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from licet.archive import Archive, Take
from licet.archive.capture import Capture, Exchange
from licet.errors import BadValue, NoSuchSnapshot, NotExtractable, TakenDown
from licet.journal import Journal

AT = datetime(2025, 2, 28, 9, 45, 5, tzinfo=UTC)
URL = "https://news.example/port/1"


def exchange(status="200 OK", content_type="text/html; charset=utf-8"):
    return Exchange(
        address="203.0.113.9",
        request_line="GET /port/1 HTTP/1.1",
        request_headers=[("Host", "news.example"), ("User-Agent", "Licet")],
        status_line=f"HTTP/1.1 {status}",
        response_headers=[("Content-Type", content_type), ("Server", "harbor")],
    )


def page(text, *, url=URL, head="", note=""):
    body = f"<p>{text},账面数量与实物数量完全相符。</p><p>盘点小组表示,下一步将推广到其他港口。</p>"
    data = (
        f"<html><head><meta charset=utf-8>{head}</head><body><h1>东港仓库盘点</h1>{body}<!-- {note} --></body></html>"
    )
    return Capture(
        payload=data.encode(), content_type="text/html; charset=utf-8", url=url, captured_from=url, exchange=exchange()
    )


def picture(url="https://news.example/a.png", data=b"\x89PNG harbor"):
    return Capture(
        payload=data, content_type="image/png", url=url, captured_from=url, exchange=exchange(content_type="image/png")
    )


def later(hours):
    return AT + timedelta(hours=hours)


def test_a_changed_text_is_a_version_and_lists_show_the_latest(archive):
    first = archive.take(page("东港仓库完成了年度盘点"), at=AT, category="港口", zone="Asia/Shanghai")
    second = archive.take(page("东港仓库完成了年度盘点,更正:共二十五个库区"), at=later(1))
    assert (first.outcome, second.outcome) == ("new", "version")
    assert (first.snapshot.version, second.snapshot.version) == (1, 2)
    assert first.snapshot.item == second.snapshot.item == URL
    assert first.snapshot.zone == "Asia/Shanghai"
    assert [s.id for s in archive.versions(first.snapshot.id)] == [first.snapshot.id, second.snapshot.id]
    assert [s.id for s in archive.recent(10)] == [second.snapshot.id]
    assert [hit.snapshot.id for hit in archive.search("盘点").hits] == [second.snapshot.id]
    assert archive.by_address(URL + "#top").id == second.snapshot.id
    assert archive.snapshot(first.snapshot.id).id == first.snapshot.id
    assert archive.verify() == []


def test_an_older_capture_that_comes_later_is_an_earlier_version(archive):
    new = archive.take(page("东港仓库完成了年度盘点,更正"), at=later(5))
    assert [hit.snapshot.id for hit in archive.search("盘点").hits] == [new.snapshot.id]
    old = archive.take(page("东港仓库完成了年度盘点"), at=AT)
    assert [(s.id, s.version) for s in archive.versions(new.snapshot.id)] == [
        (old.snapshot.id, 1),
        (new.snapshot.id, 2),
    ]
    assert [hit.snapshot.id for hit in archive.search("盘点").hits] == [new.snapshot.id]


def test_other_bytes_with_the_same_text_are_kept_with_the_snapshot_that_is_there(archive):
    first = archive.take(page("东港仓库完成了年度盘点"), at=AT)
    again = archive.take(page("东港仓库完成了年度盘点", note="counter 2"), at=later(1))
    assert (again.outcome, again.snapshot.id) == ("same text", first.snapshot.id)
    one, two = archive.captures_of(URL)
    assert (one.snapshot, two.snapshot) == (first.snapshot.id, first.snapshot.id)
    assert one.digest != two.digest
    assert b"counter 2" in archive.payload(two.capture).body
    assert archive.count() == 1
    assert archive.verify() == []


def test_a_text_that_comes_back_is_no_new_version_and_is_shown_again(archive):
    first = archive.take(page("东港仓库完成了年度盘点"), at=AT)
    archive.take(page("东港仓库完成了年度盘点,更正"), at=later(1))
    back = archive.take(page("东港仓库完成了年度盘点"), at=later(2))
    assert (back.outcome, back.snapshot.id) == ("same bytes", first.snapshot.id)
    assert archive.by_address(URL).id == first.snapshot.id
    assert [hit.snapshot.id for hit in archive.search("盘点").hits] == [first.snapshot.id]


def test_visits_are_kept_in_order(archive):
    taken = archive.take(page("东港仓库完成了年度盘点"), at=AT)
    archive.take(page("东港仓库完成了年度盘点"), at=later(1))
    archive.not_modified(URL, at=later(2), exchange=exchange("304 Not Modified"))
    visits = archive.captures_of(URL + "?utm_source=feed")
    assert [(v.at, v.visit, v.status, v.snapshot) for v in visits] == [
        (AT, "capture", 200, taken.snapshot.id),
        (later(1), "same bytes", 200, taken.snapshot.id),
        (later(2), "not modified", 304, taken.snapshot.id),
    ]
    assert len({v.capture for v in visits}) == 1
    assert archive.verify() == []


def test_the_same_visit_again_changes_nothing(archive, tmp_path):
    for _ in range(2):
        archive.take(page("东港仓库完成了年度盘点"), at=AT)
        archive.take(page("东港仓库完成了年度盘点"), at=later(1))
    assert len(archive.captures_of(URL)) == 2
    kinds = [entry.kind for entry in Journal.open(tmp_path / "home").entries()]
    assert kinds == ["captured", "extracted", "revisited"]


def test_not_modified_wants_a_capture(archive):
    with pytest.raises(NoSuchSnapshot):
        archive.not_modified(URL, at=AT, exchange=exchange("304 Not Modified"))


def test_requisites_stand_beside_the_page(archive):
    archive.take(page("东港仓库完成了年度盘点"), at=AT, requisites=[picture()])
    (found,) = archive.captures_of("https://news.example/a.png")
    assert (found.kind, found.snapshot, found.content_type) == ("requisite", None, "image/png")
    assert archive.payload(found.capture).body == b"\x89PNG harbor"
    assert archive.payload(found.capture).status_line == "HTTP/1.1 200 OK"
    archive.take(page("西港仓库完成了年度盘点", url=URL + "2"), at=later(1), requisites=[picture()])
    assert [v.visit for v in archive.captures_of("https://news.example/a.png")] == ["capture", "same bytes"]
    assert archive.verify() == []


def test_what_is_kept_for_another_page_is_a_requisite_of_this_one_too(archive, tmp_path):
    first = archive.take(page("东港仓库完成了年度盘点"), at=AT, requisites=[picture()]).snapshot
    other = page("西港仓库完成了年度盘点", url=URL + "2")
    archive.take(other, at=later(1), shared=[picture().url, URL + "/never-captured.png"])
    who = {"name": "Reading desk", "contact": "desk@reader.example"}
    case = archive.takedowns.request(first.id, ground="privacy", text="the picture", at=later(2), **who)
    archive.takedowns.grant(case.reference, by="reviewer", at=later(3))
    assert [one.kind for one in archive.captures_of(picture().url)] == ["requisite"]
    assert archive.verify() == []


def test_what_was_a_requisite_can_become_a_page(archive):
    archive.take(page("东港仓库完成了年度盘点"), at=AT, requisites=[page("附页:东港仓库的库区表", url=URL + "/t")])
    taken = archive.take(page("附页:东港仓库的库区表", url=URL + "/t"), at=later(1))
    assert taken.outcome == "new"
    assert archive.raw(taken.snapshot.id)[1]
    assert {v.snapshot for v in archive.captures_of(URL + "/t")} == {taken.snapshot.id}
    assert archive.verify() == []


def test_many_at_once_each_with_its_own_answer(archive):
    takes = [Take(capture=page(f"第{n}号仓库完成了年度盘点", url=f"{URL}/{n}"), at=later(n)) for n in range(5)]
    empty = Capture(payload=b"<html></html>", content_type="text/html", url=URL, captured_from=URL)
    takes.insert(2, Take(capture=empty, at=AT))
    results = archive.take_many(takes)
    assert isinstance(results[2], NotExtractable)
    assert [r.outcome for r in results if r is not results[2]] == ["new"] * 5
    assert (archive.count(), archive.verify()) == (5, [])


@pytest.mark.parametrize(
    ("head", "item"),
    [
        ("<link rel='canonical' href='https://news.example/port/one'>", "https://news.example/port/one"),
        ('<link href="/port/one?utm_source=x" rel=canonical>', "https://news.example/port/one"),
        ("<link rel=canonical href=https://m.news.example/port/1>", "https://m.news.example/port/1"),
        ("<link rel=canonical href=https://other.example/port/1>", URL),
        ("<link rel=canonical href=https://news.example/>", URL),
        ("<link rel=canonical href='javascript:alert(1)'>", URL),
        ("<link rel=canonical href='http://[bad'>", URL),
        ("<link rel=icon href=/i.png>", URL),
    ],
)
def test_a_page_may_name_its_own_canonical_address(archive, head, item):
    assert archive.take(page("东港仓库完成了年度盘点", head=head), at=AT).snapshot.item == item


def test_two_addresses_of_one_article_are_one_item(archive):
    head = f"<link rel=canonical href={URL}>"
    one = archive.take(page("东港仓库完成了年度盘点", head=head), at=AT)
    two = archive.take(page("东港仓库完成了年度盘点", head=head, url="https://m.news.example/p?id=1"), at=later(1))
    assert (two.outcome, two.snapshot.id) == ("same text", one.snapshot.id)
    assert archive.by_address("https://m.news.example/p?id=1").id == one.snapshot.id


def test_what_is_hidden_comes_out_of_nothing(archive):
    first = archive.take(page("东港仓库完成了年度盘点"), at=AT, category="港口", requisites=[picture()]).snapshot
    second = archive.take(page("东港仓库完成了年度盘点,更正"), at=later(1), category="港口").snapshot
    number = archive.captures_of(URL)[1].capture
    with archive._catalogue.writing():
        archive._catalogue.set_state(second.id, "hidden", ground="rights", at="2025-03-01T00:00:00Z")
    for ask in (archive.snapshot, archive.raw, archive.related, archive.versions, archive.readings):
        with pytest.raises(TakenDown) as refused:
            ask(second.id)
    assert (refused.value.ground, refused.value.at, refused.value.digest) == (
        "rights",
        "2025-03-01T00:00:00Z",
        second.digest,
    )
    with pytest.raises(TakenDown):
        archive.payload(number)
    assert [s.id for s in archive.recent(9)] == [first.id]
    assert [hit.snapshot.id for hit in archive.search("盘点").hits] == [first.id]
    assert [m.snapshot for m in archive.captures_of(URL)] == [first.id]
    assert [s.id for s in archive.versions(first.id)] == [first.id]
    with archive._catalogue.writing():
        archive._catalogue.set_state(first.id, "hidden")
    assert (archive.recent(9), archive.search("盘点").hits, archive.categories()) == ([], [], [])
    assert (archive.captures_of(URL), archive.captures_of("https://news.example/a.png")) == ([], [])
    assert (archive.by_address(URL), archive.count()) == (None, 0)
    again = archive.take(page("东港仓库完成了年度盘点", note="crawled again"), at=later(9))
    assert (again.outcome, again.snapshot.state) == ("same text", "hidden")
    with archive._catalogue.writing():
        archive._catalogue.set_state(second.id, "public")
    assert [hit.snapshot.id for hit in archive.search("盘点").hits] == [second.id]


def test_what_was_erased_is_not_taken_in_again(archive):
    taken = archive.take(page("东港仓库完成了年度盘点"), at=AT).snapshot
    with archive._catalogue.writing():
        archive._catalogue.set_state(taken.id, "erased", ground="privacy", at="2025-03-01T00:00:00Z")
    for note in ("", "crawled again"):
        with pytest.raises(TakenDown):
            archive.take(page("东港仓库完成了年度盘点", note=note), at=later(1))


@pytest.mark.parametrize(
    "wrong",
    [
        {"zone": "a\nb"},
        {"category": "a\rb"},
        {"requisites": [picture()] * 501},
        {"requisites": [picture(url="ftp://news.example/a.png")]},
    ],
)
def test_what_cannot_be_kept_is_refused(archive, wrong):
    with pytest.raises(BadValue):
        archive.take(page("东港仓库完成了年度盘点"), at=AT, **wrong)
    assert archive.count() == 0


def test_a_newer_extractor_keeps_the_older_reading(archive, monkeypatch, tmp_path):
    taken = archive.take(page("东港仓库完成了年度盘点"), at=AT).snapshot
    assert archive.process() == 1
    assert archive.readings(taken.id) == []
    monkeypatch.setattr("licet.archive.extraction.reading.EXTRACTOR", "licet-next")
    archive.process(at=later(3))
    (older,) = archive.readings(taken.id)
    assert (older.extractor, older.article) == (taken.extracted_with, taken.article)
    assert archive.snapshot(taken.id).extracted_with == "licet-next"
    assert archive.verify() == []
    last = list(Journal.open(tmp_path / "home").entries())[-1]
    assert (last.kind, last.time, last.payload["extractor"]) == ("extracted", "2025-02-28T12:45:05Z", "licet-next")


def test_the_ledger_may_write_between_a_crash_and_the_next_start(tmp_path, monkeypatch):
    home = tmp_path / "home"
    with monkeypatch.context() as patched:
        patched.setattr(
            "licet.archive.keeping.outbox.Outbox.reached", lambda *_: (_ for _ in ()).throw(OSError("power is out"))
        )
        with pytest.raises(OSError, match="power is out"), Archive.open(home) as archive:
            archive.take(page("东港仓库完成了年度盘点"), at=AT)
    journal = Journal.open(home)
    for number in range(40):
        journal.append("reserved", {"note": number, "amount": 1}, time="2025-03-01T00:00:00Z")
    with Archive.open(home) as archive:
        assert archive.verify() == []
    kinds = [entry.kind for entry in journal.entries()]
    assert [kind for kind in kinds if kind != "reserved"] == ["captured", "extracted"]
