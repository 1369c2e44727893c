import pytest
from hypothesis import given
from hypothesis import strategies as st

from licet.archive.finding.language import DEEPEST, LONGEST, MOST, All, Either, Not, Phrase, Word, read_query
from licet.archive.finding.limits import Filters, Limit, read_limit
from licet.errors import BadValue

PIECES = st.lists(
    st.one_of(
        st.sampled_from(
            ["AND", "OR", "NOT", "与", "或", "非", "(", ")", '"', "“", "（", "-", "+", "港口", "chips", ":"]
        ),
        st.text(max_size=6),
    ),
    max_size=30,
)


def shape(query):
    asked = read_query(query)
    return asked.strict, asked.loose, asked.phrases


@pytest.mark.parametrize(
    ("query", "strict", "loose", "phrases"),
    [
        ("港口 盤點", (), ("港口", "盘点"), ()),
        ('"年度 盘点" 港口', (Phrase("年度 盘点"),), ("港口",), ("年度 盘点",)),
        ("“年度盘点”", (Phrase("年度盘点"),), (), ("年度盘点",)),
        ("港口 -仓库", (Not(Word("仓库")),), ("港口",), ()),
        ("港口 －仓库", (Not(Word("仓库")),), ("港口",), ()),
        ('-"两个 词" A', (Not(Phrase("两个 词")),), ("a",), ()),
        ("+港口 仓库", (Word("港口"),), ("仓库",), ()),
        ("港口 AND 仓库", (Word("港口"), Word("仓库")), (), ()),
        ("港口 与 仓库", (Word("港口"), Word("仓库")), (), ()),
        ("港口 OR 仓库", (Either((Word("港口"), Word("仓库"))),), (), ()),
        ("甲 或 乙 丙", (Either((Word("甲"), All((Word("乙"), Word("丙"))))),), (), ()),
        ("（甲 或 乙） 非 丙", (Either((Word("甲"), Word("乙"))), Not(Word("丙"))), (), ()),
        ("title:港口 仓库", (Word("港口", title=True),), ("仓库",), ()),
        ("标题：港口", (Word("港口", title=True),), (), ()),
        ("来源：财联社 港口", (Limit("source", "财联社"),), ("港口",), ()),
        ('source:"两个 词" 港口', (Limit("source", "两个 词"),), ("港口",), ()),
        ("-lang:en 港口", (Not(Limit("lang", "en")),), ("港口",), ()),
        ("H100-SXM", (), ("h100-sxm",), ()),
        ("((( -- + && :", (), (), ()),
        ("", (), (), ()),
    ],
)
def test_queries(query, strict, loose, phrases):
    assert shape(query) == (strict, loose, phrases)


@pytest.mark.parametrize(
    ("query", "loose", "note"),
    [
        ('"没有结尾', (), "quotation mark"),
        ("港口 AND", ("港口",), "AND joins nothing"),
        ("OR 港口", ("港口",), "OR joins nothing"),
        ("港口 NOT", ("港口",), "NOT joins nothing"),
        ("港口) 仓库", ("港口", "仓库"), "parenthesis"),
        ("(港口 仓库", ("港口", "仓库"), "parenthesis"),
    ],
)
def test_what_is_not_well_formed_is_read_and_noted(query, loose, note):
    asked = read_query(query)
    assert asked.loose == loose
    assert note in " ".join(map(str, asked.notes))


def test_a_headline_that_was_pasted_is_words():
    for text in (
        "东港:强烈反对“先装后验”的做法",
        "东港(集团)公司的“先装后验”",
        "气温 -5度",
        "东港浮吊检修完成 检修队撤离现场 来源:东港日报 编辑:港口组",
        '他说:"港口。"\n-仓库 OR',
    ):
        asked = read_query(text)
        assert (asked.strict, asked.notes) == ((), ()), text
        assert asked.loose


def test_there_is_a_limit_on_everything():
    asked = read_query("港 " * 2000)
    assert len(asked.loose) <= MOST
    assert len(read_query("港" * 2000).text) == LONGEST
    assert "deeper" in str(read_query("(" * (DEEPEST + 2) + "港" + ")" * (DEEPEST + 2)).notes[0])


@given(PIECES)
def test_any_query_is_read(pieces):
    asked = read_query(" ".join(pieces))
    assert set(asked.phrases) <= set(asked.wanted)
    assert set(asked.loose) <= set(asked.wanted)


@pytest.mark.parametrize(
    ("field", "value", "since", "until"),
    [
        ("on", "2025-02-28", 1740672000, 1740758400),
        ("on", "2025年2月28日", 1740672000, 1740758400),
        ("on", "20250228", 1740672000, 1740758400),
        ("after", "2025-02-28", 1740672000, None),
        ("before", "2025-02-28", None, 1740672000),
        ("on", "2025-02", 1738339200, 1740758400),
        ("on", "2025", 1735660800, 1767196800),
    ],
)
def test_days_months_and_years_are_china_s(field, value, since, until):
    assert read_limit(field, value) == Limit("moment", since=since, until=until)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("before", "2025-13-40"),
        ("on", "yesterday"),
        ("after", "0000"),
        ("lang", "tlh"),
        ("tag", "chip"),
        ("tag", "person:x"),
        ("site", "nowhere"),
    ],
)
def test_an_impossible_filter_is_one_clear_error(field, value):
    with pytest.raises(BadValue) as told:
        read_limit(field, value)
    assert value in told.value.message
    assert told.value.fix


def test_filters_are_read_as_in_a_query():
    assert Filters(tag="Place:CH", site="https://www.News.example/a", lang="中文").limits() == [
        Limit("lang", "zh"),
        Limit("site", "news.example"),
        Limit("tag", "place:ch"),
    ]
    with pytest.raises(BadValue, match="ends before"):
        Filters(since=10, until=10).limits()
