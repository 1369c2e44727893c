"""What is taken as input: lengths, one line or several, grounds, times with a zone."""

from __future__ import annotations

import unicodedata
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from licet.archive.takedowns.model import GROUNDS, SCOPES
from licet.errors import BadValue

if TYPE_CHECKING:
    from licet.archive.takedowns.model import Ground, Scope

NAME = 200
CONTACT = 300
TEXT = 4000
REASON = 2000
ROLE = 100
BLOCKER = 500

FIRST_YEAR, LAST_YEAR = 1990, 2199


def line(what: str, text: str, longest: int, *, needed: bool = True) -> str:
    """Return a text of one line without the spaces around it; :class:`~licet.errors.BadValue` if it cannot be that."""
    found = unicodedata.normalize("NFC", text).strip()
    if any(unicodedata.category(character) in ("Cc", "Cs", "Zl", "Zp") for character in found):
        raise BadValue(f"{what} holds control characters", fix="write it on one line")
    return _sized(what, found, longest, needed=needed)


def lines(what: str, text: str, longest: int, *, needed: bool = True) -> str:
    """Return a text of any number of lines; control characters other than tab and line end are refused."""
    found = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n")).strip()
    wrong = any(unicodedata.category(character) in ("Cc", "Cs") and character not in "\n\t" for character in found)
    if wrong:
        raise BadValue(f"{what} holds control characters", fix="write plain text")
    return _sized(what, found, longest, needed=needed)


def ground(text: str) -> Ground:
    """Return one of the four grounds."""
    for known in GROUNDS:
        if text == known:
            return known
    raise BadValue(f"{text[:40]!r} is no ground", fix="give one of: " + ", ".join(GROUNDS))


def scope(text: str) -> Scope:
    """Return what is meant: one snapshot, or every version of the item."""
    for known in SCOPES:
        if text == known:
            return known
    raise BadValue(f"{text[:40]!r} is no scope", fix="give one of: " + ", ".join(SCOPES))


def time(at: datetime) -> datetime:
    """Return a moment in UTC and whole seconds; it needs a zone and a year that can be."""
    if at.tzinfo is None:
        raise BadValue("the time needs a time zone", fix="give it as 2025-02-28T17:45:05+08:00")
    if not FIRST_YEAR <= at.year <= LAST_YEAR:
        raise BadValue(f"the year {at.year} cannot be", fix=f"give a time from {FIRST_YEAR} to {LAST_YEAR}")
    return at.astimezone(UTC).replace(microsecond=0)


def blocker(text: str) -> str:
    """Return the address of who demanded the blocking (RFC 7725), or nothing."""
    found = line("the blocker", text, BLOCKER, needed=False)
    if found and (not found.startswith(("http://", "https://")) or any(mark in found for mark in "<>\"' ")):
        raise BadValue(f"{found[:80]!r} is no web address", fix="write https://host/path")
    return found


def _sized(what: str, text: str, longest: int, *, needed: bool) -> str:
    if needed and not text:
        raise BadValue(f"{what} is missing", fix="write a few words")
    if len(text) > longest:
        raise BadValue(f"{what} is longer than {longest} characters ({len(text)})", fix="shorten it")
    return text
