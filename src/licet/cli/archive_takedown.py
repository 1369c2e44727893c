"""``licet archive takedown``: requests, decisions, legal holds, erasing."""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime, timedelta, timezone
from typing import TYPE_CHECKING, Annotated, Any

import msgspec
import typer
from rich.console import Console
from rich.text import Text

from licet.archive import Archive
from licet.archive.takedowns import STATUSES, Policy
from licet.archive.takedowns.plans import HELD
from licet.cli.options import AsJson, Language, language_of
from licet.errors import BadValue
from licet.home import home
from licet.i18n import N_, gettext

if TYPE_CHECKING:
    from licet.archive.takedowns import Case, Erasure, Hold, Status

takedown = typer.Typer(no_args_is_help=True, help="Take down: requests, decisions, legal holds, erasing.")

_OUT = Console(highlight=False, soft_wrap=True)
_LOCAL = timezone(timedelta(hours=8))
_NAMES = {
    "open": N_("waiting for a decision"),
    "refused": N_("turned down"),
    "granted": N_("granted"),
    "undone": N_("undone"),
    "erased": N_("erased"),
    "rights": N_("rights in the text"),
    "privacy": N_("privacy"),
    "correction": N_("correction"),
    "other": N_("another ground"),
    "snapshot": N_("this version"),
    "item": N_("every version of the article"),
}

Reference = Annotated[str, typer.Argument(metavar="REFERENCE", help="The reference of a request, TD-2A3BC-D4EFG.")]
Target = Annotated[str, typer.Argument(metavar="ID|URL", help="The id of a snapshot, or an original address.")]
At = Annotated[str | None, typer.Option(metavar="TIME", help="When, RFC 3339 (default: now).")]
By = Annotated[str, typer.Option(metavar="ROLE", help="Who decides: a role, not a person's name.")]
Reason = Annotated[str, typer.Option(help="Why; it is journaled: no personal data in it.")]
Scope = Annotated[
    str, typer.Option(metavar="snapshot|item", help="That version alone, or every version of the article.")
]


@takedown.command()
def request(  # noqa: PLR0913 - each is an option
    target: Target,
    *,
    ground: Annotated[str, typer.Option(metavar="rights|privacy|correction|other", help="The ground.")],
    text: Annotated[str, typer.Option(help="What is asked, in the asker's words.")],
    name: Annotated[str, typer.Option(help="Who asks.")],
    contact: Annotated[str, typer.Option(help="How to reach them.")],
    scope: Scope = "snapshot",
    keep_days: Annotated[
        int, typer.Option(min=1, max=3650, help="For how many days name, contact and text are kept.")
    ] = 180,
    at: At = None,
    language: Language = "en",
    as_json: AsJson = False,
) -> None:
    """File a request; one for what is asked for already joins that."""
    with Archive.open(home()) as store:
        case = store.takedowns.request(
            target,
            ground=ground,
            text=text,
            name=name,
            contact=contact,
            scope=scope,
            at=_time(at),
            policy=Policy(personal=timedelta(days=keep_days)),
        )
    _print_case(case, language_of(language), as_json=as_json)


@takedown.command(name="list")
def list_(  # noqa: PLR0913 - each is an option
    *,
    status: Annotated[
        str | None, typer.Option(metavar="open|granted|refused|undone|erased", help="Only these.")
    ] = None,
    holds: Annotated[bool, typer.Option("--holds", help="List the legal holds instead.")] = False,
    limit: Annotated[int, typer.Option(min=1, max=1000)] = 100,
    offset: Annotated[int, typer.Option(min=0, max=1_000_000)] = 0,
    language: Language = "en",
    as_json: AsJson = False,
) -> None:
    """List requests, the oldest first."""
    language = language_of(language)
    with Archive.open(home()) as store:
        if holds:
            _print_holds(store.takedowns.holds(), language, as_json=as_json)
            return
        cases = store.takedowns.cases(_status(status), limit=limit, offset=offset)
    for case in cases:
        if as_json:
            _line(_plain(case))
        else:
            words = (case.reference, _date(case.filed_at), _name(case.status, language), _name(case.ground, language))
            _OUT.print(Text("  ".join([*words, *case.snapshots])))
    if not cases and not as_json:
        _OUT.print(gettext(language, "no requests"), style="dim")


@takedown.command()
def show(reference: Reference, *, language: Language = "en", as_json: AsJson = False) -> None:
    """Show a request with who asked, and its course."""
    with Archive.open(home()) as store:
        case = store.takedowns.case(reference)
    _print_case(case, language_of(language), as_json=as_json)


@takedown.command()
def grant(  # noqa: PLR0913 - each is an option
    reference: Reference,
    *,
    by: By,
    reason: Reason = "",
    ground: Annotated[
        str | None, typer.Option(metavar="rights|privacy|correction|other", help="Another ground than was given.")
    ] = None,
    undo_days: Annotated[
        int, typer.Option(min=0, max=3650, help="For how many days it can be undone; then the record is erased.")
    ] = 30,
    blocker: Annotated[str, typer.Option(metavar="URL", help="Who demanded it by law (RFC 7725).")] = "",
    at: At = None,
    language: Language = "en",
    as_json: AsJson = False,
) -> None:
    """Grant a request: what it names disappears everywhere at once."""
    with Archive.open(home()) as store:
        case = store.takedowns.grant(
            reference,
            by=by,
            reason=reason,
            ground=ground,
            retention=timedelta(days=undo_days),
            blocker=blocker,
            at=_time(at),
        )
    _print_case(case, language_of(language), as_json=as_json)


