"""What the operator of a desk sets: ``desk.toml`` in the data folder."""

from __future__ import annotations

import re
import tomllib
from typing import TYPE_CHECKING, Annotated, Literal

import msgspec

from licet.errors import BadFile

if TYPE_CHECKING:
    from pathlib import Path

FILE = "desk.toml"


class Settings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """``contact``: a mail or web address for removal requests; ``site``: a name shown beside Licet's.

    ``address``: scheme and host under which readers reach the desk (``https://desk.example``), for the links of feeds;
    without it, those that a request names. ``subscriptions_unused_days``: after how many days without use a
    subscription is forgotten.
    ``takedown_undo_days``: how long a grant can be undone before the record is erased; ``takedown_personal_days``: how
    long names and contacts of requests are kept; ``takedown_per_client``: requests of one client a day.

    ``operator``: who runs the desk; ``notice_en``, ``notice_zh``: a line of theirs at the foot of every page.
    ``trusted_proxies``: addresses or networks whose ``X-Forwarded-For`` and ``X-Forwarded-Proto`` are believed.
    ``api_per_minute``, ``api_per_minute_with_key``: requests to the API by one client, or with one key. ``metrics``:
    who may read ``/metrics``: ``local`` (this machine, or a key), ``key``, ``off``. ``ready_free_mb``: with less room
    on the disk ``/ready`` says no. ``stop_seconds``: how long answers may take to end when the desk is stopped.
    """

    contact: str = ""
    site: str = ""
    address: str = ""
    subscriptions_unused_days: Annotated[int, msgspec.Meta(ge=1, le=36_500)] = 400
    takedown_undo_days: Annotated[int, msgspec.Meta(ge=0, le=3650)] = 30
    takedown_personal_days: Annotated[int, msgspec.Meta(ge=1, le=3650)] = 180
    takedown_per_client: Annotated[int, msgspec.Meta(ge=1, le=1000)] = 10
    operator: Annotated[str, msgspec.Meta(max_length=200)] = ""
    notice_en: Annotated[str, msgspec.Meta(max_length=1000)] = ""
    notice_zh: Annotated[str, msgspec.Meta(max_length=1000)] = ""
    trusted_proxies: Annotated[list[str], msgspec.Meta(max_length=100)] = []
    api_per_minute: Annotated[int, msgspec.Meta(ge=1, le=1_000_000)] = 600
    api_per_minute_with_key: Annotated[int, msgspec.Meta(ge=1, le=1_000_000)] = 6_000
    metrics: Literal["local", "key", "off"] = "local"
    ready_free_mb: Annotated[int, msgspec.Meta(ge=0, le=1_000_000)] = 100
    stop_seconds: Annotated[int, msgspec.Meta(ge=1, le=3600)] = 30

    def notice(self, language: str) -> str:
        """Return the operator's line in a language, else in the other."""
        own, other = (self.notice_zh, self.notice_en) if language == "zh" else (self.notice_en, self.notice_zh)
        return own or other

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
        found = msgspec.convert(tomllib.loads(path.read_text(encoding="utf-8")), Settings)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, msgspec.ValidationError) as error:
        raise BadFile(f"{FILE}: {error}", fix='it may hold contact = "..." and site = "..."') from error
    if found.address and not re.fullmatch(r"https?://[A-Za-z0-9.\-:\[\]]+", found.address):
        raise BadFile(f"{FILE}: address is not scheme and host", fix='write address = "https://desk.example"')
    return found
