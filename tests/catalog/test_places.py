"""Places: completeness, names, rows."""

import opencc
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from licet.catalog import places
from licet.catalog.names import key
from licet.errors import BadFile, UnknownName

TRADITIONAL = opencc.OpenCC("s2t")
AMBIGUOUS = {
    "channelislands": {"GG", "JE"},
    "congo": {"CD", "CG"},
    "congolese": {"CD", "CG"},
    "dominican": {"DM", "DO"},
    "korea": {"KP", "KR"},
    "korean": {"KP", "KR"},
    "koreanpeninsula": {"KP", "KR"},
    "netherlandsantilles": {"BQ", "CW"},
    "virginislands": {"VG", "VI"},
    "刚果": {"CD", "CG"},
    "圣马丁": {"MF", "SX"},
    "朝鲜半岛": {"KP", "KR"},
    "海峡群岛": {"GG", "JE"},
    "港澳": {"HK", "MO"},
    "港澳台": {"HK", "MO", "TW"},
    "维尔京群岛": {"VG", "VI"},
    "荷属安的列斯": {"BQ", "CW"},
}
EVERY_NAME = [
    (name, item.code) for item in places.places().values() for name in item.every_name() if key(name) not in AMBIGUOUS
]


def test_every_place_of_iso_3166_and_kosovo_is_there():
    codes = places.places().keys()
    assert len(codes) == 250
    assert "XK" in codes
    assert all(len(code) == 2 and code.isupper() and code.isascii() for code in codes)
    assert len({item.alpha3 for item in places.places().values()}) == 250


def test_every_place_has_a_name_in_both_languages():
    for item in places.places().values():
        assert item.names["en"].isprintable()
        assert any("一" <= character <= "鿿" for character in item.names["zh"]), item.code


@settings(deadline=None)
@given(st.sampled_from(EVERY_NAME), st.sampled_from([str, str.upper, str.lower, lambda name: f"  {name} "]))
def test_every_name_finds_its_place(named, written):
    name, code = named
    assert places.place(written(name)).code == code


@settings(deadline=None)
@given(st.sampled_from(EVERY_NAME))
def test_every_name_finds_its_place_in_traditional_characters(named):
    name, code = named
    assert places.place(TRADITIONAL.convert(name)).code == code


def test_only_what_is_meant_to_be_is_ambiguous():
    assert {name: set(codes) for name, codes in places._index().ambiguous().items()} == AMBIGUOUS


@pytest.mark.parametrize("name", ["Korea", "Congo", "刚果", "Korean", "Virgin Islands", "港澳", "港澳台"])
def test_an_ambiguous_name_asks_which(name):
    with pytest.raises(UnknownName, match="more than one place") as caught:
        places.place(name)
    assert {places.place(near).code for near in caught.value.near} == AMBIGUOUS[key(name)]


@settings(deadline=None)
@given(st.text())
@example("")
@example("\x00")
@example("Freedonia")
@example("the")
def test_any_text_is_a_place_or_an_unknown_name(text):
    refused = None
    try:
        found = places.place(text)
    except UnknownName as error:
        refused = error
    if refused:
        assert len(refused.near) <= 5
        assert refused.fix
    else:
        cldr = (places._cldr("en")[found.code], places._cldr("zh")[found.code])
        assert key(text) in {key(name) for name in (*found.every_name(), *cldr)}


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("UAE", "AE"), ("阿联酋", "AE"), ("阿拉伯联合酋长国", "AE"), ("Emirati", "AE"),
        ("南韩", "KR"), ("韩国", "KR"), ("Republic of Korea", "KR"), ("South Korea", "KR"), ("DPRK", "KP"),
        ("台湾", "TW"), ("中国台湾", "TW"), ("臺灣", "TW"), ("Taiwan", "TW"),
        ("香港", "HK"), ("Hong Kong SAR", "HK"), ("澳门", "MO"), ("Macao", "MO"), ("Macau", "MO"),
        ("中国大陆", "CN"), ("Mainland China", "CN"), ("PRC", "CN"),
        ("俄罗斯", "RU"), ("俄国", "RU"), ("沙特", "SA"), ("沙特阿拉伯", "SA"), ("Saudi", "SA"),
        ("英国", "GB"), ("UK", "GB"), ("Britain", "GB"), ("Burma", "MM"), ("Myanmar", "MM"),
        ("Türkiye", "TR"), ("Turkey", "TR"), ("土耳其", "TR"), ("Czechia", "CZ"), ("Czech Republic", "CZ"),
        ("DRC", "CD"), ("刚果(金)", "CD"), ("Congo - Kinshasa", "CD"), ("刚果（布）", "CG"), ("Swaziland", "SZ"),
        ("Swiss", "CH"), ("che", "CH"), ("ch", "CH"), ("no", "NO"), ("Georgia", "GE"), ("Guinea", "GN"),
        ("Northern Ireland", "GB"), ("Ireland", "IE"), ("Micronesia", "FM"), ("Hong Kong, China", "HK"),
        ("Ｓｗｉｔｚｅｒｌａｎｄ", "CH"), ("瑞士", "CH"), ("寮国", "LA"), ("Deutschland", "DE"), ("Fijian", "FJ"),
        ("Guinea-Bissau", "GW"), ("Equatorial Guinean", "GQ"), ("Papua New Guinea", "PG"),
    ],
)  # fmt: skip
def test_names_that_people_use(name, code):
    assert places.place(name).code == code


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("Swtzerland", "Switzerland"), ("Zwitserland", "Switzerland"), ("Tiawan", "Taiwan"), ("瑞土", "Switzerland"),
        ("Guinee", "Guinea"), ("Filand", "Finland"), ("Georgia, USA", "Georgia"), ("泰囯", "Thailand"),
        ("United Arab Emirate", "United Arab Emirates"), ("南朝", "South Korea"),
    ],
)  # fmt: skip
def test_a_slip_of_the_pen_offers_what_was_meant(typed, meant):
    with pytest.raises(UnknownName) as caught:
        places.place(typed)
    assert meant in caught.value.near


