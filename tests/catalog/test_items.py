"""One look-up for chips and systems: names, families, near misses, mentions."""

import string

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from licet.catalog import chips, items, systems
from licet.catalog.names import key
from licet.errors import UnknownName

ALL = list(items.every().values())
CHIPS = list(chips.chips().values())
OWN_NAMES = [(name, item.id) for item in ALL for name in items.own_names(item)]
FAMILIES = {**chips.families(), **systems.families()}
AMBIGUOUS = {
    "rtxpro6000", "rtxpro6000blackwell", "gaudi", "habanagaudi", "tpuv5", "nvl72", "nvl72机柜",
}  # fmt: skip


def _full_width(name):
    return "".join(chr(ord(letter) + 0xFEE0) if "!" <= letter <= "~" else letter for letter in name)


WRITTEN = [str, str.upper, str.lower, lambda name: name.replace(" ", "-"), _full_width, lambda name: f"  {name} "]


def test_every_chip_and_system_is_an_item_under_its_own_id():
    assert len(items.every()) == len(chips.chips()) + len(systems.systems())
    assert all(identifier == item.id for identifier, item in items.every().items())


@given(st.sampled_from(OWN_NAMES), st.sampled_from(WRITTEN))
def test_every_name_finds_its_item(named, written):
    name, identifier = named
    found = items.look_up(written(name))
    assert found.item.id == identifier
    assert found.family is None


@given(st.sampled_from(sorted(FAMILIES)), st.data())
def test_every_name_of_a_family_leads_to_its_default_or_names_its_members(name, data):
    family = FAMILIES[name]
    written = data.draw(st.sampled_from((name, *family.mentions, *family.with_designer, *family.lookup)))
    if family.default:
        found = items.look_up(written)
        assert (found.item.id, found.family, found.why) == (family.default, name, family.why)
        assert {found.item.id, *found.others} == set(family.members)
    else:
        with pytest.raises(UnknownName, match="more than one") as caught:
            items.look_up(written)
        assert set(caught.value.near) == set(family.members)


@given(st.sampled_from(ALL), st.data())
def test_an_item_is_found_after_its_designer(item, data):
    designer = data.draw(st.sampled_from(chips.designers()[item.designer].names))
    name = data.draw(st.sampled_from((*item.mentions, *item.with_designer, item.id)))
    space = data.draw(st.sampled_from(["", " "]))
    assert items.item(designer + space + name) == item


def test_only_what_is_meant_to_be_is_ambiguous():
    assert items._index().ambiguous().keys() == AMBIGUOUS


@pytest.mark.parametrize("name", ["RTX PRO 6000", "NVIDIA RTX PRO 6000", "Gaudi", "TPU v5", "NVL72"])
def test_a_family_without_a_default_asks_which(name):
    with pytest.raises(UnknownName, match="more than one chip or system") as caught:
        items.item(name)
    assert name in caught.value.message
    assert all(near in items.every() for near in caught.value.near)


@pytest.mark.parametrize(
    ("name", "identifier"),
    [
        ("H100", "h100-sxm"), ("h100", "h100-sxm"), ("H 100", "h100-sxm"), ("英伟达H100", "h100-sxm"),
        ("輝達 H100", "h100-sxm"), ("A100", "a100-80gb-sxm"), ("h200", "h200-sxm"), ("昇腾910B", "ascend-910b1"),
        ("昇騰 910B", "ascend-910b1"), ("思元370", "mlu370-x8"), ("HGX H100", "hgx-h100-8gpu"),
        ("DGX A100", "dgx-a100-640gb"), ("英伟达HGX H200", "hgx-h200-8gpu"),
    ],
)  # fmt: skip
def test_a_family_name_is_taken_for_its_default_and_says_so(name, identifier):
    found = items.look_up(name)
    assert found.item.id == identifier
    assert found.family in FAMILIES
    assert found.why.keys() == {"en", "zh"}
    assert identifier not in found.others


@pytest.mark.parametrize(
    ("name", "identifier"),
    [
        ("昇腾 910C", "ascend-910c"), ("RTX 4090D", "rtx-4090d"), ("RTX 4090 D", "rtx-4090d"), ("MI-300X", "mi300x"),
        ("思元590", "mlu590"), ("寒武纪思元590", "mlu590"), ("壁仞BR100", "br100"), ("摩尔线程S4000", "s4000"),
        ("海光深算三号", "bw1000"), ("天数智芯天垓100", "bi-v100"), ("昆仑芯P800", "p800"), ("L4", "l4"),
        ("Tesla V100", "v100-sxm2-32gb"), ("Tesla D1", "d1"), ("RTX 4090", "rtx-4090"),
        ("nvidia-h100-sxm", "h100-sxm"), ("NVIDIA H100 SXM5 80GB", "h100-sxm"), ("ＲＴＸ　４０９０Ｄ", "rtx-4090d"),
        ("DGX H100", "dgx-h100"), ("英伟达DGX H100", "dgx-h100"), ("HGX H100 4-GPU", "hgx-h100-4gpu"),
        ("GB200", "gb200"), ("GB200 NVL72", "gb200-nvl72"), ("GB200超级芯片", "gb200-superchip"), ("HGX H20", "h20"),
        ("华为CloudMatrix384", "atlas-900-a3-superpod"), ("昇騰384超節點", "atlas-900-a3-superpod"), ("CS-3", "cs-3"),
    ],
)  # fmt: skip
def test_names_that_people_use(name, identifier):
    found = items.look_up(name)
    assert (found.item.id, found.family) == (identifier, None)


