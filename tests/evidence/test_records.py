import datetime as dt
import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from licet import statutes
from licet.archive import Archive
from licet.decisions import Query
from licet.errors import BadFile
from licet.evidence import records
from licet.evidence.checking import RECORDED, Held, check_record
from licet.evidence.records import Question
from licet.journal import Journal
from licet.statutes.editions import Editions
from tools.corrected_law import corrected

SWISS = Question({"chip": "h100-sxm", "quantity": "2000", "destination": "CH"}, "2025-06-02", basis="written")
AT = "2026-11-22T09:00:00+00:00"


@pytest.fixture(scope="module")
def law():
    return statutes.load()


@pytest.fixture(scope="module")
def held(law):
    return Held(law)


@pytest.fixture(scope="module")
def record(law):
    return records.make_record(law, SWISS)


@pytest.fixture(scope="module")
def data(record):
    return records.written(record)


def places_of(report):
    return {finding.where for finding in report.findings}


def resealed(record, **changes):
    """The record as a forger writes it: changed, and every digest made anew."""
    return records.written(records.sealed({**record, **changes}))


def test_a_record_holds_and_says_what_was_decided(held, record, data):
    assert check_record(data, held).findings == ()
    assert record["verdict"]["outcome"] == "license_required"
    assert record["verdict"]["allocation_tpp"] == 31664000
    assert record["facts"]["tpp"] == 15832
    assert record["trace"]["lpp"] is False
    assert {clause["clause"] for clause in record["clauses"]} == {c["clause"] for c in record["verdict"]["citations"]}
    assert all(source["url"] for act in record["evidence"] for source in act["sources"])


def test_the_same_question_makes_the_same_record(law, data):
    assert records.written(records.make_record(law, SWISS)) == data


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(choice=st.data())
def test_any_altered_byte_is_named(held, data, choice):
    at = choice.draw(st.integers(0, len(data) - 1))
    value = choice.draw(st.integers(0, 255).filter(lambda value: value != data[at]))
    altered = data[:at] + bytes([value]) + data[at + 1 :]
    try:
        report = check_record(altered, held)
    except BadFile:
        return
    assert report.findings


@settings(max_examples=30, deadline=None)
@given(
    quantity=st.integers(1, 10**6),
    to=st.sampled_from(["CH", "CN", "PL", "VN", "US", "AQ", "HK"]),
    on=st.dates(dt.date(2022, 8, 1), dt.date(2026, 11, 1)),
    basis=st.sampled_from(["written", "enforced"]),
    chip=st.sampled_from(["h100-sxm", "h20", "rtx-4090", "dgx-a100-640gb", ""]),
)
def test_every_record_verifies(quantity, to, on, basis, chip):
    law = statutes.load()
    facts = {"quantity": str(quantity), "destination": to} | ({"chip": chip} if chip else {})
    made = records.make_record(law, Question.of(facts, Query(on, basis=basis)))
    assert check_record(records.written(made), Held(law)).findings == ()


def test_the_section_that_was_changed_is_named(held, record):
    line = {**record["verdict"], "outcome": "no_license_required"}
    report = check_record(records.written({**record, "verdict": line}), held)
    assert {"verdict", "verdict.outcome"} <= places_of(report)


def test_a_forged_verdict_with_all_digests_made_anew_is_decided_again(held, record):
    line = {**record["verdict"], "outcome": "no_license_required"}
    report = check_record(resealed(record, verdict=line), held)
    assert [(finding.where, finding.message) for finding in report.findings] == [
        ("verdict.outcome", "'no_license_required' is recorded, 'license_required' was decided again")
    ]


def test_forged_facts_are_compared_with_the_question(held, record):
    facts = {**record["facts"], "quantity": 20}
    assert places_of(check_record(resealed(record, facts=facts), held)) == {"facts.quantity"}


def test_a_clause_left_out_of_the_trace_is_missed(held, record):
    trace = {name: truth for name, truth in record["trace"].items() if name != "lpp"}
    assert places_of(check_record(resealed(record, trace=trace), held)) == {"trace.lpp"}