@pytest.mark.parametrize("name", ["EU", "欧盟", "Europe", "World", "Zanzibar"])
def test_what_is_no_place_is_none(name):
    with pytest.raises(UnknownName, match="no place called"):
        places.place(name)


def test_the_rows_of_the_chart():
    rows = {code: item.row for code, item in places.places().items()}
    assert {code: rows[code] for code in ("HK", "KY", "LI")} == {"HK": "CN", "KY": "GB", "LI": "CH"}
    assert {code: rows[code] for code in ("AW", "CW", "SX", "MO", "TW")} == {
        "AW": "AW", "CW": "CW", "SX": "SX", "MO": "MO", "TW": "TW",
    }  # fmt: skip
    assert {code: rows[code] for code in ("GL", "PR", "RE", "BQ", "GI")} == {
        "GL": "DK", "PR": "US", "RE": "FR", "BQ": "NL", "GI": "GB",
    }  # fmt: skip
    assert {code for code, row in rows.items() if row is None} == {"AQ", "CK", "NU", "PS"}


def test_the_chart_has_two_hundred_rows():
    # 196 rows with marks and 4 that point to part 746; Liechtenstein's points to Switzerland's.
    on_chart = {item.code for item in places.places().values() if "Supp. 1" in item.row_source}
    assert len(on_chart) == 200
    assert {"CU", "IR", "KP", "SY", "XK", "EH", "LI"} <= on_chart
    assert "US" not in on_chart


def test_a_row_is_a_place_that_has_its_own():
    for item in places.places().values():
        assert item.row_source
        assert (item.row is None) == (item.row_seen == "unknown")
        if item.row is not None:
            assert places.places()[item.row].row == item.row
        if item.row_seen == "derived":
            assert item.territory_of == item.row or item.code == "US"


def test_display_names_and_the_words_of_an_operator():
    assert places.display_name("TW", "en") == "Taiwan"
    assert places.display_name(places.place("ch"), "zh") == "瑞士"
    assert places.display_name("TW", "zh", {"TW": "中国台湾"}) == "中国台湾"
    assert places.display_name("CH", "zh", {"TW": "中国台湾"}) == "瑞士"


def test_mentions_name_one_place_each():
    for name, code in places.mention_names().items():
        assert places.place(name).code == code


def test_mentions_leave_out_what_is_something_else_in_running_text():
    mentions = places.mention_names()
    left_out = (
        "US",
        "CH",
        "Chad",
        "Jordan",
        "Georgia",
        "Jersey",
        "Korea",
        "Congo",
        "Polish",
        "海地",
        "蒙古",
        "马里",
        "中非",
    )
    assert [name for name in left_out if name in mentions] == []
    assert all(len(name) > 1 for name in mentions)
    kept = (
        "Switzerland",
        "Swiss",
        "瑞士",
        "UAE",
        "阿联酋",
        "U.S.",
        "美国",
        "Turkey",
        "刚果（金）",
        "刚果(金)",
        "蒙古国",
    )
    assert [name for name in kept if name not in mentions] == []


def test_every_place_but_few_has_a_mention():
    silent = places.places().keys() - set(places.mention_names().values())
    assert silent == set()


def _file(tmp_path, monkeypatch, text):
    head = "code,alpha3,row,row_seen,row_source,territory_of,en,zh,aliases,lookup,demonyms\n"
    path = tmp_path / "places.csv"
    path.write_text(head + text, encoding="utf-8")
    monkeypatch.setattr(places, "_FILE", path)
    return places.places.__wrapped__


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("NO,NOR,NO,guessed,chart,,,,,,\n", r"places\.csv, row 'NO': .*guessed"),
        ("NO,NOR,SE,secondary,chart,,,,,,\n", "row NO: there is no place 'SE'"),
        ("NO,NOR,NO,secondary,chart,,,,,,\nNO,NOR,NO,secondary,chart,,,,,,\n", "NO stands there twice"),
        ("QQ,QQQ,QQ,secondary,chart,,,,,,\n", "row 'QQ': .*names"),
        ("NO,NOR\n", "row 'NO'"),
    ],
)
def test_wrong_data_name_file_and_row(tmp_path, monkeypatch, text, message):
    read = _file(tmp_path, monkeypatch, text)
    with pytest.raises(BadFile, match=message):
        read()