@pytest.mark.parametrize("name", ["寒武纪", "昆仑芯", "NVIDIA", "英伟达", "Moore Threads"])
def test_a_designer_is_not_a_chip(name):
    with pytest.raises(UnknownName, match="designs chips") as caught:
        items.item(name)
    assert 1 <= len(caught.value.near) <= 5


def test_another_designers_name_does_not_fit():
    with pytest.raises(UnknownName):
        items.item("AMD H100")


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("h100-smx", "h100-sxm"), ("H10O SXM", "h100-sxm"), ("rtx-4900", "rtx-4090"), ("昇腾 91OB", "ascend-910b1"),
        ("mi30x", "mi300x"), ("gaudi4", "gaudi3"), ("dgx h10", "dgx-h100"), ("gb200 nvl27", "gb200-nvl72"),
        ("思园590", "mlu590"), ("k100", "k200"), ("hgx h20O", "hgx-h200-8gpu"),
    ],
)  # fmt: skip
def test_a_slip_of_the_pen_offers_what_was_meant(typed, meant):
    with pytest.raises(UnknownName) as caught:
        items.item(typed)
    assert meant in caught.value.near


#: One change of an id that has more than five neighbors as near: a letter and two digits.
CROWDED = {
    *(("z100", typed) for typed in ("r100", "p100", "k100", "c100", "n100", "9100")),
    *(("r200", typed) for typed in ("c200", "g200")),
    ("h20", "a20"),
    ("t20", "a20"),
    ("b100", "9100"),
}
LETTERS = string.ascii_lowercase + string.digits


@st.composite
def _slips(draw):
    """An id, and the id with one character left out, added, wrong, or two in each other's place."""
    identifier = draw(st.sampled_from(sorted(items.every())))
    at = draw(st.integers(0, len(identifier) - 1))
    letter = draw(st.sampled_from(LETTERS))
    before, here, after = identifier[:at], identifier[at], identifier[at + 1 :]
    typed = draw(
        st.sampled_from(
            [
                before + after,
                before + letter + here + after,
                before + letter + after,
                before + after[:1] + here + after[1:],
            ]
        )
    )
    return identifier, typed


@settings(max_examples=500)
@given(_slips())
def test_one_slip_in_an_id_still_offers_it(slip):
    identifier, typed = slip
    refused = None
    try:
        items.look_up(typed)
    except UnknownName as error:
        refused = error
    if refused and slip not in CROWDED:
        assert len(refused.near) <= 5
        assert identifier in refused.near, refused


@given(st.text())
@example("")
@example("NVIDIA ")
@example("the")
@example("H100\x00")
@example("h" * 100_000)
def test_any_text_is_an_item_or_an_unknown_name(text):
    refused = None
    try:
        found = items.look_up(text)
    except UnknownName as error:
        refused = error
    if refused:
        assert len(refused.near) <= 5
        assert refused.fix
    else:
        assert found.item.id in items.every()


def test_mentions_lead_to_the_item_that_the_name_finds():
    mentions = items.mention_names()
    for name, identifier in mentions.items():
        assert items.item(name).id == identifier
    expected = {
        "H100": "h100-sxm", "英伟达H100": "h100-sxm", "英伟达 H100": "h100-sxm", "NVIDIA H100": "h100-sxm",
        "RTX 4090": "rtx-4090", "RTX4090": "rtx-4090", "昇腾910B": "ascend-910b1", "昇腾 910B": "ascend-910b1",
        "NVIDIA L4": "l4", "英伟达L4": "l4", "含光800": "hanguang-800", "DGX H100": "dgx-h100",
        "HGX H100": "hgx-h100-8gpu", "GB200 NVL72": "gb200-nvl72", "CloudMatrix384": "atlas-900-a3-superpod",
        "英伟达DGX H100": "dgx-h100", "昇腾384超节点": "atlas-900-a3-superpod",
    }  # fmt: skip
    assert {name: mentions.get(name) for name in expected} == expected


def test_mentions_leave_out_what_is_something_else_in_running_text():
    left_out = (
        "L4", "L2", "A10", "A2", "T4", "T20", "S60", "D1", "Bow", "Dojo", "Rubin", "4090", "寒武纪", "NVIDIA", "CS-3",
        "NVL72",
    )  # fmt: skip
    assert [name for name in left_out if name in items.mention_names()] == []


def test_a_family_name_is_no_items_own():
    own = {key(name) for name, _ in OWN_NAMES}
    assert own.isdisjoint(items._family_keys())
