"""Who asks: the user agent names Licet and the operator, so that a site can reach a person."""

from __future__ import annotations

import os
import re

from licet import __version__
from licet.errors import BadValue

AGENT = "Licet"
"""The name that robots.txt files address (RFC 9309 product token)."""

_MAIL = re.compile(r"[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]{1,63}(\.[A-Za-z0-9-]{1,63}){1,8}")
_PAGE = re.compile(r"https?://[A-Za-z0-9.-]{3,253}(:\d{1,5})?(/[!-'*-~]{0,300})?")


def contact_checked(text: str) -> str:
    """Return an e-mail address or web address as it may stand in a header; :class:`BadValue` for anything else."""
    contact = text.strip().removeprefix("mailto:")
    if _MAIL.fullmatch(contact) or _PAGE.fullmatch(contact):
        return contact
    raise BadValue(f"{text[:60]!r} is no contact", fix="write an e-mail address or the address of a page about you")


def operator() -> str | None:
    """Return the contact that ``LICET_CONTACT`` gives, checked; None if it is not set."""
    given = os.environ.get("LICET_CONTACT")
    return contact_checked(given) if given else None


def user_agent(contact: str | None = None) -> str:
    """Return the User-Agent header: ``Licet/VERSION (news snapshot archive; obeys robots.txt; +CONTACT)``."""
    reach = f"; +{contact}" if contact else ""
    return f"{AGENT}/{__version__} (news snapshot archive; obeys robots.txt{reach})"
