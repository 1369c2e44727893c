import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from licet.archive.finding.terms import Words
from licet.archive.relating.frequencies import Frequencies
from licet.archive.relating.likeness import FEATURES, Weighed, event, features, longest_stretch, shared_words, topic
from licet.archive.relating.profiles import LIMIT, profile_of_text, stemmed

WORDS = Words()
DAY = 86_400
QUAKE = "Quake of magnitude 6.1 near Eastport kills four\nA quake of magnitude 6.1 struck Eastport on 3 May 2021."
AGAIN = (
    "Eastport quake: four dead\nFour people died when a magnitude 6.1 quake hit Eastport in May 2021, officials said."
)
OTHER = "Strong quake shakes Westlake\nA quake of magnitude 5.4 shook Westlake in August 2013; nobody was hurt."
texts = st.text(alphabet="港口仓库盘点quake Eastport 0123456789\n。.", max_size=80)


def weighed(*bodies, moments=None):
    profiles = [profile_of_text(body, WORDS) for body in bodies]
    idf = Frequencies.over(profiles).idf
    return [Weighed(one, idf, moment) for one, moment in zip(profiles, moments or [None] * len(bodies), strict=True)]


def test_look_alike_events_are_told_apart():
    one, again, other = weighed(QUAKE, AGAIN, OTHER)
    assert event(one, again) > event(one, other)
    assert event(one, again) > 0.4 > event(again, other)


def test_what_headlines_share_letter_by_letter_counts():
    one, other, third = weighed("夜航：白沙河老桥今夜封闭", "夜航：东港灯塔开放参观", "东港灯塔今夜封闭")
    figures = dict(zip(FEATURES, features(one, other), strict=True))
    assert (figures["beginning"], figures["rubric"]) == (1.0, 1.0)
    assert topic(one, other) > topic(one, weighed("东港灯塔开放参观")[0])
    figures = dict(zip(FEATURES, features(other, third), strict=True))
    assert (figures["beginning"], figures["rubric"]) == (0.0, 0.0)
    assert figures["stretch"] == math.log1p(4)


@given(st.text("港口仓库", max_size=12), st.text("港口仓库", max_size=12))
def test_the_longest_stretch_is_in_both_and_no_longer_one_is(one, other):
    pieces = {one[at : at + size] for size in range(len(one) + 1) for at in range(len(one) - size + 1)}
    assert longest_stretch(one, other) == longest_stretch(other, one) == max(len(p) for p in pieces if p in other)


def test_days_between_make_one_event_less_likely():
    near = event(*weighed(QUAKE, AGAIN, moments=(DAY, 2 * DAY)))
    far = event(*weighed(QUAKE, AGAIN, moments=(DAY, 15 * DAY)))
    assert near == event(*weighed(QUAKE, AGAIN)) > far


def test_reports_in_two_languages_are_nothing_to_each_other():
    one, other = weighed("东港发生6.1级地震", "Quake of magnitude 6.1 in Eastport")
    assert event(one, other) == topic(one, other) == 0.0


def test_shared_words_say_most_first():
    one, again, _ = weighed(QUAKE, AGAIN, OTHER)
    assert "eastport" in shared_words(one, again, 3)
    assert len(shared_words(one, again, 2)) == 2


@pytest.mark.parametrize(
    ("word", "stem"), [("quakes", "quake"), ("cities", "city"), ("virus", "virus"), ("press", "press"), ("us", "us")]
)
def test_stems(word, stem):
    assert stemmed(word) == stem


def test_only_the_beginning_of_a_long_text_is_read():
    long = "港口仓库" * 500_000
    assert profile_of_text(long, WORDS) == profile_of_text(long[: LIMIT["zh"]], WORDS)


def test_counting_out_undoes_counting_in():
    one, other = (profile_of_text(body, WORDS) for body in (QUAKE, OTHER))
    found = Frequencies.over([one, other])
    found.add(other, -1)
    alone = Frequencies.over([one])
    assert found.documents == alone.documents
    assert found.idf("westlake") == alone.idf("westlake")


@given(texts, texts)
def test_likeness_is_a_chance_and_symmetric(one, other):
    first, second = weighed(one, other)
    assert len(features(first, second)) == len(FEATURES)
    for judge in (event, topic):
        assert 0.0 <= judge(first, second) <= 1.0
        assert judge(first, second) == pytest.approx(judge(second, first))
