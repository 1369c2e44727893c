"""The ways in which a chip's name is written: with and without spaces, with its designer before it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_CHINESE = r"[\u4e00-\u9fff]"
_AFTER_CHINESE = re.compile(rf"(?<={_CHINESE})\s*(?=[A-Za-z0-9])")
_BEFORE_NUMBER = re.compile(r"(?<=[A-Za-z]) (?=\d)")


def forms(name: str) -> Iterator[str]:
    """Yield ``name`` as it stands in text: ``昇腾910B`` and ``昇腾 910B``, ``RTX 4090`` and ``RTX4090``."""
    yield name
    for written in (_BEFORE_NUMBER.sub("", name), _AFTER_CHINESE.sub("", name), _AFTER_CHINESE.sub(" ", name)):
        if written != name:
            yield written


def prefixed(designers: Iterable[str], name: str) -> Iterator[str]:
    """Yield the forms of ``name`` after each name of its designer: ``NVIDIA H100``, ``英伟达H100``, ``英伟达 H100``."""
    for designer in designers:
        for form in forms(name):
            yield f"{designer} {form}"
            if not designer.isascii():
                yield f"{designer}{form}"
