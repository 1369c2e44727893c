"""What was worked out lately, so that the same page need not work it out again: a few hundred results in memory."""

from __future__ import annotations

from collections import OrderedDict
from threading import Lock
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

T = TypeVar("T")


class Recent(Generic[T]):
    """The last ``most`` results by key; threads may share it. A key must hold all that its result follows from."""

    def __init__(self, most: int) -> None:
        self.most = most
        self._turn = Lock()
        self._found: OrderedDict[Hashable, T] = OrderedDict()

    def get(self, key: Hashable, make: Callable[[], T]) -> T:
        """Return the result of a key, made if it is not there. An error of ``make`` is raised, and not kept."""
        with self._turn:
            if key in self._found:
                self._found.move_to_end(key)
                return self._found[key]
        made = make()
        with self._turn:
            self._found[key] = made
            while len(self._found) > self.most:
                self._found.popitem(last=False)
        return made
