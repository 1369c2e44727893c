import pytest

from licet.errors import LawError, UnknownName
from licet.statutes.library import read_library

HEAD = """act: one
citation: c
issuer: i
kind: rule
titles: {en: t, zh: t}
dates: {released: 2025-01-01}
checked_through: 2026-01-01
"""
SOURCES = "sources: [{url: 'https://example.org', seen: primary}]\n"
VOICE = (
    "  - {who: someone, role: {en: r, zh: r}, date: 2025-01-02, position: for, words: {en: w, zh: w}"
    ", source: 'https://example.org'}\n"
)
CLAUSE = "cite: c, seen: primary, title: {en: t, zh: t}, when: 'TRUE'"


@pytest.mark.parametrize(
    ("text", "message", "line"),
    [
        (HEAD + "sources: []\n", "the act one has no source", 8),
        (HEAD, "missing required field `sources`", 1),
        (
            HEAD + SOURCES + "readings:\n  r: {question: {en: q, zh: q}, default: z, choices: {x: {en: x, zh: x}}}\n",
            "the default of the reading 'r'",
            10,
        ),
        (HEAD + SOURCES + f"amendments:\n  - {{clause: a, kind: tier, yields: 4, {CLAUSE}}}\n", "cannot yield '4'", 10),
        (HEAD + SOURCES + f"amendments:\n  - {{clause: a, kind: tier, {CLAUSE}}}\n", "a tier needs 'yields'", 10),
        (
            HEAD + SOURCES + f"amendments:\n  - {{clause: a, kind: review, yields: maybe, {CLAUSE}}}\n",
            "a review cannot yield 'maybe'",
            10,
        ),
        (
            HEAD
            + SOURCES
            + "amendments:\n"
            + "  - {clause: a, kind: requirement, cite: c, seen: primary, title: {en: t}, when: 'TRUE'}\n",
            "a is not in both languages",
            10,
        ),
        ((HEAD + SOURCES).replace("{en: t, zh: t}", "{en: t}"), "one is not in both languages", 5),
        (HEAD + SOURCES + "summary: {zh: t}\n", "one is not in both languages", 9),
        (
            HEAD + SOURCES + "readings:\n  r: {question: {en: q, zh: q}, default: x, choices: {x: {en: x}}}\n",
            "the reading 'r' is not in both languages",
            10,
        ),
        (
            HEAD + SOURCES + "amendments:\n  - {set: s, cite: c, seen: primary, members: [CH], title: {zh: t}}\n",
            "s is not in both languages",
            10,
        ),
        (HEAD + SOURCES + f"amendments:\n  - {{clause: a, kind: law, {CLAUSE}}}\n", "Invalid enum value 'law'", 10),
        (HEAD + SOURCES + f"amendments:\n  - {{clause: a, colour: red, {CLAUSE}}}\n", "unknown field `colour`", 10),
        (HEAD + SOURCES + "amendments:\n  - {delete: a}\n", "the amendment has no verb", 10),
        (HEAD + SOURCES + "amendments:\n  - a\n", "an amendment is a mapping", 10),
        (HEAD + SOURCES + "amendments: a\n", "amendments is a list", 9),
        (HEAD + SOURCES + "amendments: [\n", "not YAML", 10),
        ((HEAD + SOURCES).replace("kind: rule", "kind: proposal"), "a proposal, and only a proposal", 4),
        (HEAD + SOURCES + "amends: test-law\n", "a proposal, and only a proposal", 4),
        ((HEAD + SOURCES).replace("2025-01-01", "yesterday"), "date", 6),
        (
            HEAD + SOURCES + "consultation: {opens: 2025-02-02, closes: 2025-02-01}\n",
            "the consultation closes before it opens",
            9,
        ),
        (HEAD + SOURCES + "said:\n" + VOICE.replace("{en: w, zh: w}", "{en: w}"), "what someone said", 10),
        (HEAD + SOURCES + "said:\n" + VOICE.replace("for", "maybe"), "Invalid enum value 'maybe'", 10),
        (HEAD + SOURCES + "said:\n" + VOICE.replace(", source: 'https://example.org'", ""), "`source`", 10),
    ],
)
def test_a_faulty_act_is_an_error_at_its_line(folder, text, message, line):
    folder.text("one.yaml", text)
    with pytest.raises(LawError) as caught:
        folder.statutes()
    assert message in caught.value.message
    assert caught.value.where == f"one.yaml:{line}"
    assert caught.value.fix


def test_two_acts_of_one_name_are_refused(folder, clause):
    folder.act("one", "2025-01-01", clause("a", "tpp > 1"))
    again = (folder.path / "test-law" / "one.yaml").read_text(encoding="utf-8")
    folder.text("two.yaml", again)
    with pytest.raises(LawError, match="two acts are called one"):
        folder.statutes()


def test_a_folder_without_law_says_what_a_law_folder_holds(tmp_path):
    with pytest.raises(LawError, match="no law data here") as caught:
        read_library(tmp_path)
    assert "vocabulary.yaml" in caught.value.fix


def test_acts_stand_in_the_order_of_release(folder, clause):
    folder.act("later", "2024-01-01", clause("a", "tpp > 1"), released="2025-01-01")
    folder.act("sooner", "2024-06-01", clause("b", "tpp > 1"))
    assert [act.id for act in folder.statutes().acts("test-law")] == ["sooner", "later"]


def test_the_acts_of_a_private_folder_are_added(folder, tmp_path, clause):
    folder.act("one", "2025-01-01", clause("a", "tpp > 1"))
    private = type(folder)(tmp_path / "private")
    private.act("house-rule", "2025-02-01", clause("b", "tpp > 2"))
    library = read_library(folder.path, private.path)
    assert [act.id for act in library.acts("test-law")] == ["one", "house-rule"]
    with pytest.raises(UnknownName, match="no law is called 'other'"):
        library.acts("other")


def test_worked_cases_beside_the_law_are_no_acts(folder):
    (folder.path / "cases").mkdir()
    (folder.path / "cases" / "x.yaml").write_text("cases: []\n", encoding="utf-8")
    assert folder.statutes().library.systems == {}


@pytest.mark.parametrize("rate", ["lots", "-5", "1e2", "25%"])
def test_a_duty_yields_a_percentage(folder, clause, rate):
    folder.act("one", "2025-01-01", clause("a", "tpp > 1", f"yields: '{rate}'", "band: 1", kind="duty"))
    with pytest.raises(LawError, match="is no percentage"):
        folder.statutes()


def test_a_duty_keeps_its_band(folder, clause):
    folder.act("one", "2025-01-01", clause("a", "tpp > 1", "yields: 12.5", "band: 2", kind="duty"))
    form = folder.law("2025-01-01").clauses["a"].form
    assert (form.yields, form.band) == ("12.5", 2)
