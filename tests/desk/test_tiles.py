import pytest

from licet.catalog.places import places
from licet.desk.tiles import COLUMNS, REGIONS, read, spots
from licet.errors import BadFile


def test_every_place_has_one_tile_and_no_two_share_a_spot():
    found = [(region, spot) for region, members in spots().items() for spot in members]
    assert sorted(spot.code for _, spot in found) == sorted(places())
    assert len({(region, spot.column, spot.row) for region, spot in found}) == len(places())
    assert set(spots()) == set(REGIONS)


def test_a_region_fits_a_phone():
    assert max(spot.column for members in spots().values() for spot in members) <= COLUMNS


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("[asia]\nCN JP\n.. CN", "CN has a tile already"),
        ("[asia]\nCN CN", "CN has a tile already"),
        ("CN", "no row of a region"),
        ("[asia]\nchina", "no row of a region"),
        ("[asia]\n" + " ".join([".."] * (COLUMNS + 1)), "no row of a region"),
    ],
)
def test_a_map_that_is_wrong_is_named(text, fault):
    with pytest.raises(BadFile, match=fault):
        read(text)


def test_rows_and_columns_are_counted_from_one():
    (spot,) = read("# ours\n[asia]\n.. JP")["asia"]
    assert (spot.code, spot.column, spot.row) == ("JP", 2, 1)
