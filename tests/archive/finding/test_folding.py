from hypothesis import given
from hypothesis import strategies as st

from licet.archive.finding.folding import fold, fold_with_offsets, has_cjk

TEXT = st.text(st.one_of(st.characters(codec="utf-8"), st.characters(min_codepoint=0x4E00, max_codepoint=0x9FFF)))


def test_traditional_simplified_width_and_case_fall_together():
    assert fold("港口倉庫的盤點") == fold("港口仓库的盘点")
    assert fold("ＡＩ晶片 Ｈ１００") == "ai晶片 h100"
    assert fold("出口管製") == fold("出口管制")


def test_text_without_traditional_characters_is_kept():
    assert fold("港口仓库") == "港口仓库"


@given(TEXT)
def test_folding_twice_changes_nothing(text):
    assert fold(fold(text)) == fold(text)


@given(TEXT)
def test_offsets_point_into_the_text_and_never_go_back(text):
    folded, offsets = fold_with_offsets(text)
    assert len(folded) == len(offsets)
    assert list(offsets) == sorted(offsets)
    assert all(0 <= offset < len(text) for offset in offsets)


def test_chinese_characters_are_seen():
    assert has_cjk("H100 芯片")
    assert not has_cjk("H100 chip")
