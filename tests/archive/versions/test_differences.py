import random
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from licet.archive import Article
from licet.archive.versions import compare, difference
from licet.archive.versions.pieces import MOST_PAIRS, words

TEXTS = st.text("ab 的一，。.!?二三\n日", max_size=80)


def marked(pieces):
    signs = {"same": "{}", "removed": "[-{}]", "added": "[+{}]"}
    return "".join(signs[piece.kind].format(piece.text) for piece in pieces)


@pytest.mark.parametrize(
    ("before", "after", "shown"),
    [
        ("Ships wait at pier 4.", "Ships wait at pier 5.", "Ships wait at pier [-4][+5]."),
        ("A levy of 0.5 percent", "A levy of 0.25 percent", "A levy of [-0.5][+0.25] percent"),
        ("港口周二关闭，", "港口周三关闭，", "港口周[-二][+三]关闭，"),
        ("配额为100万块", "配额为120万块", "配额为[-100][+120]万块"),
        ("the old quay", "the new north quay", "the [-old][+new north] quay"),
        ("big ship", "small boat", "[-big ship][+small boat]"),
        ("", "港口", "[+港口]"),
        ("港口", "", "[-港口]"),
        ("", "", ""),
    ],
)
def test_words_and_characters_that_changed(before, after, shown):
    assert marked(difference(before, after)) == shown


@given(TEXTS, TEXTS)
def test_the_pieces_make_up_both_texts(before, after):
    pieces = difference(before, after)
    assert "".join(piece.text for piece in pieces if piece.kind != "added") == before
    assert "".join(piece.text for piece in pieces if piece.kind != "removed") == after
    assert all(one.kind != other.kind for one, other in pairwise(pieces))
    assert all(piece.text for piece in pieces)


@given(TEXTS)
def test_cutting_loses_nothing(text):
    assert "".join(words(text)) == text


def test_texts_with_too_many_pairs_are_compared_by_sentence_then_whole():
    sentence = "港港港港港港港港港港" * 100
    assert len(sentence) ** 2 > MOST_PAIRS
    before = f"甲{sentence}。中。{sentence}乙。"
    after = f"甲{sentence}。中。{sentence}丙。"
    assert marked(difference(before, after)).endswith("[-乙][+丙]。"), "the same ends do not count"
    pieces = difference(f"甲{sentence}。末。", f"乙{sentence}。尾。")
    assert [piece.kind for piece in pieces] == ["removed", "added"]
    one, other = "x" + "ab" * 2000, "y" + "ba" * 2000 + "z"
    assert [piece.kind for piece in difference(" ".join(one), " ".join(other))] == ["removed", "added"]


BEFORE = Article(
    lang="zh",
    title="港口周二关闭",
    published="2025-03-01 08:00",
    author=("本报编辑部",),
    body="第一段照旧。\n港口管理处周二宣布，三号码头关闭两天。\n这一段后来删去了。\n最后一段照旧。",
)
AFTER = Article(
    lang="zh",
    title="港口周三关闭",
    published="2025-03-01 09:30",
    source="晨港财经",
    author=("本报编辑部",),
    body="第一段照旧。\n港口管理处周三宣布，三号码头关闭五天。\n最后一段照旧。\n更正：先前的日期有误。",
)


def test_each_field_and_each_paragraph_says_what_became_of_it():
    change = compare(BEFORE, AFTER)
    assert {found.field: marked(found.pieces) for found in change.fields} == {
        "title": "港口周[-二][+三]关闭",
        "published": "2025-03-01 [-08:00][+09:30]",
        "source": "[+晨港财经]",
    }
    assert [(part.kind, marked(part.pieces)) for part in change.body] == [
        ("same", "第一段照旧。"),
        ("changed", "港口管理处周[-二][+三]宣布，三号码头关闭[-两][+五]天。"),
        ("removed", "[-这一段后来删去了。]"),
        ("same", "最后一段照旧。"),
        ("added", "[+更正：先前的日期有误。]"),
    ]
    assert change.counts() == {"changed": 1, "removed": 1, "added": 1}
    assert change.changed
    assert not compare(AFTER, AFTER).changed


BODIES = st.lists(st.sampled_from(["甲港口开放", "甲港口关闭", "Ships wait", "Ships leave now", "x", ""]), max_size=9)


@given(BODIES, BODIES)
def test_the_paragraphs_make_up_both_bodies(before, after):
    change = compare(Article(body="\n".join(before)), Article(body="\n".join(after)))
    old = [
        "".join(piece.text for piece in part.pieces if piece.kind != "added")
        for part in change.body
        if part.kind != "added"
    ]
    new = [
        "".join(piece.text for piece in part.pieces if piece.kind != "removed")
        for part in change.body
        if part.kind != "removed"
    ]
    assert old == [line for line in before if line]
    assert new == [line for line in after if line]


def test_a_paragraph_that_moved_past_others_is_found_in_its_best_place():
    change = compare(
        Article(body="one two three four\nfive six seven eight"),
        Article(body="nothing like it\none two three five\nfive six seven nine"),
    )
    assert [part.kind for part in change.body] == ["added", "changed", "changed"]


def test_long_bodies_take_few_steps(monkeypatch):
    chance = random.Random(7)  # noqa: S311 - texts, no secret
    made = [["ab的一"[chance.randrange(4)] for _ in range(60_000)] for _ in range(2)]
    lines = ["\n".join("".join(text[at : at + 10]) for at in range(0, 60_000, 10)) for text in made]
    change = compare(Article(body=lines[0]), Article(body=lines[1]))
    assert sum(change.counts().values()) > 1_000
    same = ["\n".join(["a line"] * count) for count in (3_000, 2_900)]
    assert compare(Article(body=same[0]), Article(body=same[1])).changed
