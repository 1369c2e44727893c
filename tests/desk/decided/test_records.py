"""Records and determinations at the desk: made by officers, shown to people of the desk, for good in the journal."""

import json

import pytest
from lxml import html

from licet.desk.decided.index import Decided
from licet.journal import Journal

OPEN = "/?to=CH&quantity=4&on=2025-06-02&basis=written&lang=en"
SWISS = "/?chip=h100-sxm&quantity=2000&to=CH&on=2025-06-02&basis=written&lang=en"
REASON = "The maker's data sheet of May 2025 gives 4,900 TPP, below every threshold."


def sealed(desk, path):
    answer = desk.get(path)
    return answer.headers["location"] if answer.status_code == 302 else path


def asked(desk, path):
    return html.fromstring(desk.get(sealed(desk, path)).text).xpath("//input[@name='asked']/@value")[0]


def determine(desk, csrf, path, outcome, reason=REASON, **more):
    data = {"csrf": csrf, "asked": asked(desk, OPEN) if path is None else path, "outcome": outcome, "reason": reason}
    return desk.post("/determinations", data=data | more)


def test_an_officer_determines_what_is_undecided_and_a_later_one_supersedes(desk, signed_in):
    csrf = signed_in("officer")
    question = asked(desk, OPEN)
    first = determine(desk, csrf, question, "no_license_required")
    assert first.status_code == 303, first.text
    shown = desk.get(first.headers["location"]).text
    assert REASON.replace("'", "&#39;") in shown
    assert "Export control desk" in shown
    assert determine(desk, csrf, question, "license_required", "The data sheet was withdrawn since.").status_code == 303
    tree = html.fromstring(desk.get("/determinations", headers={"accept-language": "en"}).text)
    rows = [" ".join(node.text_content().split()) for node in tree.xpath("//div[contains(@class, 'determination')]")]
    assert ["License required" in rows[0], "superseded by no. " in rows[1]] == [True, True]
    assert "No license required" in rows[1]
    # The same question, spelled otherwise, has the same determinations.
    other = desk.get(sealed(desk, "/?to=Switzerland&quantity=4.0&on=2025-06-02&basis=written&hq=&lang=en"))
    assert "The data sheet was withdrawn since." in other.text
    assert "The data sheet was withdrawn" not in desk.get(sealed(desk, OPEN.replace("quantity=4", "quantity=5"))).text


def test_determinations_are_the_journal_s(desk, signed_in, tmp_path):
    csrf = signed_in("officer")
    determine(desk, csrf, None, "no_license_required")
    journal = Journal.open(tmp_path / "home")
    entry = next(entry for entry in journal.entries() if entry.kind == "determined")
    assert entry.payload["person"] == "Export control desk"
    assert entry.payload["reason"] == REASON
    assert journal.verify() == []
    again = Decided(tmp_path / "again.sqlite", journal)
    assert [item.reason for item in again.determinations()] == [REASON]
    assert [item.number for item in again.determinations()] == [entry.sequence]
    again.close()


@pytest.mark.parametrize("role", ["reader", "analyst"])
def test_others_see_determinations_and_make_none(desk, signed_in, role):
    determine(desk, signed_in("officer"), None, "no_license_required")
    desk.cookies.clear()
    csrf = signed_in(role)
    assert REASON.replace("'", "&#39;") in desk.get(sealed(desk, OPEN)).text
    assert desk.get("/determinations").status_code == 200
    assert "f-reason" not in desk.get(sealed(desk, OPEN)).text
    refused = desk.post(
        "/determinations", data={"csrf": csrf, "asked": "x=1", "outcome": "prohibited", "reason": REASON}
    )
    assert refused.status_code == 403


def test_who_has_not_signed_in_sees_none(desk, signed_in):
    determine(desk, signed_in("officer"), None, "no_license_required")
    desk.cookies.clear()
    assert "data sheet" not in desk.get(sealed(desk, OPEN)).text
    for path in ("/determinations", "/records", "/records/" + "0" * 64):
        assert desk.get(path, headers={"accept": "text/html"}).headers["location"].startswith("/sign-in?next=")


@pytest.mark.parametrize(
    "changes",
    [
        {"outcome": "undecided"},
        {"outcome": ""},
        {"reason": "short"},
        {"reason": "x" * 4001},
        {"asked": ""},
        {"asked": SWISS.removeprefix("/?")},
        {"asked": "to=Atlantis&on=2025-06-02"},
        {"asked": "&".join(f"f{number}=1" for number in range(300))},
    ],
)
def test_a_determination_that_cannot_stand_is_refused(desk, signed_in, changes, tmp_path):
    csrf = signed_in("officer")
    data = {"csrf": csrf, "asked": asked(desk, OPEN), "outcome": "prohibited", "reason": REASON}
    assert desk.post("/determinations", data=data | changes).status_code == 400
    assert desk.post("/determinations", data=data | {"csrf": "x"}).status_code == 403
    assert not [entry for entry in Journal.open(tmp_path / "home").entries() if entry.kind == "determined"]


def test_an_officer_enters_a_record_into_the_journal_once(desk, signed_in, tmp_path):
    csrf = signed_in("officer")
    where = sealed(desk, SWISS).replace("/?", "/record?", 1)
    question = html.fromstring(desk.get(where).text).xpath("//input[@name='asked']/@value")[0]
    sent = {"csrf": csrf, "asked": question, "title": "2,000 to Switzerland"}
    first = desk.post("/records", data=sent)
    assert first.status_code == 303, first.text
    assert desk.post("/records", data=sent).headers["location"] == first.headers["location"]
    assert len([entry for entry in Journal.open(tmp_path / "home").entries() if entry.kind == "decision recorded"]) == 1
    page = desk.get(first.headers["location"]).text
    assert "every digest holds" in page
    assert "2,000 to Switzerland" in desk.get("/records").text
    record = desk.get(first.headers["location"] + ".json")
    assert record.json()["journal"]["payload"]["person"] == "Export control desk"
    plain = desk.get(where + "&format=json").json()
    assert record.json()["digest"] == plain["digest"]

    stored = next((tmp_path / "home" / "records").iterdir())
    altered = json.loads(stored.read_text("utf-8"))
    altered["verdict"]["outcome"] = "no_license_required"
    stored.write_text(json.dumps(altered), encoding="utf-8")
    assert "This record does not hold" in desk.get(first.headers["location"]).text


def test_only_officers_enter_records(desk, signed_in):
    csrf = signed_in("analyst")
    data = {"csrf": csrf, "asked": sealed(desk, SWISS).removeprefix("/?")}
    assert desk.post("/records", data=data).status_code == 403
    assert desk.get("/records/none").status_code == 404


def test_people_who_have_signed_in_see_what_the_ledger_has_left(desk, signed_in, tmp_path):
    ledger = desk.app.state.desk.ledger_to_write()
    ledger.open_account("national allocation/CH/2025 to 2027", 790_000_000)
    ledger.reserve("national allocation/CH/2025 to 2027", 780_000_000, key="1", on="2025-06-02")
    assert "held-title" not in desk.get(sealed(desk, SWISS)).text
    signed_in("reader")
    tree = html.fromstring(desk.get(sealed(desk, SWISS)).text)
    rows = [
        " ".join(row.text_content().split()) for row in tree.xpath("//table[@aria-labelledby='held-title']//tbody/tr")
    ]
    assert any("10,000,000" in row and "does not fit" in row for row in rows)
    assert any("depends on facts" in row or "not opened" in row for row in rows)
