"""Taking down: requests, decisions, legal holds, and the erasing of records with a tombstone in their place."""

from licet.archive.takedowns.model import (
    GROUNDS,
    SCOPES,
    STATUSES,
    Case,
    Erasure,
    Ground,
    Hold,
    Policy,
    Reporter,
    Scope,
    Status,
    Tombstone,
)

__all__ = [
    "GROUNDS",
    "SCOPES",
    "STATUSES",
    "Case",
    "Erasure",
    "Ground",
    "Hold",
    "Policy",
    "Reporter",
    "Scope",
    "Status",
    "Tombstone",
]
