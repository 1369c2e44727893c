"""A data folder into one file: a ZIP archive (ISO/IEC 21320-1) with a manifest of digests at its end."""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from licet import __version__
from licet.backup.manifest import MARK, NAME, Entry, Manifest
from licet.backup.pinning import STAGE, pin
from licet.errors import BackupFailed, BadFile, JournalError
from licet.journal import Journal
from licet.ledger.audit import MARK as LEDGER_MARK

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable

    from licet.backup.pinning import Pinned

    Progress = Callable[[int, int], None]

_BLOCK = 1 << 20
_ONE_DAY = 24 * 3600
_PACKED = (".gz", ".parquet", ".wacz", ".zip", ".xlsx", ".ods", ".zst")


class Copied(NamedTuple):
    """A backup that was written: its manifest, the digest of that (``sha256:hex``), the bytes of the file."""

    manifest: Manifest
    digest: str
    size: int


def back_up(home: Path, out: Path, *, at: dt.datetime, progress: Progress | None = None) -> Copied:
    """Write a copy of the data folder ``home`` as of now to ``out``, dated ``at``; others may write meanwhile.

    ``out`` has its name when it is whole and on the disk, and only its owner may read it. ``progress`` is called with
    bytes that are done and bytes in all. Raises :class:`BadFile` for a place where it cannot go,
    :class:`BackupFailed` where the data folder cannot be copied.
    """
    _fit(home, out)
    _swept(home, at)
    journal = Journal.open(home)
    with tempfile.TemporaryDirectory(prefix=STAGE, dir=home) as folder:
        stage = Path(folder)
        pinned = pin(home, stage, journal)
        draft = out.with_name(f".{out.name}.partial")
        try:
            digest, manifest = _written(stage, pinned, draft, at, progress)
            draft.replace(out)
        except OSError as error:
            fix = "free some space there, or choose another place"
            raise BackupFailed(f"the backup could not be written: {error.strerror}", fix=fix) from error
        finally:
            draft.unlink(missing_ok=True)
    return Copied(manifest, digest, out.stat().st_size)


def _fit(home: Path, out: Path) -> None:
    if not home.is_dir():
        raise BadFile(f"there is no data folder {home}", fix="set LICET_HOME to the one that is meant")
    if out.exists():
        raise BadFile(f"{out} is there already", fix="choose another name")
    if not out.absolute().parent.is_dir():
        raise BadFile(f"there is no folder {out.absolute().parent}", fix="make it first")
    if out.absolute().parent.resolve().is_relative_to(home.resolve()):
        raise BadFile("a backup in the data folder is lost with it", fix="give a path outside of it")


def _swept(home: Path, at: dt.datetime) -> None:
    """Remove what backups that were interrupted have left; one that is at work began within a day."""
    for left in home.glob(f"{STAGE}*"):
        if at.timestamp() - left.stat().st_mtime > _ONE_DAY:
            shutil.rmtree(left, ignore_errors=True)


def _written(
    stage: Path, pinned: Pinned, draft: Path, at: dt.datetime, progress: Progress | None
) -> tuple[str, Manifest]:
    total, done = sum(pinned.files.values()), 0
    entries = []
    descriptor = os.open(draft, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w+b") as stream:
        with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
            for name, size in sorted(pinned.files.items()):
                entries.append(_put(archive, stage / name, name, size))
                done += size
                if progress:
                    progress(done, total)
            manifest = _manifest(stage, pinned, entries, at)
            told = msgspec.json.format(msgspec.json.encode(manifest), indent=1)
            archive.writestr(NAME, told)
            digest = hashlib.sha256(told).hexdigest()
            archive.comment = MARK + digest.encode()
        stream.flush()
        os.fsync(stream.fileno())
    return f"sha256:{digest}", manifest


def _put(archive: zipfile.ZipFile, path: Path, name: str, size: int) -> Entry:
    """Write the first ``size`` bytes of a file into the archive."""
    member = zipfile.ZipInfo(name)
    member.compress_type = zipfile.ZIP_STORED if name.endswith(_PACKED) else zipfile.ZIP_DEFLATED
    found, left = hashlib.sha256(), size
    with path.open("rb") as source, archive.open(member, "w", force_zip64=True) as target:
        while left and (block := source.read(min(left, _BLOCK))):
            found.update(block)
            target.write(block)
            left -= len(block)
    if left:
        raise BackupFailed(f"{name} became shorter while it was copied", fix="run licet verify, then try again")
    return Entry(name, size, found.hexdigest())


def _manifest(stage: Path, pinned: Pinned, entries: list[Entry], at: dt.datetime) -> Manifest:
    held = {entry.name for entry in entries}
    sequence, digest, elsewhere = _told(stage, pinned)
    return Manifest(
        licet=__version__,
        at=at.isoformat(timespec="seconds"),
        journal=(sequence, digest),
        files=entries,
        missing=pinned.missing,
        elsewhere=sorted(store for store in elsewhere if store not in held),
    )


def _told(stage: Path, pinned: Pinned) -> tuple[int, str, set[str]]:
    """Return the head of the staged journal, and the stores of the ledgers that it names."""
    end = pinned.files.get("journal/journal.jsonl", 0)
    sequence, digest, stores = 0, "", set()
    journal = Journal(stage / "journal" / "journal.jsonl")
    try:
        for entry in journal.entries(end=end):
            sequence, digest = entry.sequence, entry.digest
            if entry.kind == LEDGER_MARK:
                stores.add(str(entry.payload.get("store", "")))
    except JournalError as error:
        raise BackupFailed(f"the journal does not hold: {error.message}", fix=error.fix) from error
    return sequence, digest, stores
