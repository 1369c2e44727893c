"""Allocations that never overrun: reserve, post, void, expire.

>>> with Ledger.open("sqlite:///ledger.sqlite") as ledger:
...     ledger.open_account("national allocation/CH/2025 to 2027", 790_000_000)
...     ledger.reserve("national allocation/CH/2025 to 2027", 31_664_000, key="order-17", on="2025-06-02")
...     ledger.post("order-17")
"""

from licet.errors import LedgerError, LimitExceeded
from licet.ledger.audit import audit_file
from licet.ledger.ledger import Ledger
from licet.ledger.model import (
    Account,
    Add,
    Balance,
    Correct,
    Expire,
    Finding,
    Limit,
    Line,
    Open,
    Post,
    Receipt,
    Remove,
    Reservation,
    Reserve,
    SetLimit,
    Share,
    Statement,
    Transfer,
    Void,
)

__all__ = [
    "Account",
    "Add",
    "Balance",
    "Correct",
    "Expire",
    "Finding",
    "Ledger",
    "LedgerError",
    "Limit",
    "LimitExceeded",
    "Line",
    "Open",
    "Post",
    "Receipt",
    "Remove",
    "Reservation",
    "Reserve",
    "SetLimit",
    "Share",
    "Statement",
    "Transfer",
    "Void",
    "audit_file",
]
