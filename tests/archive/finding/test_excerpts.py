from hypothesis import given
from hypothesis import strategies as st

from licet.archive.finding.excerpts import excerpt, marked_terms
from licet.archive.finding.terms import Words

TEXT = "第一句话说的是天气。" * 20 + "东港的倉庫完成了盘点,账面与实物相符。" + "最后一句话说的是别的事情。" * 20


def test_terms_are_marked_where_they_stand_in_either_script():
    parts = excerpt(TEXT, marked_terms("仓库 盤點", Words()))
    assert [text for text, term in parts if term] == ["倉庫", "盘点"]
    assert parts[0] == ("...", False)
    assert parts[-1] == ("...", False)


def test_it_begins_and_ends_where_the_sense_allows():
    text = "".join(text for text, _ in excerpt(TEXT, ["仓库"])).strip(".")
    assert text.startswith(("第一句", "东港"))
    assert text.endswith(("。", ","))


def test_a_short_text_is_shown_whole():
    assert excerpt("仓库很大", ["仓库"]) == [("仓库", True), ("很大", False)]


def test_letters_are_marked_as_whole_words_only():
    parts = excerpt("An export, not the exporter.", ["export"])
    assert [text for text, term in parts if term] == ["export"]


def test_no_term_gives_the_beginning():
    assert "".join(text for text, _ in excerpt(TEXT, [])).startswith("第一句")


@given(st.text(max_size=400), st.lists(st.text(max_size=8), max_size=5))
def test_the_pieces_are_a_stretch_of_the_text(text, terms):
    parts = excerpt(text, terms)
    inner = [piece for piece in parts if piece != ("...", False)]
    assert "".join(piece for piece, _ in inner) in text.replace("\n", " ") or "..." in text
