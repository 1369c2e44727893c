import pytest

from licet import statutes
from licet.errors import LawError, UnknownName
from licet.home import law_folder
from licet.statutes import drafts, forms

# Obligations of which nobody signs, sends or keeps a paper.
PAPERLESS: set[str] = set()
GOOD = """
draft: a_paper
title: {en: A paper, zh: 文件}
cite: section 1
seen: primary
form: notice
addressee: {en: them, zh: 对方}
signer: {en: us, zh: 我方}
facts: [tpp, destination]
fields:
  contact: {title: {en: contact, zh: 联系人}, question: {en: Whom, zh: 何人}}
paragraphs:
  - {cite: (a), text: {en: "{contact} sends {tpp} to {destination}.", zh: "{contact}向{destination}运送{tpp}。"}}
  - {cite: (b), text: {en: "Nothing else.", zh: "别无其他。"}}
"""


@pytest.fixture(scope="module")
def loaded():
    return statutes.load(law_folder())


@pytest.fixture(scope="module")
def shipped(loaded):
    return {name: drafts.load(name, loaded.vocabulary, law_folder()) for name in loaded.library.systems}


def obligations(loaded):
    for system, acts in loaded.library.systems.items():
        for act in acts:
            for amendment in act.amendments:
                if isinstance(amendment, forms.ClauseForm) and amendment.kind == "obligation":
                    yield system, amendment


def test_every_obligation_that_asks_for_a_paper_has_a_template(loaded, shipped):
    without = {(system, form.id) for system, form in obligations(loaded) if not form.draft} - {
        ("us-ear", name) for name in PAPERLESS
    }
    assert without == set()
    assert {(system, form.draft) for system, form in obligations(loaded) if form.draft not in shipped[system]} == set()


def test_every_template_is_named_by_an_obligation(loaded, shipped):
    named = {(system, form.draft) for system, form in obligations(loaded)}
    assert {(system, name) for system, found in shipped.items() for name in found} - named == set()


def test_only_an_obligation_names_a_template(loaded):
    clauses = [a for acts in loaded.library.systems.values() for act in acts for a in act.amendments]
    others = [a.id for a in clauses if isinstance(a, forms.ClauseForm) and a.kind != "obligation" and a.draft]
    assert others == []


def test_the_subject_lines_are_the_rules(shipped):
    subjects = {name: found.form.subject for name, found in shipped["us-ear"].items() if found.form.subject}
    assert subjects == {
        "aia_filing": "AIA Certification",
        "lpp_copy": "LPP Shipment",
        "lpp_notice": "LPP Shipment",
        "lpp_limit_reached": "LPP TPP Limit Reached",
        "veu_reexport_report": "Data Center Authorization Validated End-user Report",
        "veu_end_user_report": "Data Center Authorization Validated End-user Report",
        "dc_veu_end_user_report": "Data Center Authorization Validated End-user Report",
    }


def test_a_certification_answers_each_sub_paragraph_and_is_signed_by_hand(shipped):
    cites = {
        "aia_certification": ["(b)(2)", "(b)(2)(i)", "(b)(2)(ii)", "(b)(2)(iii)", "(b)(2)(iv)", "(b)(2)(v)"],
        "lpp_certification": ["(f)", "(f)(i)", "(f)(ii)", "(f)(iii), (h)(2)", "(f)(iv)"],
    }
    for name, expected in cites.items():
        form = shipped["us-ear"][name].form
        assert form.form == "certification"
        assert [paragraph.cite for paragraph in form.paragraphs] == expected
        assert {field for field, entry in form.fields.items() if entry.by_hand} == {"signature", "signed_on"}


def test_the_notice_of_nac_asks_for_all_that_is_required(shipped):
    asked = {paragraph.cite for paragraph in shipped["us-ear"]["nac_notice"].form.paragraphs}
    needed = ["", "(i)", "(ii)", "(iii)", "(iv)", "(v)", "(vi)", "(vi)(A)", "(vi)(B)"]
    assert asked == {f"(c)(1){part}" for part in needed}


def write(folder, text, name="a_paper"):
    path = folder.path / "test-law" / "drafts" / f"{name}.yaml"
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return folder


def read(folder, overlay=None):
    return drafts.load("test-law", folder.statutes().vocabulary, folder.path, overlay)


def test_a_template_is_read_with_its_names_in_order(folder):
    found = read(write(folder, GOOD))["a_paper"]
    assert found.names == ("contact", "tpp", "destination")
    assert not found.private
    assert len(found.digest) == 64


