"""Editions of the law data: every set of law files that answers were given by, kept by its content.

An answer given today can be asked for again after the law data has been corrected: its address and its decision record
name the edition, and the edition is read from here (decision 0027).
"""

from __future__ import annotations

import gzip
import hashlib
import os
import re
import zlib
from functools import lru_cache
from typing import TYPE_CHECKING

import msgspec

from licet.errors import BadFile, LawError
from licet.statutes.library import LawFile
from licet.statutes.stored import read

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from licet.statutes.fold import Statutes

LARGEST = 50_000_000
"""Bytes that an edition may have once it is unpacked."""
MOST_READ = 4
"""How many old editions are held ready; each is some ten megabytes."""
_ENDING = ".law.gz"
_NAME = re.compile(r"[0-9a-f]{16,64}")


def digest_of(files: Sequence[LawFile]) -> str:
    """Return SHA-256 over the law files: system, name and content of each, in order."""
    return hashlib.sha256(_packed(files)).hexdigest()


def _packed(files: Sequence[LawFile]) -> bytes:
    return msgspec.msgpack.encode([(file.system, file.name, file.data) for file in files])


class Editions:
    """The editions in one folder, a file each, named by its digest. Nothing here is ever changed or removed."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._read = lru_cache(maxsize=MOST_READ)(self._read_file)

    def keep(self, files: Sequence[LawFile]) -> str:
        """Keep the files if they are not kept yet; return their digest. Raises :class:`OSError`."""
        packed = _packed(files)
        digest = hashlib.sha256(packed).hexdigest()
        path = self.folder / f"{digest}{_ENDING}"
        if not path.is_file():
            self.folder.mkdir(parents=True, exist_ok=True)
            beside = path.with_name(f"{path.name}.{os.getpid()}")
            with beside.open("wb") as stream:
                stream.write(gzip.compress(packed, mtime=0))
                stream.flush()
                os.fsync(stream.fileno())
            beside.replace(path)
        return digest

    def find(self, digest: str) -> Statutes | None:
        """Return the law of the edition whose digest is, or begins with, ``digest``; None where it is not kept.

        Raises :class:`BadFile` for one that is damaged or that this program can read no more.
        """
        whole = self.whole(digest)
        return self._read(self.folder / f"{whole}{_ENDING}") if whole else None

    def whole(self, digest: str) -> str:
        """Return the whole digest of the edition whose digest begins so, empty where none or more than one does."""
        found = list(self.folder.glob(f"{digest}*{_ENDING}")) if _NAME.fullmatch(digest) else []
        return found[0].name.removesuffix(_ENDING) if len(found) == 1 else ""

    @staticmethod
    def _read_file(path: Path) -> Statutes:
        fix = "restore it from a copy of the data folder"
        try:
            unpacking = zlib.decompressobj(wbits=31)
            packed = unpacking.decompress(path.read_bytes(), LARGEST)
            if hashlib.sha256(packed).hexdigest() != path.name.removesuffix(_ENDING):
                raise BadFile(f"the edition of the law {path.name} is damaged", fix=fix)
            return read([LawFile(*file) for file in msgspec.msgpack.decode(packed, type=list[tuple[str, str, bytes]])])
        except (OSError, zlib.error, msgspec.DecodeError) as error:
            raise BadFile(f"the edition of the law {path.name} is damaged: {error}", fix=fix) from error
        except LawError as error:
            raise BadFile(
                f"the edition of the law {path.name} cannot be read by this version of Licet: {error.message}",
                fix="read it with the version that kept it",
            ) from error

    def damaged(self) -> list[tuple[str, str]]:
        """Return the name of each edition that does not hold, and what is wrong with it."""
        found = []
        for path in sorted(self.folder.glob(f"*{_ENDING}")):
            try:
                self._read_file(path)
            except BadFile as error:
                found.append((path.name, error.message))
        return found
