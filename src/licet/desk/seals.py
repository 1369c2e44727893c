"""The seal in an answer's address: which law data answered, and what; so that an address stays with its answer.

``LAW.ANSWER.EDITION``, each the beginning of a SHA-256: of the law on the day, of what the verdict says, and of the law
files (empty where a desk keeps none). An address whose law has since been corrected is answered by the edition that it
names, with today's answer beside it (decision 0027).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from licet.desk.forms import Form, Trouble, read_form
from licet.errors import BadInput
from licet.evidence.records import answer_digest
from licet.i18n import N_

if TYPE_CHECKING:
    from litestar import Request

    from licet.decisions import Verdict
    from licet.desk.state import Desk
    from licet.desk.tongue import Tongue
    from licet.statutes import Statutes

PARAMETER = "seal"
_LENGTH = 16
_FORM = re.compile(r"([0-9a-f]{16})\.([0-9a-f]{16})\.([0-9a-f]{16})?")

State = Literal["same", "corrected", "lost", "changed"]


@dataclass(frozen=True, slots=True)
class Seal:
    """The beginnings of three digests."""

    law: str
    answer: str
    edition: str = ""

    def __str__(self) -> str:
        """Return it as it stands in an address."""
        return f"{self.law}.{self.answer}.{self.edition}"


@dataclass(frozen=True, slots=True)
class Asked:
    """A question answered: by the law that its seal names if that is kept, else by today's.

    ``state``: ``same`` as today's law answers; ``corrected``: the law data has changed since, and ``verdict`` is that
    of then; ``lost``: it has changed, and the edition of then is not here; ``changed``: the law data of the day is the
    same, but the catalog or the program gives another answer. ``today``: today's verdict where it is another, which
    is told by the law of ``current``.
    """

    verdict: Verdict
    statutes: Statutes
    edition: str
    seal: Seal
    current: Statutes
    state: State = "same"
    today: Verdict | None = None


def read_seal(text: str) -> Seal | None:
    """Return the seal that an address has; None for what is none."""
    found = _FORM.fullmatch(text)
    return Seal(found[1], found[2], found[3] or "") if found else None


def seal_of(verdict: Verdict, edition: str) -> Seal:
    """Return the seal of an answer."""
    return Seal(verdict.law.digest[:_LENGTH], answer_digest(verdict)[:_LENGTH], edition[:_LENGTH])


def asked(desk: Desk, form: Form, seal: Seal | None = None) -> Asked:
    """Answer a question as its seal asks for. Raises :class:`BadInput`."""
    try:
        now = desk.verdicts.get(tuple(form.parameters()), lambda: form.verdict(desk.statutes))
    except BadInput:
        # Today's law may know a proposal or a reading no more, which the edition of then did.
        if found := _of_edition(desk, form, seal, None):
            return found
        raise
    made = seal_of(now, desk.edition)
    if seal is None or (seal.law, seal.answer) == (made.law, made.answer):
        return Asked(now, desk.statutes, desk.edition, seal or made, desk.statutes)
    if seal.law == made.law:
        return Asked(now, desk.statutes, desk.edition, seal, desk.statutes, "changed")
    return _of_edition(desk, form, seal, now) or Asked(now, desk.statutes, desk.edition, seal, desk.statutes, "lost")


def _of_edition(desk: Desk, form: Form, seal: Seal | None, now: Verdict | None) -> Asked | None:
    """Return the answer by the edition that a seal names, None where that is not here or is not the law it names."""
    if seal is None or not seal.edition or (statutes := desk.editions.find(seal.edition)) is None:
        return None
    try:
        then = form.verdict(statutes)
    except BadInput:
        return None
    if not then.law.digest.startswith(seal.law):
        return None
    state: State = "corrected" if answer_digest(then).startswith(seal.answer) else "changed"
    return Asked(then, statutes, desk.editions.whole(seal.edition), seal, desk.statutes, state, now)


def read_asked(request: Request[Any, Any, Any], desk: Desk, tongue: Tongue) -> tuple[Form, Seal | None]:
    """Return the question of an address with its seal.

    What today's law does not know, a proposal that has been withdrawn, is read by the edition that the seal names.
    """
    parameters = request.query_params.multi_items()
    form = read_form(parameters, desk.statutes, tongue)
    text = request.query_params.get(PARAMETER, "")
    seal = read_seal(text) if text else None
    if form.trouble and seal is not None and seal.edition and (old := desk.editions.find(seal.edition)) is not None:
        form = read_form(parameters, old, tongue)
    if text and seal is None:
        form.trouble[PARAMETER] = Trouble(
            tongue.text(N_("The seal of this address is damaged.")),
            tongue.text(N_("Take it from where the whole address stands, or leave the seal out to ask anew.")),
        )
    return form, seal
