"""The file of a plan: JSON lines, a head and then a line for each line of the book, in the order of their turns.

The head has the digest of the lines behind it: a plan that somebody edited is not posted. The same book, order, law and
ledger give the same file, byte for byte.
"""

from __future__ import annotations

import hashlib
import os
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import msgspec

from licet.errors import BadFile
from licet.orders.allocation.taking import Wait  # noqa: TC001 - msgspec reads the annotations

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from typing import BinaryIO

FORMAT = 1
LONGEST_LINE = 1_000_000
"""A line of a plan is some hundred bytes; its head has every account."""


class Line(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A line of the book and what becomes of it.

    ``turn`` counts from 1; ``status``: ``free`` (no license is required), ``planned``, ``waits``, ``prohibited``,
    ``undecided``; ``way``: the exception or authorization, or ``license``; ``amount`` is drawn from ``account``.
    """

    turn: int
    line: int
    status: str
    outcome: str
    file: str = ""
    id: str | None = None
    date: str = ""
    way: str | None = None
    clause: str | None = None
    review_policy: str | None = None
    account: str | None = None
    amount: str | None = None
    unit: str | None = None
    place: str | None = None
    waits_for: tuple[Wait, ...] = ()


class LimitFrom(msgspec.Struct, frozen=True):
    """A limit from a day on, in the unit of its account."""

    start: str
    amount: str


class Account(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """An account on which the plan draws.

    ``before``: held before it, ``planned``: what it takes; ``open``: how it is opened where the ledger lacks it;
    ``raised``: limits that the law gives it from a day.
    """

    name: str
    unit: str
    before: str
    planned: str
    lines: int
    open: dict[str, Any] | None = None
    raised: tuple[LimitFrom, ...] = ()


class Head(msgspec.Struct, frozen=True, kw_only=True):
    """What a plan was made of: the order, the law, the book's files with digests, the ledger and its end, the sums.

    ``ledger``: ``identity``, ``sequence`` and ``digest`` of its last entry; None where there was none yet.
    ``digest``: ``sha256:hex`` over the lines that follow and over everything else in the head.
    """

    plan: int
    order: str
    expires: str | None
    asked: dict[str, Any]
    laws: tuple[str, ...]
    files: tuple[dict[str, str], ...]
    ledger: dict[str, Any] | None
    counts: dict[str, int]
    accounts: tuple[Account, ...]
    waiting: tuple[dict[str, Any], ...]
    digest: str = ""


@dataclass(frozen=True)
class Plan:
    """A plan as it was read: its head, and where its lines stand."""

    path: Path
    head: Head

    @property
    def name(self) -> str:
        """A short name: the beginning of its digest."""
        return self.head.digest.removeprefix("sha256:")[:16]

    def lines(self) -> Iterator[Line]:
        """Yield the lines in the order of their turns."""
        with self.path.open("rb") as stream:
            stream.readline(LONGEST_LINE)
            while text := stream.readline(LONGEST_LINE):
                yield _line(text)

    def key(self, line: Line) -> str:
        """Return the key under which a line's draw stands in the ledger."""
        files = [one["name"] for one in self.head.files]
        return f"plan/{self.name}/{files.index(line.file) if line.file else 0}/{line.line}"


class Writing:
    """Writes the lines of a plan to a draft; :meth:`finish` puts the head before them."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._digest = hashlib.sha256()

    def write(self, line: Line) -> None:
        """Add a line."""
        text = msgspec.json.encode(line) + b"\n"
        self._digest.update(text)
        self._stream.write(text)

    def finish(self, head: Head, target: BinaryIO) -> Head:
        """Write head and lines to ``target``; return the head with its digest."""
        found = _digest(head, self._digest.hexdigest())
        done = msgspec.structs.replace(head, digest=found)
        target.write(msgspec.json.encode(done) + b"\n")
        self._stream.seek(0)
        while chunk := self._stream.read(1 << 20):
            target.write(chunk)
        return done


def read_plan(path: Path) -> Plan:
    """Read the head of a plan and check the digest of all of it. Raises :class:`BadFile`, with the fix."""
    try:
        with path.open("rb") as stream:
            head = _head(path, stream.readline(LONGEST_LINE * 100))
            digest = hashlib.sha256()
            while chunk := stream.read(1 << 20):
                digest.update(chunk)
    except OSError as error:
        raise BadFile(f"{path.name} cannot be read: {error.strerror}", fix="name the plan") from error
    if _digest(msgspec.structs.replace(head, digest=""), digest.hexdigest()) != head.digest:
        raise BadFile(f"{path.name} is not as it was made", fix="make the plan anew: a plan is reviewed, not edited")
    return Plan(path, head)


@contextmanager
def drafted(path: Path) -> Iterator[tuple[BinaryIO, BinaryIO]]:
    """Hand out a stream for the lines and one for the plan, which gets its name when all is done."""
    draft = path.with_name(f".{path.name}.{os.getpid()}.partial")
    lines = path.with_name(f".{path.name}.{os.getpid()}.lines")
    try:
        with lines.open("w+b") as stream, draft.open("wb") as target:
            yield stream, target
            target.flush()
            os.fsync(target.fileno())
        draft.replace(path)
    except OSError as error:
        raise BadFile(f"{path} cannot be written: {error.strerror}", fix="check the folder and its space") from error
    finally:
        draft.unlink(missing_ok=True)
        lines.unlink(missing_ok=True)


def _digest(head: Head, lines: str) -> str:
    whole = hashlib.sha256(msgspec.json.encode(head, order="sorted") + lines.encode())
    return f"sha256:{whole.hexdigest()}"


def _head(path: Path, text: bytes) -> Head:
    try:
        head = msgspec.json.decode(text, type=Head)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise BadFile(f"{path.name} is no plan", fix="licet orders allocate makes one") from error
    if head.plan != FORMAT:
        raise BadFile(f"{path.name} is a plan of form {head.plan}, and this is {FORMAT}", fix="make the plan anew")
    return head


def _line(text: bytes) -> Line:
    try:
        return msgspec.json.decode(text, type=Line)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise BadFile("a line of the plan is none", fix="make the plan anew") from error
