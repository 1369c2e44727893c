import datetime as dt
import json
from functools import cache

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from licet import statutes
from licet.decisions import ask
from licet.decisions.drafts import WARNINGS, drafts
from licet.desk import papers
from licet.home import law_folder
from licet.statutes import Query

DAY = dt.date(2025, 6, 2)
MARKDOWN = MarkdownIt("commonmark").enable(["table", "strikethrough"])


@cache
def question(consignee=""):
    loaded = statutes.load(law_folder())
    facts = {"chip": "h100-sxm", "quantity": 1699, "destination": "CH"}
    facts |= {"ultimate_consignee": consignee} if consignee else {}
    verdict = ask(loaded, facts, on=DAY, basis="written", headquarters_taken=True)
    return loaded.law(Query(on=DAY, basis="written")), verdict


def drawn(more=None, consignee=""):
    law, verdict = question(consignee)
    return law, {found.obligation: found for found in drafts(law, verdict, more)}


def shape(text):
    """What Markdown makes of a text, without its words: every block, and every mark inside."""
    blocks = MARKDOWN.parse(text)
    return [(block.type, block.tag, [child.type for child in block.children or ()]) for block in blocks]


def words(text):
    """The words that a reader of the rendered text sees."""
    inline = [block for block in MARKDOWN.parse(text) if block.type == "inline"]
    return ["".join(child.content for child in block.children) for block in inline]


def test_a_paper_says_what_it_is_to_whom_and_when():
    law, found = drawn({"exporter_contact": "Trade Desk"})
    text = papers.paper(found["lpp_copy"], law, "en")
    for part in (
        "# Copy of the LPP certification to BIS",
        "not filed by Licet",
        "- **To**: EARReports@bis.doc.gov",
        "- **Subject line**: LPP Shipment",
        "- **Due**: by July 2, 2025",
        "15 CFR 740.29(g)(1)",
        "26,898,568 TPP in all, to Switzerland",
        "Contact: Trade Desk",
        "[____ ultimate consignee]",
        "Who is the ultimate consignee? (`ultimate_consignee`)",
        "The English text is the one to be signed or filed",
    ):
        assert part in text


def test_the_chinese_paper_is_a_reading_aid():
    law, found = drawn()
    text = papers.paper(found["lpp_certificate"], law, "zh")
    for part in ("# 最终收货人证明（LPP）", "以英文本为准", "2025年6月2日", "[____ 最终收货人]", "签字[____ 签字]"):
        assert part in text


def test_every_paper_of_the_law_has_words_in_both_languages():
    assert set(papers.WARNINGS) == set(WARNINGS)
    law, found = drawn()
    for item in found.values():
        english, chinese = (papers.paper(item, law, language) for language in ("en", "zh"))
        assert english != chinese
        assert "{" not in english
        assert "{" not in chinese


def test_the_data_of_a_paper_is_plain():
    law, found = drawn()
    data = papers.as_data(found["lpp_certificate"], law, "en")
    assert json.loads(json.dumps(data)) == data
    assert data["paragraphs"][0]["cite"] == "(f)"
    assert {"name": "signature", "by_hand": True}.items() <= data["blanks"][-2].items()
    assert data["due"] is None
    assert data["side"] == "before"


hostile = st.text(max_size=300) | st.text("\\`*_{}[]<>()#+-.!|&~$:/\n\r\t\u202e\u2028 ax1;", min_size=1, max_size=80)


@settings(max_examples=150)
@given(hostile, hostile)
@example("{signer_title}", "{0}")
@example("# Heading\n\n- item", "[____ signature]")
@example("<script>alert(1)</script>", "[a](https://example.org)")
@example("`code` **bold** ~~gone~~ | cell", "![i](x) &lt; &#60; \\")
@example("x\u202ey", "\ud800")
def test_a_value_stays_text(name, title):
    law, plain = drawn({"signer_name": "Ann", "signer_title": "CEO"})
    _, found = drawn({"signer_name": name, "signer_title": title})
    draft = found["lpp_certificate"]
    assume(all(papers.clean(draft.values.get(key, "")) for key in ("signer_name", "signer_title")))
    text = papers.paper(draft, law, "en")
    assert shape(text) == shape(papers.paper(plain["lpp_certificate"], law, "en"))
    told = f"name {papers.clean(name)}, title {papers.clean(title)}, signature [____ signature]"
    assert sum(told in line for line in words(text)) == 1
    assert told in papers.as_data(draft, law, "en")["paragraphs"][-1]["text"]
    assert text.encode().decode() == text


@pytest.mark.parametrize("value", ["Acme & Söhne", "O'Neill (2) #1", "A&T; 5 < 6", "名称：甲 1. 乙"])
def test_ordinary_names_come_out_as_they_are(value):
    law, found = drawn({"signer_name": value})
    assert sum(f"name {value}, title" in line for line in words(papers.paper(found["lpp_certificate"], law, "en"))) == 1


def test_what_turns_or_breaks_a_line_is_taken_out():
    assert papers.clean(" a\u202eb\u2028c\x00d\n\n e ") == "ab c d e"
    assert papers.clean("\ud800") == "?"
