from itertools import chain

from hypothesis import given
from hypothesis import strategies as st

from licet.archive.relating.neighborhood import Bounds, Neighborhood

BOUNDS = Bounds(join=0.4, merge=0.5, leave=0.3)
numbers = st.integers(1, 9)
stories = st.dictionaries(st.integers(1, 4), st.sets(numbers), min_size=1).map(
    lambda found: {
        story: sorted(members.difference(*[found[other] for other in found if other < story]))
        for story, members in found.items()
    }
)
links = st.dictionaries(st.tuples(numbers, numbers).filter(lambda pair: pair[0] > pair[1]), st.floats(0, 1))


def all_alike(*groups):
    return {(a, b): 0.9 for group in groups for a in group for b in group if a > b}


def test_a_report_goes_to_the_story_it_is_most_alike_to():
    found = Neighborhood({1: [1, 2, 5], 2: [3, 4]}, all_alike([1, 2], [3, 4, 5])).settle(BOUNDS)
    assert found == {1: [1, 2], 2: [3, 4, 5]}


def test_a_report_that_fits_none_begins_a_story():
    found = Neighborhood({1: [1, 2, 3]}, all_alike([1, 2])).settle(BOUNDS)
    assert found == {1: [1, 2], -1: [3]}


def test_stories_that_are_alike_are_one_under_the_older():
    assert Neighborhood({7: [1, 2], 3: [3, 4]}, all_alike([1, 2, 3, 4])).settle(BOUNDS) == {3: [3, 4, 1, 2]}
    bridge = {(2, 1): 0.9, (4, 3): 0.9, (3, 2): 0.9}
    assert Neighborhood({7: [1, 2], 3: [3, 4]}, bridge).settle(BOUNDS) == {7: [1, 2], 3: [3, 4]}


def test_what_is_settled_stays():
    both = {1: [1, 2], 2: [3, 4], 3: [5]}
    assert Neighborhood(both, all_alike([1, 2], [3, 4])).settle(BOUNDS) == both


@given(stories, links)
def test_no_report_is_lost_or_twice(before, chances):
    before = {story: members for story, members in before.items() if members}
    after = Neighborhood(before, chances).settle(BOUNDS)
    assert sorted(chain(*after.values())) == sorted(chain(*before.values()))
    assert all(after.values())
