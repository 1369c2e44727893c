"""Foreign WARC and WACZ files into the archive, as streams: what was captured when, by whose file."""

from __future__ import annotations

import zipfile
from collections import Counter
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, BinaryIO, cast

import msgspec

from licet.archive.capture import LIMIT, Capture, Exchange, check_page, decoded
from licet.archive.keeping.origin import Take
from licet.archive.model import Finding
from licet.archive.warcs import http
from licet.archive.warcs.reading import Damage, Record, parse_fields, read
from licet.errors import ArchiveError, BadFile, Damaged, LicetError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from pathlib import Path

    from licet.archive.model import Display, Taken

BATCH = 100
BATCH_BYTES = 32 * 1024 * 1024
NAMED = 1000
"""The most damaged records that are named one by one."""

_BESIDE = 8
_OURS = {"captured-from", "by-way-of", "category", "zone"}
_LONGEST = 2048
_NAMELESS = "urn:sha256:"
_PAGES = ("text/html", "application/xhtml+xml")
_WARCS = (".warc", ".warc.gz")


class Imported(msgspec.Struct, frozen=True, kw_only=True):
    """What came of a file: how many captures by outcome, how many records were passed over by reason, what is damaged.

    ``damaged`` names the first 1,000; ``damage`` counts them all.
    """

    taken: dict[str, int]
    skipped: dict[str, int]
    damaged: list[Finding]
    damage: int


class Origin(msgspec.Struct, frozen=True, kw_only=True):
    """How the captures of a file are filed: by way of whom, category, time zone, what may be shown."""

    via: str | None = None
    category: str | None = None
    zone: str | None = None
    display: Display = "full"


class Importer:
    """Reads one file; ``take`` keeps captures and answers for each."""

    def __init__(
        self,
        take: Callable[[Sequence[Take]], list[Taken | LicetError]],
        origin: Origin,
        progress: Callable[[int, int], None] | None,
    ) -> None:
        self._take = take
        self._origin = origin
        self._progress = progress
        self._taken: Counter[str] = Counter()
        self._skipped: Counter[str] = Counter()
        self._damaged: list[Finding] = []
        self._damage = 0
        self._waiting: list[Take] = []

    def run(self, path: Path) -> Imported:
        """Import a WARC or WACZ file; ``BadFile`` if it is neither. What is damaged in it is passed over."""
        with _parts(path) as parts:
            for name, stream, size in parts:
                self._read(name, stream, size)
        self._flush()
        return Imported(
            taken=dict(self._taken), skipped=dict(self._skipped), damaged=self._damaged, damage=self._damage
        )

    def _read(self, name: str, stream: BinaryIO, size: int) -> None:
        for response, beside in _groups(read(stream)):
            if isinstance(response, Damage):
                self._note(name, response)
                continue
            if response.kind == "revisit":
                self._skipped["revisit"] += 1
            else:
                self._page(name, response, beside)
            if self._progress:
                self._progress(min(size, response.offset + response.length), size)

    def _page(self, name: str, record: Record, beside: list[Record]) -> None:
        try:
            take = self._captured(name, record, beside)
        except Damaged as error:
            self._note(name, Damage(record.offset, f"{error.message}: {record.target[:200]}"))
            return
        except LicetError as error:
            self._skipped[type(error).__name__] += 1
            return
        if isinstance(take, str):
            self._skipped[take] += 1
            return
        self._waiting.append(take)
        if len(self._waiting) >= BATCH or sum(len(one.capture.payload) for one in self._waiting) > BATCH_BYTES:
            self._flush()

    def _captured(self, name: str, record: Record, beside: list[Record]) -> Take | str:
        """Return the capture in a record, or in a word why it is none that we keep."""
        if not record.target.startswith(("http://", "https://", _NAMELESS)):
            return "not a web address"
        if record.block is None:
            return "too large"
        told = _told(beside)
        place = told.get("captured-from") or f"file:{name}@{record.offset}"
        capture = _resource(place, record) if record.kind == "resource" else _response(place, record, beside)
        if isinstance(capture, str):
            return capture
        if len(capture.payload) > LIMIT:
            return "too large"
        check_page(record.target, decoded(capture.payload, capture.content_encoding))
        return Take(
            capture=capture,
            at=_moment(record.headers.get("warc-date", "")),
            via=self._origin.via or told.get("by-way-of"),
            category=self._origin.category or told.get("category"),
            zone=self._origin.zone or told.get("zone"),
            display=self._origin.display,
        )

    def _flush(self) -> None:
        if not self._waiting:
            return
        for result in self._take(self._waiting):
            if isinstance(result, LicetError):
                self._skipped[type(result).__name__] += 1
            else:
                self._taken[result.outcome] += 1
        self._waiting.clear()

    def _note(self, name: str, damage: Damage) -> None:
        self._damage += 1
        if len(self._damaged) < NAMED:
            self._damaged.append(Finding(f"{name}@{damage.offset}", damage.reason))


