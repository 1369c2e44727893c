"""The append-only, hash-chained record that the ledger, the archive and decisions write to.

>>> journal = Journal.open(home)
>>> journal.append("captured", {"snapshot": "…"}, time="2025-02-28T09:45:05Z")
>>> journal.verify()
[]
"""

from licet.journal.chain import Finding, Journal
from licet.journal.record import START, Entry

__all__ = ["START", "Entry", "Finding", "Journal"]
