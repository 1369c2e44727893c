import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from opencc import OpenCC

from licet.archive.model import Article
from licet.catalog import items, places
from licet.evidence import entity_names, tagger
from licet.evidence.tagger import fold

tag = tagger()


def keys(body, title=""):
    return [(found.kind, found.key) for found in tag(Article(title=title, body=body))]


def shown(body):
    return [body[found.start : found.end] for found in tag(Article(body=body))]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("瑞士和沙特阿拉伯购买H100。", [("place", "CH"), ("place", "SA"), ("chip", "h100-sxm")]),
        ("Switzerland buys the H100.", [("place", "CH"), ("chip", "h100-sxm")]),
        ("The Swiss order", [("place", "CH")]),
        ("沙烏地阿拉伯與臺灣", [("place", "SA"), ("place", "TW")]),
        ("It falls under ECCN 3A090.a, not 5A992.", [("eccn", "3A090.a"), ("eccn", "5A992")]),
        ("items of 3A090. Then 4E091.a.1 and 3A090.ab", [("eccn", "3A090"), ("eccn", "4E091.a.1"), ("eccn", "3A090")]),
        ("《人工智能扩散框架》将生效", [("act", "us-ear-2025-01-13-ai-diffusion")]),
        ("under the AI Diffusion rule", [("act", "us-ear-2025-01-13-ai-diffusion")]),
        ("Ｈ１００", [("chip", "h100-sxm")]),
        ("two DGX H100 with H100 chips", [("chip", "dgx-h100"), ("chip", "h100-sxm")]),
        ("HGX H100主板与GB200 NVL72机柜", [("chip", "hgx-h100-8gpu"), ("chip", "gb200-nvl72")]),
        ("华为CloudMatrix384、昇腾384超節點", [("chip", "atlas-900-a3-superpod")] * 2),
        ("Nothing is named here.", []),
        ("", []),
    ],
)
def test_names_are_found_in_both_languages_and_scripts(body, expected):
    assert keys(body) == expected


@pytest.mark.parametrize("body", ["A woman walks.", "Romanian", "13A090", "3A090ab", "turkey for dinner", "xH100y"])
def test_a_name_inside_another_word_is_none(body):
    assert [found for found in keys(body) if found[1] in ("OM", "3A090", "TR", "h100-sxm")] == []


def test_of_two_that_overlap_the_longest_counts():
    assert keys("印度尼西亚") == [("place", "ID")]
    assert keys("South Korea, North Korea") == [("place", "KR"), ("place", "KP")]
    assert shown("几内亚比绍") == ["几内亚比绍"]


def test_a_later_name_is_found_after_an_overlap():
    assert keys("印度尼西亚和印度") == [("place", "ID"), ("place", "IN")]


def test_title_and_body_are_told_apart():
    found = tag(Article(title="瑞士", body="H100运往瑞士"))
    assert [(item.field, item.key, item.start) for item in found] == [
        ("title", "CH", 0),
        ("body", "h100-sxm", 0),
        ("body", "CH", 6),
    ]


def test_offsets_are_exact_in_mixed_text():
    text = "据悉,①沙烏地阿拉伯、Ｈ２０与H100(含3A090.b)及🇨🇭 Switzerland。"
    assert shown(text) == ["沙烏地阿拉伯", "Ｈ２０", "H100", "3A090.b", "Switzerland"]


traditional = OpenCC("s2tw").convert
NAMES = [*places.mention_names(), *items.mention_names()]


@given(st.lists(st.sampled_from(NAMES) | st.text(max_size=8), max_size=8).map(" ".join))
def test_what_stands_at_the_offsets_is_a_name_of_what_was_found(body):
    known = {fold(name): code for name, code in {**items.mention_names(), **places.mention_names()}.items()}
    end = 0
    for found in tag(Article(body=body)):
        assert end <= found.start < found.end <= len(body)
        end = found.end
        if found.kind in ("place", "chip"):
            assert fold(body[found.start : found.end]) in known


ODD = st.sampled_from("臺台湾灣侖崙颱Ｈ１①．.aＡ㈱⾦⼀諾，")


@given(st.lists(st.sampled_from(NAMES).map(traditional) | st.text(ODD, max_size=6), max_size=8).map("".join))
def test_a_text_has_the_mentions_of_its_folded_form_in_the_same_places(body):
    assert tag(Article(body=body)) == tag(Article(body=fold(body)))


def test_every_chinese_name_is_found_in_traditional_characters():
    names = entity_names()
    assert {name for name in names if keys(f"，{traditional(name)}，") != keys(f"，{name}，")} == set()


def test_a_name_is_found_in_a_mixture_of_both_scripts():
    assert keys("臺湾、台灣与臺灣") == [("place", "TW")] * 3


def test_every_name_of_a_place_is_found_as_a_whole():
    found = {name: keys(f"，{name}，") for name in places.mention_names()}
    assert {name: wrong for name, wrong in found.items() if [kind for kind, _ in wrong] != ["place"]} == {}


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("the H100 NVLink domain", ["H100"]),
        ("H100 NVL", ["H100 NVL"]),
        ("20,000 H100s, RTX 4090s", ["H100", "RTX 4090"]),
        ("South Koreans and Germans", ["South Korean", "German"]),
        ("Korea's, H100-based, B200/GB200", ["H100", "B200", "GB200"]),
    ],
)
def test_a_longer_name_that_is_no_whole_word_hides_no_shorter_one(body, expected):
    assert shown(body) == expected


def test_folding_keeps_every_offset():
    text = "臺灣㈱①ﬁＡ沙烏地 ½…"
    assert len(fold(text)) == len(text)


def test_the_chinese_names_for_the_search_are_chinese():
    names = entity_names()
    assert "瑞士" in names
    assert "Switzerland" not in names
    assert list(names) == sorted(names)


def test_a_long_article_is_tagged_in_no_time():
    start = time.perf_counter()
    found = tag(Article(body="微软称瑞士与H100无关。" * 20_000))
    assert len(found) == 40_000
    assert time.perf_counter() - start < 5
