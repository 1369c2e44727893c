"""Orders and the ledger at the desk: a book is brought, screened, looked through, planned, posted."""

import io
import re
import time

import pyarrow.parquet as pq
import pytest

from licet.journal import Journal
from licet.ledger import Ledger
from licet.ledger.home import ledger_file

BOOK = """id,date,basis,chip,quantity,destination,headquarters,parent_headquarters,ultimate_parent
L1,2025-06-02,written,h100-sxm,1000,PL,PL,PL,Nordhafen Gruppe
L2,2025-06-02,written,h100-sxm,1000,PL,PL,PL,Nordhafen Gruppe
L3,2025-06-02,written,h100-sxm,4,CN,CN,CN,<b>Parent</b>
L4,2025-06-02,written,h100-sxm,many,PL,PL,PL,Nordhafen Gruppe
"""
LPP = "lpp/Nordhafen Gruppe/2025"


@pytest.fixture
def bring(desk, signed_in):
    """Bring a book as an analyst and wait until it is screened; return its address."""

    def brought(content=BOOK, name="book.csv", role="analyst", **options):
        csrf = signed_in(role)
        sent = desk.post(
            "/orders", data={"csrf": csrf, **options}, files={"book": (name, content.encode(), "text/csv")}
        )
        assert sent.status_code == 303, sent.text
        done(desk, sent.headers["location"])
        return sent.headers["location"], csrf

    return brought


def done(desk, path):
    """Wait until nothing is being done with a book any more; return its page."""
    until = time.monotonic() + 60
    while 'http-equiv="refresh"' in (page := desk.get(path)).text and time.monotonic() < until:
        time.sleep(0.05)
    assert 'http-equiv="refresh"' not in page.text
    return page.text


@pytest.mark.parametrize("path", ["/orders", "/ledger", "/orders/abcdefghijkl", "/ledger/account?name=a"])
def test_nobody_sees_orders_without_signing_in(desk, path):
    asked = desk.get(path)
    assert (asked.status_code, asked.headers["location"].startswith("/sign-in?next=")) == (303, True)
    assert desk.get(path, headers={"accept": "application/json"}).status_code == 401


def test_a_book_is_screened_and_looked_through(bring, desk):
    path, _ = bring()
    page = desk.get(path).text
    assert "4 lines: 3 answered, 1 rejected" in page
    assert "共4行：已判定3行，退回1行" in desk.get(f"{path}?lang=zh").text
    assert "Nordhafen Gruppe, 2025: 2 lines draw 31,664,000 TPP together, of 26,900,000 allowed" in page
    assert "&lt;b&gt;Parent&lt;/b&gt;" in page
    required = desk.get(f"{path}?outcome=license_required&lang=en").text
    assert "1 line " in required
    assert "L3" in required
    assert "L1" not in required[required.index('id="lines"') :]


def test_a_line_leads_to_its_question_with_the_same_answer(bring, desk):
    path, _ = bring()
    href = re.search(r'<a href="(/\?[^"]+)">4</a>', desk.get(path).text)[1].replace("&amp;", "&")
    answer = desk.get(href, follow_redirects=True).text
    assert "A license is required" in answer
    assert "presumption of denial" in answer.lower()


def test_what_was_made_of_a_book_is_handed_out(bring, desk):
    path, _ = bring()
    answers = pq.read_table(io.BytesIO(desk.get(f"{path}/files/answers.parquet").content)).to_pylist()
    assert [row["outcome"] for row in answers] == ["license_exception", "license_exception", "license_required"]
    assert "quantity is a number" in desk.get(f"{path}/files/rejects.csv").text
    for name in ("state.json", "book.csv", "..%2Fstate.json", "plan.jsonl"):
        assert desk.get(f"{path}/files/{name}").status_code == 404


