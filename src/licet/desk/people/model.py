"""People, sessions and keys, as the desk knows them. Secrets are in none of them."""

from __future__ import annotations

import datetime as dt  # noqa: TC003 - msgspec reads the annotations
from typing import Literal, get_args

import msgspec

Role = Literal["reader", "analyst", "officer"]
"""A reader sees orders and accounts, an analyst screens books and makes plans, an officer posts, decides and admits."""

Scope = Literal["orders:read", "orders:write", "ledger:read", "ledger:write", "takedowns", "determinations", "metrics"]
"""What a key for a program may be used for; what its owner may not do, it may not do either."""

ROLES: tuple[Role, ...] = get_args(Role)
SCOPES: tuple[Scope, ...] = get_args(Scope)


class Person(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody who may sign in. ``disabled``: since when not any more."""

    name: str
    role: Role
    added: dt.datetime
    disabled: dt.datetime | None = None

    def is_at_least(self, role: Role) -> bool:
        """Say whether what ``role`` may do, this person may do as well."""
        return ROLES.index(self.role) >= ROLES.index(role)


class Session(msgspec.Struct, frozen=True, kw_only=True):
    """A person who is signed in. ``csrf``: what every form of theirs must send back."""

    person: Person
    csrf: str
    expires: dt.datetime


class Key(msgspec.Struct, frozen=True, kw_only=True):
    """A key for a program, without its secret."""

    id: str
    owner: Person
    scopes: tuple[Scope, ...]
    made: dt.datetime
    expires: dt.datetime
    revoked: dt.datetime | None = None
