"""What the operator of a desk sets: ``desk.toml`` in the data folder."""

from __future__ import annotations

import re
import tomllib
from typing import TYPE_CHECKING

import msgspec

from licet.errors import BadFile

if TYPE_CHECKING:
    from pathlib import Path

FILE = "desk.toml"


class Settings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """``contact``: a mail or web address for removal requests; ``site``: a name shown beside Licet's."""

    contact: str = ""
    site: str = ""

    @property
    def contact_link(self) -> str:
        """The contact as an address that a link may have; empty where it is neither mail nor web."""
        if re.fullmatch(r"https?://[^\s\"'<>]+", self.contact):
            return self.contact
        return f"mailto:{self.contact}" if re.fullmatch(r"[^@\s]+@[^@\s]+", self.contact) else ""


def read_settings(home: Path) -> Settings:
    """Read ``desk.toml`` of the data folder; without one, the defaults. Raises :class:`BadFile`."""
    path = home / FILE
    if not path.is_file():
        return Settings()
    try:
        return msgspec.convert(tomllib.loads(path.read_text(encoding="utf-8")), Settings)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, msgspec.ValidationError) as error:
        raise BadFile(f"{FILE}: {error}", fix='it may hold contact = "..." and site = "..."') from error
