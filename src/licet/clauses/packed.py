"""Typed expressions as plain data, and back: what a cache can keep without keeping code.

A node is a mapping of its kind to its fields, ``{"And": [[…, …]]}``; a tuple is a list; an exact number and a date are
text, which the type beside them tells apart.
"""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from licet.clauses import expression as e

_KINDS: dict[str, Any] = {
    kind.__name__: kind
    for kind in (
        e.Constant,
        e.FactTerm,
        e.Arithmetic,
        e.Lookup,
        e.Compare,
        e.CompareRatio,
        e.Member,
        e.Truth,
        e.Known,
        e.Refer,
        e.Always,
        e.Not,
        e.And,
        e.Or,
    )
}


def pack(node: e.Node) -> dict[str, Any]:
    """Return ``node`` as mappings, lists, text and truths."""
    if isinstance(node, e.Constant):
        return {"Constant": [str(node.value), node.type]}
    return {type(node).__name__: [_packed(getattr(node, name)) for name in node.__struct_fields__]}


def _packed(value: Any) -> Any:
    if isinstance(value, tuple):
        return [_packed(item) for item in value]
    return value if value is None or isinstance(value, str | bool) else pack(value)


def unpack(data: Any) -> Any:
    """Return the node that :func:`pack` was given.

    Raises :class:`ValueError`, :class:`TypeError`, :class:`ArithmeticError`, :class:`KeyError` or
    :class:`AttributeError` for data that :func:`pack` did not make.
    """
    ((kind, fields),) = data.items()
    if kind == "Constant":
        text, type_ = fields
        return e.Constant(_value(text, type_), type_)
    return _KINDS[kind](*map(_unpacked, fields))


def _unpacked(value: Any) -> Any:
    if isinstance(value, dict):
        return unpack(value)
    return tuple(map(_unpacked, value)) if isinstance(value, list) else value


def _value(text: str, type_: str) -> Decimal | str | dt.date:
    if type_ == "number":
        return Decimal(text)
    return dt.date.fromisoformat(text) if type_ == "date" else text
