"""From a backup into an empty folder: every byte is checked before one file gets its place."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import zipfile
import zlib
from typing import TYPE_CHECKING

import msgspec

from licet.backup.manifest import LARGEST, MARK, NAME, Entry, Manifest
from licet.errors import BackupFailed, BadFile

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Progress = Callable[[int, int], None]

DRAFT = ".restoring"
_BLOCK = 1 << 20
_SAFE = re.compile(r"(?!\.{1,2}(?:/|$))[^/\\:\x00-\x1f]+(?:/(?!\.{1,2}(?:/|$))[^/\\:\x00-\x1f]+)*")
_OTHER = "use another copy; this one was changed or cut off"
_BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, ValueError, KeyError)


def restore(file: Path, home: Path, *, progress: Progress | None = None) -> Manifest:
    """Write what a backup holds into the folder ``home``, which is empty or not there; return the manifest.

    Nothing has its place before all of it was found whole. Raises :class:`BadFile` for a file that is no backup or is
    damaged (it names every damaged part) and for a folder that is not empty, :class:`BackupFailed` without room.
    """
    if home.exists() and (not home.is_dir() or any(home.iterdir())):
        raise BadFile(f"the data folder {home} is not empty", fix="set LICET_HOME to a new folder")
    if not file.is_file():
        raise BadFile(f"there is no file {file}", fix="check the path")
    made = not home.exists()
    draft = home / DRAFT
    try:
        with zipfile.ZipFile(file) as archive:
            manifest = _manifest(archive)
            _room(manifest, home)
            draft.mkdir(parents=True)
            _unpacked(archive, manifest, draft, progress)
        _placed(draft, home)
    except _BROKEN as error:
        raise BadFile(f"{file.name} is no backup of Licet, or is damaged", fix=_OTHER) from error
    except OSError as error:
        fix = "free some space, or check the rights of the folder"
        raise BackupFailed(f"the data folder could not be written: {error.strerror}", fix=fix) from error
    finally:
        shutil.rmtree(draft, ignore_errors=True)
        if made and home.is_dir() and not any(home.iterdir()):
            home.rmdir()
    return manifest


def _manifest(archive: zipfile.ZipFile) -> Manifest:
    """Read the manifest, which must be the one that the archive names and must name what the archive has."""
    names = [member.filename for member in archive.infolist()]
    if names.count(NAME) != 1 or archive.getinfo(NAME).file_size > LARGEST:
        raise BadFile("there is no manifest in this file", fix="choose a file that licet backup has written")
    told = archive.read(NAME)
    if archive.comment != MARK + hashlib.sha256(told).hexdigest().encode():
        raise BadFile("the manifest of the backup is damaged", fix=_OTHER)
    try:
        manifest = msgspec.json.decode(told, type=Manifest)
    except msgspec.DecodeError as error:
        raise BadFile(
            f"the backup is of another form: {error}", fix="restore it with the Licet that wrote it"
        ) from error
    listed = [entry.name for entry in manifest.files]
    if sorted([*listed, NAME]) != sorted(names) or len(set(listed)) != len(listed):
        raise BadFile("the backup does not hold what its manifest names", fix=_OTHER)
    if wrong := [name for name in listed if not _SAFE.fullmatch(name) or name.split("/")[0] == DRAFT]:
        raise BadFile(f"the backup names a path that leads out of the folder: {wrong[0][:80]!r}", fix="do not use it")
    return manifest


def _room(manifest: Manifest, home: Path) -> None:
    folder = home
    while not folder.exists():
        folder = folder.absolute().parent
    needed, free = sum(entry.size for entry in manifest.files), shutil.disk_usage(folder).free
    if needed > free:
        raise BackupFailed(f"the backup needs {needed:,} bytes, {free:,} are free", fix="choose a larger disk")


def _unpacked(archive: zipfile.ZipFile, manifest: Manifest, draft: Path, progress: Progress | None) -> None:
    total, done = sum(entry.size for entry in manifest.files), 0
    damaged = []
    for entry in manifest.files:
        if not _whole(archive, entry, draft / entry.name):
            damaged.append(entry.name)
        done += entry.size
        if progress:
            progress(done, total)
    if damaged:
        named = ", ".join(damaged[:5]) + (" …" if len(damaged) > 5 else "")
        raise BadFile(f"{len(damaged)} of {len(manifest.files)} files in the backup are damaged: {named}", fix=_OTHER)


def _whole(archive: zipfile.ZipFile, entry: Entry, target: Path) -> bool:
    """Write a file and say whether it is what the manifest says."""
    target.parent.mkdir(parents=True, exist_ok=True)
    found, left = hashlib.sha256(), entry.size
    private = entry.name.startswith("desk/")
    descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600 if private else 0o644)
    with os.fdopen(descriptor, "wb") as stream:
        try:
            with archive.open(entry.name) as source:
                while block := source.read(_BLOCK):
                    left -= len(block)
                    if left < 0:
                        return False
                    found.update(block)
                    stream.write(block)
        except _BROKEN:
            return False
        stream.flush()
        os.fsync(stream.fileno())
    return left == 0 and found.hexdigest() == entry.sha256


def _placed(draft: Path, home: Path) -> None:
    """Give what was unpacked its place."""
    for child in sorted(draft.iterdir()):
        child.rename(home / child.name)
    draft.rmdir()
    if os.name == "posix":
        descriptor = os.open(home, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