def _groups(records: Iterable[Record | Damage]) -> Iterator[tuple[Record | Damage, list[Record]]]:
    """Yield damage, and each answer with its request and metadata: writers put those right before or behind it."""
    answer: Record | None = None
    beside: list[Record] = []
    for record in records:
        if isinstance(record, Damage):
            yield record, []
        elif record.kind in {"response", "resource", "revisit"}:
            if answer is not None:
                yield answer, [one for one in beside if _belongs(one, answer)]
                beside = [one for one in beside if not _belongs(one, answer)]
            answer = record
        elif record.kind in {"request", "metadata"}:
            beside = [*beside[-_BESIDE:], record]
    if answer is not None:
        yield answer, [one for one in beside if _belongs(one, answer)]


def _response(place: str, record: Record, beside: list[Record]) -> Capture | str:
    message = http.parse(record.block or b"")
    if not message.start.startswith("HTTP/"):
        return "not HTTP"
    if message.status != 200:
        return "not status 200"
    content_type = message.header("content-type")
    if not content_type.lower().startswith(_PAGES):
        return "not a page"
    message = http.delivered(message, record.headers.get("warc-payload-digest", ""))
    return Capture(
        payload=message.body,
        content_type=content_type,
        content_encoding=_encoding(message),
        url=_address(record),
        captured_from=place,
        exchange=_exchange(record, message, beside),
    )


def _resource(place: str, record: Record) -> Capture | str:
    content_type = record.headers.get("content-type", "")
    if not content_type.lower().startswith(_PAGES):
        return "not a page"
    return Capture(payload=record.block or b"", content_type=content_type, url=_address(record), captured_from=place)


def _address(record: Record) -> str | None:
    return None if record.target.startswith(_NAMELESS) else record.target


def _encoding(message: http.Message) -> str:
    """Return the content encoding; none where a writer has taken it off and left the header."""
    stated = message.header("content-encoding")
    packed = message.body[:2] == b"\x1f\x8b" or "deflate" in stated.lower()
    return stated if packed or "gzip" not in stated.lower() else ""


def _exchange(record: Record, message: http.Message, beside: list[Record]) -> Exchange:
    asked = http.Message("", [], b"")
    for one in beside:
        if one.kind == "request" and one.block is not None:
            asked = http.parse(one.block)
    return Exchange(
        address=record.headers.get("warc-ip-address", "")[:45],
        request_line=asked.start,
        request_headers=asked.headers,
        status_line=message.start,
        response_headers=message.headers,
    )


def _told(beside: list[Record]) -> dict[str, str]:
    """Return what an archive of ours wrote beside a capture."""
    fields: dict[str, str] = {}
    for one in beside:
        if one.kind == "metadata" and one.block is not None:
            fields |= parse_fields(one.block)
    return {name: value for name, value in fields.items() if name in _OURS and len(value) <= _LONGEST}


def _belongs(request: Record, response: Record) -> bool:
    ids = (request.id, request.headers.get("warc-concurrent-to"))
    return response.id in ids or response.headers.get("warc-concurrent-to") in ids or request.target == response.target


def _moment(date: str) -> datetime:
    try:
        moment = datetime.fromisoformat(date)
    except ValueError as error:
        raise Damaged(f"the date {date[:40]!r} is none") from error
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)  # a WARC-Date is UTC (ISO 28500, 5.4)


@contextmanager
def _parts(path: Path) -> Iterator[Iterable[tuple[str, BinaryIO, int]]]:
    """Open a file and yield the WARC streams in it, each with its name and size."""
    try:
        with path.open("rb") as stream:
            if stream.read(2) == b"PK":
                with zipfile.ZipFile(stream) as packed:
                    yield _packed(path.name, packed)
                return
            size = stream.seek(0, 2)
            stream.seek(0)
            if not stream.read(10).startswith((b"\x1f\x8b", b"WARC/")):
                raise BadFile(f"{path.name} is no WARC or WACZ file", fix="give a .warc, .warc.gz or .wacz file")
            yield [(path.name, cast("BinaryIO", stream), size)]
    except zipfile.BadZipFile as error:
        raise BadFile(f"{path.name} is broken: {error}", fix="copy or download the file again") from error
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise BadFile(f"{path.name} cannot be read: {reason}", fix="check the name and that you may read it") from error


def _packed(name: str, packed: zipfile.ZipFile) -> Iterator[tuple[str, BinaryIO, int]]:
    for entry in packed.infolist():
        if entry.filename.startswith("archive/") and entry.filename.lower().endswith(_WARCS):
            if entry.flag_bits & 1:
                raise ArchiveError(f"{name} is locked with a password", fix="unlock it and try again")
            with packed.open(entry) as stream:
                yield f"{name}/{entry.filename}", cast("BinaryIO", stream), entry.file_size
