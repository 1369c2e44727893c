from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from licet.archive import Article, related

WEIGHTS = {"浮吊": 0.8, "钢缆": 0.6}


def test_likeness_is_the_share_of_weight_that_is_shared():
    score, shared = related.likeness(WEIGHTS, Counter(["浮吊", "花市"]))
    assert shared == ["浮吊"]
    assert round(score, 2) == 0.64
    assert related.likeness(WEIGHTS, Counter()) == (0, [])


def test_few_shared_words_are_not_a_topic():
    assert not related.fits(0.9, ["浮吊"])
    assert not related.fits(0.01, ["一", "二", "三", "四"])
    assert related.fits(0.5, ["浮吊", "钢缆", "检修"])


def test_a_text_inside_another_is_a_near_copy():
    text = "东港浮吊检修工程今天开工,检修队将更换三台浮吊的钢缆和液压泵。"
    one, longer = Article(body=text), Article(body=text + "以上内容为转载,另有补充说明若干。")
    other = Article(body="城西花市周末开张,花农带来了五十多个品种的月季。")
    assert related.near_copy(related.pieces(one), related.pieces(longer))
    assert not related.near_copy(related.pieces(one), related.pieces(other))


@given(st.text(), st.text())
def test_near_copy_is_symmetric(one, other):
    first, second = related.pieces(Article(body=one)), related.pieces(Article(body=other))
    assert related.near_copy(first, second) == related.near_copy(second, first)
