"""The display names of places that the operator of this copy wants: ``names.yaml`` in the data folder.

::

    places:
      TW: {zh: 中国台湾}
      TR: {en: Turkey}

Each code may have a name in English, in Chinese, or both; what is not given keeps the built-in name. The names are
displayed wherever a place is, and look-up knows them beside the built-in ones. Codes never change.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING

from licet.catalog.names import key
from licet.errors import BadFile
from licet.home import home

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

FILE = "names.yaml"
LARGEST_FILE = 200_000
LONGEST_NAME = 80


@dataclass(frozen=True, eq=False)
class OwnNames:
    """Display names by language and code, and codes by folded name. Compared by identity, so that it can be a key."""

    names: Mapping[str, Mapping[str, str]] = field(default_factory=lambda: MappingProxyType({}))
    codes: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))

    def of(self, language: str) -> Mapping[str, str]:
        """Return the names in ``language`` (``en``, ``zh``) by code."""
        return self.names.get(language, {})

    def code(self, name: str) -> str | None:
        """Return the code of the place that has ``name`` here, None if none has."""
        return self.codes.get(key(name))


NONE = OwnNames()


def here() -> OwnNames:
    """Return the own names of ``LICET_HOME``. Raises :class:`BadFile`."""
    return read_own_names(home())


def read_own_names(folder: Path) -> OwnNames:
    """Read ``names.yaml`` of a data folder; without one, no names.

    Raises :class:`BadFile`, with file and line, for what is no such file, an unknown code or language, a name that is
    not printable or longer than :data:`LONGEST_NAME`, and a name that is another place's.
    """
    path = folder / FILE
    try:
        stamp = path.stat()
    except (OSError, ValueError):
        return NONE
    return _read(path, stamp.st_mtime_ns, stamp.st_size)


@lru_cache(maxsize=4)
def _read(path: Path, modified: int, size: int) -> OwnNames:  # noqa: ARG001 - a file that changed is read again
    if size > LARGEST_FILE:
        raise BadFile(f"{FILE} is larger than {LARGEST_FILE} bytes", fix="name places only")
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise BadFile(f"{FILE} cannot be read: {error}", fix="make it a file of UTF-8 text") from error
    from licet.catalog.names_file import parsed  # noqa: PLC0415 - most copies have no such file

    names, codes = parsed(text)
    return OwnNames(MappingProxyType(names), MappingProxyType(codes))