@takedown.command()
def refuse(  # noqa: PLR0913 - each is an option
    reference: Reference, *, by: By, reason: Reason, at: At = None, language: Language = "en", as_json: AsJson = False
) -> None:
    """Refuse a request, with the reason."""
    with Archive.open(home()) as store:
        case = store.takedowns.refuse(reference, by=by, reason=reason, at=_time(at))
    _print_case(case, language_of(language), as_json=as_json)


@takedown.command()
def undo(  # noqa: PLR0913 - each is an option
    reference: Reference, *, by: By, reason: Reason, at: At = None, language: Language = "en", as_json: AsJson = False
) -> None:
    """Undo a grant while its period runs: what it hid is shown again."""
    with Archive.open(home()) as store:
        case = store.takedowns.undo(reference, by=by, reason=reason, at=_time(at))
    _print_case(case, language_of(language), as_json=as_json)


@takedown.command()
def erase(*, at: At = None, language: Language = "en", as_json: AsJson = False) -> None:
    """Erase what is due, and the personal data of requests whose time has passed. For a daily timer."""
    language = language_of(language)
    with Archive.open(home()) as store:
        done = store.takedowns.erase(_time(at))
    if as_json:
        _line(msgspec.to_builtins(done))
    else:
        _print_erasure(done, language)


@takedown.command()
def hold(  # noqa: PLR0913 - each is an option
    target: Target,
    *,
    by: By,
    reason: Reason,
    scope: Scope = "snapshot",
    at: At = None,
    language: Language = "en",
    as_json: AsJson = False,
) -> None:
    """Put a legal hold on a snapshot or an article: it cannot be erased until the hold is released."""
    with Archive.open(home()) as store:
        made = store.takedowns.hold(target, by=by, reason=reason, scope=scope, at=_time(at))
    _print_holds([made], language_of(language), as_json=as_json)


@takedown.command()
def release(  # noqa: PLR0913 - each is an option
    number: Annotated[int, typer.Argument(metavar="NUMBER", help="The number of a hold.")],
    *,
    by: By,
    reason: Reason,
    at: At = None,
    language: Language = "en",
    as_json: AsJson = False,
) -> None:
    """Release a legal hold."""
    with Archive.open(home()) as store:
        ended = store.takedowns.release(number, by=by, reason=reason, at=_time(at))
    _print_holds([ended], language_of(language), as_json=as_json)


def _time(text: str | None) -> datetime:
    if text is None:
        return datetime.now(UTC)
    try:
        found = datetime.fromisoformat(text.strip())
    except ValueError as error:
        raise BadValue(f"{text[:40]!r} is not a time", fix="write 2025-02-28 or 2025-02-28T17:45:05+08:00") from error
    return found if found.tzinfo else found.replace(tzinfo=_LOCAL)


def _status(text: str | None) -> Status | None:
    for known in STATUSES:
        if text == known:
            return known
    if text is not None:
        raise BadValue(f"no status is called {text[:20]!r}", fix="one of: " + ", ".join(STATUSES))
    return None


def _date(at: datetime) -> str:
    return at.astimezone(_LOCAL).strftime("%Y-%m-%d %H:%M")


def _name(word: str, language: str) -> str:
    return gettext(language, _NAMES[word])


def _plain(value: Case | Hold) -> dict[str, Any]:
    found: dict[str, Any] = msgspec.to_builtins(value)
    return found


def _line(value: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(value, ensure_ascii=False) + "\n")


def _print_case(case: Case, language: str, *, as_json: bool) -> None:
    if as_json:
        _line(_plain(case))
        return
    _OUT.print(Text.assemble((case.reference, "bold"), "  ", _name(case.status, language)))
    rows = [
        (N_("ground"), _name(case.ground, language)),
        (N_("asks for"), f"{_name(case.scope, language)}: {' '.join(case.snapshots)}"),
        (N_("filed"), _date(case.filed_at)),
        (N_("decided"), f"{_date(case.decided_at)}  {case.by}" if case.decided_at else ""),
        (N_("reason"), case.reason),
        (N_("can be undone until"), _date(case.retain_until) if case.retain_until else ""),
        (N_("blocked by"), case.blocker),
        (N_("waits"), _waits(case.waiting, language) if case.waiting else ""),
    ]
    for label, value in rows:
        if value:
            _OUT.print(Text(f"{gettext(language, label)}: {value}"))
    for one in case.reporters:
        until = gettext(language, "kept until {day}").format(day=one.forget_at.date())
        _OUT.print()
        _OUT.print(Text(f"{one.name}  {one.contact}  {_name(one.ground, language)}  ({until})", style="dim"))
        _OUT.print(Text(one.text))


def _print_holds(holds: list[Hold], language: str, *, as_json: bool) -> None:
    for one in holds:
        if as_json:
            _line(_plain(one))
            continue
        what = f"{one.snapshot} ({_name(one.scope, language)})"
        _OUT.print(Text(f"{one.number}  {_date(one.at)}  {what}  {one.by}: {one.reason}"))
        if one.released_at:
            ended = gettext(language, "hold released")
            _OUT.print(Text(f"  {ended} {_date(one.released_at)}: {one.release_reason}"))
    if not holds and not as_json:
        _OUT.print(gettext(language, "no legal holds"), style="dim")


def _print_erasure(done: Erasure, language: str) -> None:
    _OUT.print(gettext(language, "snapshots erased: {count}").format(count=len(done.erased)))
    for snapshot in done.erased:
        _OUT.print(Text(f"  {snapshot}"))
    for snapshot, reason in done.waiting:
        _OUT.print(Text(f"  {snapshot}  {_waits(reason, language)}"))


def _waits(reason: str, language: str) -> str:
    return gettext(language, "a legal hold is on it") if reason == HELD else reason


def register(app: typer.Typer) -> None:
    """Add the group to ``licet archive``."""
    app.add_typer(takedown, name="takedown")