@pytest.mark.parametrize(
    "altered",
    [b"", b"\x00", b"[]", b"{}", b'{"form": 1}', b'{"form": "something else"}', b"[" * 100_000, b"x" * 4_000_001],
)
def test_what_is_no_record_is_refused_with_the_fix(held, altered):
    with pytest.raises(BadFile) as caught:
        check_record(altered, held)
    assert caught.value.fix


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    section=st.sampled_from([*records.SECTIONS, "digests", "digest", "journal"]),
    value=st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=8),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
        max_leaves=6,
    ),
)
def test_whatever_stands_in_a_section_is_a_finding_and_no_fault(held, record, section, value):
    form = {**record, section: value}
    for file in (form, {**form, **records.sealed(form)} if section in records.SECTIONS else form):
        try:
            report = check_record(records.written(file), held)
        except BadFile:
            return
        assert report.findings or value == record.get(section) or section in ("program", "evidence")


def test_another_layout_of_the_same_values_is_named(held, record):
    report = check_record(json.dumps(record).encode(), held)
    assert "file" in places_of(report)


def test_the_journal_s_entry_is_part_of_the_proof(law, record, tmp_path):
    journal = Journal.open(tmp_path)
    journal.append("captured", {"snapshot": "x"}, time=AT)
    entry = journal.append(RECORDED, {"record": record["digest"], "person": "Export control desk"}, time=AT)
    file = records.with_entry(record, entry)
    held = Held(law, journal=journal)
    assert check_record(records.written(file), held) == check_record(records.written(file), held)
    assert check_record(records.written(file), held).findings == ()
    assert check_record(records.written(file), Held(law)).unchecked

    later = {**file["journal"], "time": "2027-01-01T00:00:00+00:00"}
    assert places_of(check_record(records.written({**file, "journal": later}), held)) == {"journal"}
    other = records.make_record(law, Question({**SWISS.facts, "quantity": "3"}, SWISS.on))
    assert places_of(check_record(records.written({**other, "journal": file["journal"]}), held)) == {"journal"}
    elsewhere = Held(law, journal=Journal.open(tmp_path / "other"))
    elsewhere.journal.append("captured", {"snapshot": "y"}, time=AT)
    assert places_of(check_record(records.written(file), elsewhere)) == {"journal"}


def test_a_snapshot_behind_a_clause_is_named_and_compared(law, tmp_path):
    plain = records.make_record(law, SWISS)
    url = plain["evidence"][0]["sources"][0]["url"]
    page = tmp_path / "page.html"
    page.write_text(
        "<title>A rule</title><h1>A rule</h1><p>" + "What the rule says, in a test. " * 20 + "</p>", "utf-8"
    )
    with Archive.open(tmp_path / "home") as archive:
        kept = archive.add_file(page, at=dt.datetime(2026, 11, 22, 9, tzinfo=dt.UTC), url=url)
        made = records.make_record(law, SWISS, archive=archive)
        found = made["evidence"][0]["sources"][0]["snapshot"]
        assert (found["id"], found["digest"]) == (kept.id, kept.digest)
        assert check_record(records.written(made), Held(law, archive=archive)).findings == ()
        assert check_record(records.written(made), Held(law)).unchecked == ("evidence: there is no archive here",)
        evidence = json.loads(json.dumps(made["evidence"]).replace(kept.digest, "sha256:" + "0" * 64))
        report = check_record(resealed(made, evidence=evidence), Held(law, archive=archive))
        assert places_of(report) == {"evidence"}


def test_a_record_of_law_corrected_since_is_checked_by_its_edition(law, tmp_path):
    editions = Editions(tmp_path / "editions")
    files = statutes.law_files(corrected(tmp_path / "law", "50000000"))
    edition = editions.keep(files)
    made = records.make_record(statutes.of(files), SWISS, edition=edition)
    assert made["verdict"]["exception"] == "LPP"
    assert check_record(records.written(made), Held(law, editions)).findings == ()
    assert places_of(check_record(records.written(made), Held(law))) == {"law"}
    assert places_of(check_record(records.written(made), Held(law, Editions(tmp_path / "none")))) == {"law"}


def test_an_edition_that_was_altered_is_refused(tmp_path):
    editions = Editions(tmp_path)
    edition = editions.keep(statutes.files())
    assert editions.find(edition[:16]) is editions.find(edition)
    assert editions.find("0" * 16) is editions.find("../../x") is editions.find("") is None
    assert editions.damaged() == []
    path = tmp_path / f"{edition}.law.gz"
    path.write_bytes(path.read_bytes()[:-40])
    assert [name for name, _ in editions.damaged()] == [path.name]
    with pytest.raises(BadFile, match="damaged"):
        Editions(tmp_path).find(edition)
