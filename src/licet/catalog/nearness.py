"""How near two folded names are: an edit distance in which a digit weighs more than a letter, and a beginning counts.

The number of a model is what tells it from its neighbors: ``h100`` and ``h200`` are two chips, ``h100smx`` is a slip of
the pen. Two neighbors that changed places are one change (optimal string alignment), the cheapest; a letter too few or
too many is a little cheaper than a wrong one, since so many names differ in their first letter alone (A100, B100, H100,
V100). Of names that differ by as much, those that begin alike are nearer.
"""

from __future__ import annotations

# In hundredths of a wrong letter, whole numbers so that sums are exact.
_LETTER_CHANGED, _LETTER_MORE, _LETTERS_MOVED = 100, 90, 80
_DIGIT, _DIGIT_MOVED = 120, 100
#: What each of the first letters that two names share brings them nearer.
_SHARED, _MOST_SHARED = 25, 4
#: A name that begins with all that was typed is no further away than this, and a trifle for each letter it goes on.
_BEGINS, _TRIFLE = 150, 1
#: This part of two names may differ, in hundredths, and they are still alike.
_ALIKE = 40


def _more(character: str) -> int:
    return _DIGIT if character.isdigit() else _LETTER_MORE


def distance(one: str, other: str, most: int) -> int | None:
    """Return the least cost of the changes that make ``other`` of ``one``; None where it is over ``most``."""
    before: list[int] = []
    above: list[int] = [0]
    for character in other:
        above.append(above[-1] + _more(character))
    for row, mine in enumerate(one, start=1):
        line = [above[0] + _more(mine)]
        for column, theirs in enumerate(other, start=1):
            digit = mine.isdigit() or theirs.isdigit()
            changed = 0 if mine == theirs else _DIGIT if digit else _LETTER_CHANGED
            least = min(above[column - 1] + changed, above[column] + _more(mine), line[-1] + _more(theirs))
            if row > 1 and column > 1 and mine == other[column - 2] != theirs == one[row - 2]:
                least = min(least, before[column - 2] + (_DIGIT_MOVED if digit else _LETTERS_MOVED))
            line.append(least)
        if min(line) > most and min(above) > most:
            return None
        before, above = above, line
    return above[-1] if above[-1] <= most else None


def _shared(one: str, other: str) -> int:
    """Return with how many characters both begin, :data:`_MOST_SHARED` at most."""
    shared = 0
    while shared < min(len(one), len(other), _MOST_SHARED) and one[shared] == other[shared]:
        shared += 1
    return shared


def cost(typed: str, name: str) -> int | None:
    """Return how far ``name`` is from what was typed, both folded; None where the two are not alike.

    One change is always near, but in two letters, which are half a name or the code of another place. The cost orders
    suggestions, and says nothing else.
    """
    weights = sum(map(_more, typed)), sum(map(_more, name))
    most = _ALIKE * max(weights) // 100
    if len(typed) > 2 or not typed.isascii() or any(map(str.isdigit, typed + name)):
        most = max(most, _DIGIT)
    found = distance(typed, name, most) if typed and abs(weights[0] - weights[1]) <= most else None
    if found is not None:
        return found - _SHARED * _shared(typed, name)
    return _BEGINS + _TRIFLE * (len(name) - len(typed)) if len(typed) > 1 and name.startswith(typed) else None
