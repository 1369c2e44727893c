import datetime as dt

import pytest

from licet import statutes
from licet.archive.model import Article, Snapshot, Tag
from licet.catalog.places import places
from licet.decisions.places import tiers
from licet.evidence import day_of, marks, tagger
from licet.home import law_folder

LAW = statutes.load(law_folder())
ARTICLE_DAY = dt.date(2025, 2, 28)
NINE = ["CH", "PL", "GR", "SG", "IN", "ID", "IL", "AE", "SA"]


def snapshot(body, published="2025-02-28 09:30", tags=None):
    article = Article(title="", body=body, published=published)
    return Snapshot(
        id="s1",
        url=None,
        captured_at=dt.datetime(2025, 3, 1, 8, tzinfo=dt.UTC),
        captured_from="a file",
        via=None,
        digest="sha256:0",
        content_type="text/html",
        article=article,
        tags=tuple(tagger()(article)) if tags is None else tags,
    )


def badges(body, language="en", **others):
    return {mark.key: (mark.badge, mark.tone) for mark in marks(snapshot(body, **others), LAW, language=language)}


def test_switzerland_is_in_the_second_tier_on_the_day_of_the_article():
    (mark,) = marks(snapshot("瑞士, Switzerland"), LAW, language="en")
    assert (mark.label, mark.badge, mark.tone) == ("Switzerland", "Tier 2", "tier2")
    assert mark.answer == {"to": "CH", "on": "2025-02-28"}
    assert len(mark.tags) == 2


def test_a_mark_speaks_the_language_that_is_asked():
    (mark,) = marks(snapshot("Switzerland"), LAW, language="zh")
    assert mark.label == "瑞士"
    assert "2" in mark.badge
    assert "Tier" not in mark.badge


def test_before_the_rule_there_are_no_tiers():
    assert badges("Switzerland", published="2025-01-12") == {"CH": ("no tiers yet", "open")}
    assert badges("Switzerland", published="2025-01-13") == {"CH": ("Tier 2", "tier2")}


@pytest.mark.parametrize(
    ("body", "published", "badge", "tone"),
    [
        ("H100", "2025-02-28", "3A090.a", "controlled"),
        ("RTX 4090", "2023-11-16", "not in 3A090", "free"),
        ("RTX 4090", "2023-11-17", "3A090.a", "controlled"),
        ("A100", "2022-10-21", "3A090", "controlled"),
        ("A100", "2022-10-20", "not in 3A090", "free"),
        ("H20", "2025-02-28", "not in 3A090", "free"),
        ("MI308X", "2025-02-28", "class not known", "open"),
    ],
)
def test_a_chip_bears_its_class_of_the_day(body, published, badge, tone):
    assert list(badges(body, published=published).values()) == [(badge, tone)]


def test_a_system_is_marked_as_itself():
    (mark,) = marks(snapshot("DGX H100"), LAW, language="en")
    assert (mark.key, mark.label) == ("dgx-h100", "NVIDIA DGX H100")
    assert mark.answer == {"chip": "dgx-h100", "on": "2025-02-28"}


def test_an_act_and_an_eccn_are_marked():
    found = marks(snapshot("The AI Diffusion rule and 3A090.a"), LAW, language="zh")
    assert [(mark.kind, mark.key, mark.badge) for mark in found] == [
        ("act", "us-ear-2025-01-13-ai-diffusion", "90 FR 4544"),
        ("eccn", "3A090.a", "90 FR 5298"),
    ]
    assert found[1].answer == {"act": "us-ear-2025-01-16-foundry"}
    assert found[0].label == "人工智能扩散框架"


def test_an_eccn_leads_to_the_act_of_its_day_and_one_that_is_not_held_nowhere():
    for published, act in (("2023-01-05", "2022-10-07"), ("2023-12-05", "2023-10-17")):
        (mark,) = marks(snapshot("3A090", published=published), LAW, language="en")
        assert mark.answer["act"].startswith(f"us-ear-{act}")
    (mark,) = marks(snapshot("4A003.z"), LAW, language="en")
    assert (mark.badge, mark.answer) == ("not held here", {})


def test_a_place_without_a_row_has_no_tier_though_the_law_has_tiers():
    tags = (Tag("place", "AQ", "body", 0, 10),)
    assert badges("Antarctica", tags=tags) == {"AQ": ("tier not known", "open")}


def test_marks_stand_in_the_order_of_first_mention_and_each_once():
    assert list(badges("H100 to Switzerland and China; Switzerland, H100")) == ["h100-sxm", "CH", "CN"]


def test_what_the_catalog_no_longer_knows_keeps_its_key_and_says_nothing():
    tags = (Tag("place", "ZZ", "body", 0, 2), Tag("chip", "gone", "body", 3, 5), Tag("act", "gone", "body", 6, 8))
    assert badges("ZZ go ne", tags=tags) == {"ZZ": ("", "open"), "gone": ("", "open")}


def test_the_day_is_that_of_publication_else_of_the_capture():
    assert day_of(snapshot("", published="2025-02-28 09:30:00")) == ARTICLE_DAY
    assert day_of(snapshot("", published="2025-02-28")) == ARTICLE_DAY
    for unclear in (None, "", "yesterday", "2025-02-30"):
        assert day_of(snapshot("", published=unclear)) == dt.date(2025, 3, 1)


def test_another_day_may_be_asked():
    (mark,) = marks(snapshot("Switzerland"), LAW, language="en", on=dt.date(2024, 6, 1))
    assert (mark.badge, mark.answer["on"]) == ("no tiers yet", "2024-06-01")


@pytest.fixture(scope="module")
def on_the_day():
    return tiers(LAW.law(statutes.Query(on=ARTICLE_DAY, basis="written")))


@pytest.mark.parametrize("code", NINE)
def test_the_nine_friends_that_the_article_names_are_in_the_second_tier(on_the_day, code):
    assert on_the_day[code] == 2


def test_the_first_tier_is_18_places_and_the_us_and_the_third_24(on_the_day):
    rows = {code for code, place in places().items() if place.row == code}
    first = {code for code in rows if on_the_day[code] == 1}
    assert len(first - {"US"}) == 18
    assert "US" in first
    assert len({code for code in rows if on_the_day[code] == 3}) == 24


def test_a_territory_has_the_tier_of_its_row_and_a_place_without_a_row_has_none(on_the_day):
    assert on_the_day["HK"] == on_the_day["CN"] == 3
    assert on_the_day["PR"] == on_the_day["US"] == 1
    assert {on_the_day[code] for code, place in places().items() if place.row is None} == {None}


def test_both_bases_know_the_same_tiers(on_the_day):
    assert tiers(LAW.law(statutes.Query(on=ARTICLE_DAY, basis="enforced"))) == on_the_day