def test_a_plan_is_made_posted_once_and_stands_in_the_ledger(bring, desk, signed_in, tmp_path):
    path, csrf = bring()
    assert desk.post(f"{path}/plan", data={"csrf": csrf, "order": "date"}).status_code == 303
    page = done(desk, path)
    assert "An officer posts or discards it." in page
    assert "a license (presumption of denial)" in page
    assert desk.post(f"{path}/plan/post", data={"csrf": csrf}).status_code == 403
    csrf = signed_in("officer")
    assert desk.post(f"{path}/plan/post", data={"csrf": csrf}).status_code == 303
    assert "This plan was posted" in desk.get(path).text
    with Ledger.open(ledger_file(tmp_path / "home")) as ledger:
        assert ledger.balance(LPP, on="2025-06-02").posted == 15_832_000
        assert ledger.verify() == []
    accounts = desk.get("/ledger?on=2025-06-02").text
    assert LPP in accounts
    assert "15,832,000" in accounts
    shown = desk.get(f"/ledger/account?name={LPP}").text
    assert f'aria-label="{LPP} over time' in shown
    assert "National" not in shown
    kinds = [entry.kind for entry in Journal.open(tmp_path / "home").entries()]
    assert {"book uploaded", "plan asked for", "plan posted"} <= set(kinds)


def test_a_plan_is_thrown_away(bring, desk, signed_in):
    path, csrf = bring()
    desk.post(f"{path}/plan", data={"csrf": csrf, "order": "largest"})
    done(desk, path)
    csrf = signed_in("officer")
    assert desk.post(f"{path}/plan/discard", data={"csrf": csrf}).status_code == 303
    assert "This plan was discarded" in desk.get(path).text


def test_a_plan_that_cannot_be_made_says_why(bring, desk):
    path, csrf = bring(BOOK.replace("ultimate_parent\n", "lpp_used_tpp\n").replace("Nordhafen Gruppe", "5"))
    desk.post(f"{path}/plan", data={"csrf": csrf})
    assert "lpp_used_tpp" in done(desk, path)


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("book.exe", BOOK, "is no kind of file that is read"),
        ("book.csv", "", "is empty"),
        ("", BOOK, "no file was chosen"),
    ],
)
def test_a_file_that_is_no_book_is_refused_in_the_form(desk, signed_in, name, content, said):
    csrf = signed_in("analyst")
    files = {"book": (name, content.encode(), "text/csv")} if name else {"other": ("x.csv", b"x", "text/csv")}
    sent = desk.post("/orders", data={"csrf": csrf}, files=files)
    assert (sent.status_code, said in sent.text) == (400, True)


def test_a_book_that_cannot_be_screened_says_why_and_harms_no_other(bring, desk):
    path, _ = bring("a,a\n1,2\n")
    assert "two columns called" in desk.get(path).text
    other, _ = bring("PAR1 no parquet at all", name="book.parquet")
    assert 'role="alert"' in desk.get(other).text
    good, _ = bring()
    assert "4 lines" in desk.get(good).text


def test_who_only_reads_brings_nothing_and_a_form_from_elsewhere_neither(desk, signed_in):
    csrf = signed_in("reader")
    assert 'name="book"' not in desk.get("/orders").text
    files = {"book": ("book.csv", BOOK.encode(), "text/csv")}
    assert desk.post("/orders", data={"csrf": csrf}, files=files).status_code == 403
    signed_in("analyst")
    assert desk.post("/orders", data={"csrf": "0"}, files=files).status_code == 403


def test_a_file_name_is_only_a_name(bring, desk, tmp_path):
    path, _ = bring(name="../../<i>evil</i>.csv")
    assert "&lt;/i&gt;.csv" in desk.get(path).text or "i&gt;.csv" in desk.get(path).text
    assert {entry.name for entry in (tmp_path / "home" / "desk").iterdir()} >= {"orders", "people.sqlite"}
    assert not list(tmp_path.glob("*evil*"))


def test_a_book_is_deleted_with_all_that_was_made_of_it(bring, desk, tmp_path):
    path, csrf = bring()
    assert desk.post(f"{path}/delete", data={"csrf": csrf}).status_code == 303
    assert desk.get(path).status_code == 404
    assert list((tmp_path / "home" / "desk" / "orders").iterdir()) == []


def test_a_key_brings_a_book_for_a_program(desk, people, clock):
    expires = clock().replace(year=2027)
    _, secret = people.make_key("Screening desk", ["orders:write", "orders:read"], at=clock(), expires=expires)
    bearer = {"authorization": f"Bearer {secret}"}
    sent = desk.post("/orders", headers=bearer, files={"book": ("book.csv", BOOK.encode(), "text/csv")})
    assert sent.status_code == 303
    _, other = people.make_key("Screening desk", ["ledger:read"], at=clock(), expires=expires)
    assert desk.get("/orders", headers={"authorization": f"Bearer {other}"}).status_code == 403