def test_acts_and_templates_do_not_meet(folder, clause):
    write(folder.act("one", "2025-01-01", clause("r", "tpp > 1")), GOOD)
    assert [act.id for act in folder.statutes().library.acts("test-law")] == ["one"]


@pytest.mark.parametrize(
    ("before", "after", "line", "what"),
    [
        ("[tpp, destination]", "[tpp, destination, tonnage]", 9, "no fact is called 'tonnage'"),
        ("[tpp, destination]", "[tpp]", 13, "'destination' is no fact or field"),
        ("[tpp, destination]", "[tpp, destination, quantity]", 9, "'quantity' is asked for and stands in no paragraph"),
        ("title: {en: A paper, zh: 文件}", "title: {en: A paper}", 3, "title is not in both languages"),
        ("signer: {en: us, zh: 我方}", "signer: {en: us, zh: ' '}", 8, "signer is not in both languages"),
        ('{en: "Nothing else.", zh: "别无其他。"}', '{en: "Nothing else."}', 14, "is not in both languages"),
        ("question: {en: Whom, zh: 何人}", "question: {zh: 何人}", 11, "is not in both languages"),
        ("{contact} sends", "{contact sends", 13, "a brace that makes no placeholder"),
        ("{contact} sends", "{contact} {Sends}", 13, "a brace that makes no placeholder"),
        ("向{destination}", "向该地", 13, "'destination' stands in one language only"),
        ('"Nothing else."', '"Nothing\\nelse."', 14, "a paragraph is one line"),
        ("cite: (b)", "cite: ''", 14, "no paragraph of the law"),
        ("contact:", "quantity:", 11, "'quantity' cannot be a field"),
        ("draft: a_paper", "draft: A paper", 2, "is no id of a template"),
        ("draft: a_paper", "draft: another", 1, "the template another is in a_paper.yaml"),
        ("form: notice", "form: poem", 6, "poem"),
        ("seen: primary", "seen: primary\nextra: 1", 2, "extra"),
        ("cite: section 1", 'cite: section 1\nsubject: "a\\nb"', 4, "a subject is one line"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named_with_its_line(folder, before, after, line, what):
    assert before in GOOD
    write(folder, GOOD.replace(before, after, 1))
    with pytest.raises(LawError) as error:
        read(folder)
    assert what in error.value.message
    assert error.value.where == f"a_paper.yaml:{line}"
    assert error.value.fix


def test_there_are_limits(folder):
    head, _, _ = GOOD.partition("paragraphs:")
    one = '  - {cite: (a), text: {en: "{contact} {tpp} {destination}", zh: "{contact} {tpp} {destination}"}}\n'
    with pytest.raises(LawError, match="61 paragraphs"):
        read(write(folder, head + "paragraphs:\n" + one * 61))
    with pytest.raises(LawError, match="0 paragraphs"):
        read(write(folder, head + "paragraphs: []\n"))
    with pytest.raises(LawError, match="at most 2000"):
        read(write(folder, GOOD.replace("Nothing else.", "x" * 2001)))


def test_a_private_template_stands_in_the_place_of_ours(folder, tmp_path):
    write(folder, GOOD)
    own = tmp_path / "own" / "test-law" / "drafts"
    own.mkdir(parents=True)
    (own / "a_paper.yaml").write_text(GOOD.replace("Nothing else.", "Kind regards."), encoding="utf-8")
    found = read(folder, tmp_path / "own")["a_paper"]
    assert found.private
    assert found.form.paragraphs[1].text["en"] == "Kind regards."


def test_a_name_that_nothing_wants_is_told_with_near_ones(folder):
    templates = read(write(folder, GOOD))
    drafts.check_name("contact", templates)
    with pytest.raises(UnknownName) as error:
        drafts.check_name("contcat", templates)
    assert error.value.near == ("contact",)
    with pytest.raises(UnknownName, match="'licet drafts' lists"):
        drafts.check_name("xyzzy", templates)


def test_pieces_join_to_the_text():
    text = "{a} and {b_2}{c}."
    assert list(drafts.pieces(text)) == [("", "a"), (" and ", "b_2"), ("", "c"), (".", "")]


def test_a_report_is_due_on_days_of_every_year(folder, clause):
    due = "due: {side: after, each: [13-01]}"
    more = ("attends: [license]", "text: {en: a, zh: 甲}", due)
    with pytest.raises(LawError, match="regex"):
        folder.act("one", "2025-01-01", clause("o", "TRUE", *more, kind="obligation")).statutes()
