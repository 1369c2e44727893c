"""A transaction under a law: verdict, trace, obligations, what is missing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from licet.decisions.decide import decide
from licet.decisions.facts import Transaction, on_day, read_transaction, take_headquarters
from licet.decisions.line import verdict_line
from licet.decisions.readings import weighed
from licet.decisions.verdict import Verdict
from licet.statutes.law import Query

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping, Sequence

    from licet.statutes import Statutes
    from licet.statutes.forms import Basis

__all__ = ["Query", "Transaction", "Verdict", "ask", "decide", "read_transaction", "take_headquarters", "verdict_line"]


def ask(  # noqa: PLR0913 - the parameters of the law that is asked, each by name
    statutes: Statutes,
    facts: Mapping[str, Any],
    *,
    on: dt.date | None = None,
    system: str = "us-ear",
    basis: Basis = "enforced",
    known: dt.date | None = None,
    readings: Mapping[str, str] | None = None,
    proposals: Sequence[str] = (),
    headquarters_taken: bool = False,
    readings_weighed: bool = False,
) -> Verdict:
    """Decide facts as a caller gives them (see :func:`read_transaction`) under the law on ``on`` or on their ``date``.

    ``headquarters_taken``: take an omitted headquarters to be the destination (for the command line and the form);
    ``readings_weighed``: say on which readings of unclear texts the answer rests.
    Raises :class:`licet.errors.BadInput` with the fix.
    """
    transaction = read_transaction(facts, statutes.vocabulary)
    if on is not None:
        transaction = on_day(transaction, on)
    if headquarters_taken:
        transaction = take_headquarters(transaction)
    query = Query(
        on=transaction.on,
        system=system,
        basis=basis,
        known=known,
        readings=tuple(sorted((readings or {}).items())),
        proposals=tuple(proposals),
    )
    verdict = decide(statutes.law(query), transaction, query)
    return weighed(statutes, transaction, query, verdict) if readings_weighed else verdict
