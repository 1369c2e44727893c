"""What kinds of entries are called, for people; translated where they are shown."""

from __future__ import annotations

from licet.i18n import N_

ENTRIES = {
    "begin": N_("begun"),
    "open": N_("opened"),
    "limit": N_("limit set"),
    "reserve": N_("reserved"),
    "post": N_("posted"),
    "void": N_("voided"),
    "expire": N_("expired"),
    "add": N_("added"),
    "remove": N_("removed"),
    "loss": N_("lost"),
    "correct": N_("corrected"),
    "transfer_out": N_("transferred out"),
    "transfer_in": N_("transferred in"),
}
