"""The data files of the catalog: YAML in which every scalar is text, until it is typed by the form of its row."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

import msgspec

from licet.errors import BadFile

if TYPE_CHECKING:
    from pathlib import Path

T = TypeVar("T")


def read_yaml(path: Path) -> Any:
    """Return what a data file holds, all scalars text: ``NO`` is not false and 665.61 not a float."""
    import yaml  # noqa: PLC0415 - where the catalog is kept in the cache, no file is parsed

    loader = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
    with path.open(encoding="utf-8") as stream:
        return yaml.load(stream, Loader=loader)  # noqa: S506 - a base loader makes nothing but text, lists and maps


def converted(where: str, row: object, kind: type[T]) -> T:
    """Convert text scalars to what ``kind`` declares. Raises :class:`BadFile` that names ``where``."""
    try:
        return msgspec.convert(row, kind, strict=False)
    except msgspec.ValidationError as error:
        raise BadFile(f"{where}: {error}") from error
