"""Files by path or address: on this machine, or in object storage that fsspec has a driver for.

A path without ``://`` and ``file://`` are local. What is written gets its name when it is whole: on this machine by a
rename, in object storage because an object appears when its upload is complete.
"""

from __future__ import annotations

import shutil
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import fsspec

from licet.errors import BadFile

if TYPE_CHECKING:
    from collections.abc import Iterator

_BLOCK = 1 << 22


def local(name: str) -> Path | None:
    """Return the path of a local file; None for an address of object storage."""
    if name.startswith("file://"):
        return Path(name.removeprefix("file://"))
    return None if "://" in name else Path(name)


def filesystem(name: str) -> tuple[Any, str]:
    """Return the fsspec file system of a path or address, and the name of the file in it.

    Raises :class:`BadFile` naming what to install where the driver of a storage is missing.
    """
    try:
        system, path = fsspec.url_to_fs(name)
    except ImportError as error:
        raise BadFile(f"{_scheme(name)} storage has no driver here: {error}", fix=_driver(error, name)) from error
    except ValueError as error:
        raise BadFile(
            f"no storage is called {_scheme(name)}", fix="use a path, s3://, gs://, az:// or another of fsspec's"
        ) from error
    return system, path


def _scheme(name: str) -> str:
    return name.partition("://")[0][:20]


def _driver(error: ImportError, name: str) -> str:
    package = {"s3": "s3fs", "s3a": "s3fs", "gs": "gcsfs", "gcs": "gcsfs", "az": "adlfs", "abfs": "adlfs"}
    found = package.get(_scheme(name), error.name or "")
    return f"pip install {found}, on every machine that takes part" if found else "install the driver that it names"


def names(pattern: str) -> list[str]:
    """Return the files that a path, an address or a glob names, in the order of their names."""
    system, path = filesystem(pattern)
    try:
        found = [path] if system.isfile(path) else [name for name in sorted(system.glob(path)) if system.isfile(name)]
    except OSError as error:
        raise BadFile(f"{pattern} cannot be listed: {_why(error)}", fix="check the address and the access") from error
    if not found:
        raise BadFile(f"there is no file {pattern}", fix="check the path")
    return [name if local(pattern) is not None else system.unstrip_protocol(name) for name in found]


def size(name: str) -> int:
    """Return the bytes of a file."""
    system, path = filesystem(name)
    try:
        return int(system.size(path) or 0)
    except OSError as error:
        raise BadFile(f"{name} cannot be read: {_why(error)}", fix="check the address and the access") from error


def opened(name: str) -> Any:
    """Open a file for reading bytes."""
    system, path = filesystem(name)
    try:
        return system.open(path, "rb")
    except OSError as error:
        raise BadFile(f"{name} cannot be read: {_why(error)}", fix="check the address and the access") from error


@contextmanager
def here(name: str) -> Iterator[Path]:
    """Hand out a file as a local one: itself, or a copy of the same name that is removed again."""
    path = local(name)
    if path is not None:
        yield path
        return
    with tempfile.TemporaryDirectory(prefix="licet-fetched-") as folder:
        copied = Path(folder) / name.rpartition("/")[2]
        with opened(name) as source, copied.open("wb") as target:
            shutil.copyfileobj(source, target, _BLOCK)
        yield copied


@contextmanager
def written(name: str) -> Iterator[Path]:
    """Hand out a local path to write to; when all is done, the file appears whole under ``name``, over an older one.

    A task that is done twice writes the same twice. Raises :class:`BadFile` where it cannot be written.
    """
    target = local(name)
    try:
        if target is not None:
            target.parent.mkdir(parents=True, exist_ok=True)
            draft = target.with_name(f".{target.name}.{uuid4().hex}.partial")
            try:
                yield draft
                draft.replace(target)
            finally:
                draft.unlink(missing_ok=True)
            return
        with tempfile.TemporaryDirectory(prefix="licet-written-") as folder:
            draft = Path(folder) / name.rpartition("/")[2]
            yield draft
            system, path = filesystem(name)
            system.put_file(str(draft), path)
    except OSError as error:
        raise BadFile(f"{name} cannot be written: {_why(error)}", fix="check the folder and its space") from error


def joined(folder: str, name: str) -> str:
    """Return the name of a file in a folder."""
    return f"{folder.rstrip('/')}/{name}"


def empty(folder: str) -> bool:
    """Return whether a folder holds nothing, or is not there."""
    system, path = filesystem(folder)
    try:
        return not system.exists(path) or not system.find(path, maxdepth=1)
    except OSError as error:
        raise BadFile(f"{folder} cannot be listed: {_why(error)}", fix="check the address and the access") from error


def removed(folder: str) -> None:
    """Remove a folder and all in it, if it is there."""
    system, path = filesystem(folder)
    try:
        if system.exists(path):
            system.rm(path, recursive=True)
    except OSError:
        return  # what is left over is named by its folder, and harms nothing


def _why(error: OSError) -> str:
    return error.strerror or str(error).partition("\n")[0][:200]
