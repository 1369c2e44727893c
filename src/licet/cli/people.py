"""``licet people``: who may sign in at the desk, and keys for programs."""

from __future__ import annotations

import datetime as dt
import sys
from contextlib import contextmanager
from getpass import getpass
from typing import TYPE_CHECKING, Annotated

import msgspec
import typer

from licet.cli.options import AsJson, Language, day, language_of
from licet.desk.people import ROLES, SCOPES, People, people_file
from licet.errors import BadInput, BadValue
from licet.home import home
from licet.i18n import N_, gettext
from licet.journal import Journal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from licet.desk.people import Role

people = typer.Typer(no_args_is_help=True, help="People who may sign in at the desk, and keys for programs.")

Name = Annotated[str, typer.Argument(metavar="NAME", help="The name to sign in with.")]
RoleOption = Annotated[str, typer.Option("--role", metavar="|".join(ROLES), help="What they may do.")]
Stdin = Annotated[
    bool, typer.Option("--password-stdin", help="Read the password from standard input instead of asking for it.")
]


@people.command()
def add(name: Name, *, role: RoleOption = "reader", stdin: Stdin = False, language: Language = "en") -> None:
    """Add somebody. The password is asked for, never given as an argument."""
    language = language_of(language)
    with _opened() as store:
        person = store.add(name, _role(role), _password(language, stdin=stdin), at=_now())
        _note("person added", person=person.name, role=person.role)
    typer.echo(gettext(language, N_("{name} may sign in as {role}")).format(name=person.name, role=person.role))


@people.command(name="list")
def list_(*, as_json: AsJson = False) -> None:
    """List everybody with their roles."""
    with _opened() as store:
        found = store.everyone()
    if as_json:
        typer.echo(msgspec.json.encode(found).decode())
        return
    for person in found:
        since = f"  disabled {person.disabled:%Y-%m-%d}" if person.disabled else ""
        typer.echo(f"{person.role:8} {person.name}{since}")


@people.command()
def role(name: Name, role: Annotated[str, typer.Argument(metavar="ROLE", help="The new role.")]) -> None:
    """Give somebody another role; their sessions end."""
    with _opened() as store:
        store.set_role(name, _role(role))
        _note("role given", person=name, role=role)


@people.command()
def password(name: Name, *, stdin: Stdin = False, language: Language = "en") -> None:
    """Give somebody another password; their sessions end."""
    with _opened() as store:
        store.person(name)
        store.set_password(name, _password(language_of(language), stdin=stdin))
        _note("password changed", person=name)


@people.command()
def disable(name: Name) -> None:
    """Let somebody sign in no more; their sessions and keys end."""
    with _opened() as store:
        store.disable(name, at=_now())
        _note("person disabled", person=name)


@people.command()
def enable(name: Name) -> None:
    """Let somebody sign in again."""
    with _opened() as store:
        store.enable(name)
        _note("person enabled", person=name)


@people.command()
def key(
    name: Name,
    *,
    scope: Annotated[list[str], typer.Option(metavar="SCOPE", help=f"What it may be used for: {', '.join(SCOPES)}.")],
    expires: Annotated[str, typer.Option(metavar="DATE", help="The last day on which it holds, within a year.")],
    as_json: AsJson = False,
) -> None:
    """Make a key for a program and print it, this once."""
    end = dt.datetime.combine(day(expires), dt.time(23, 59, 59), dt.UTC)
    with _opened() as store:
        made, secret = store.make_key(name, scope, at=_now(), expires=end)
        _note("key made", person=made.owner.name, key=made.id, scopes=list(made.scopes))
    typer.echo(msgspec.json.encode({"id": made.id, "key": secret}).decode() if as_json else secret)


@people.command()
def keys(*, as_json: AsJson = False) -> None:
    """List the keys, without their secrets."""
    with _opened() as store:
        found = store.every_key()
    if as_json:
        typer.echo(msgspec.json.encode(found).decode())
        return
    for one in found:
        state = "revoked" if one.revoked else f"through {one.expires:%Y-%m-%d}"
        typer.echo(f"{one.id}  {one.owner.name}  {' '.join(one.scopes)}  {state}")


@people.command()
def revoke(key: Annotated[str, typer.Argument(metavar="KEY", help="The id of a key.")]) -> None:
    """Let a key hold no more."""
    with _opened() as store:
        store.revoke(key, at=_now())
        _note("key revoked", key=key)


@contextmanager
def _opened() -> Iterator[People]:
    store = People(people_file(home()))
    try:
        yield store
    finally:
        store.close()


def _note(kind: str, **facts: object) -> None:
    Journal.open(home()).append(kind, facts, time=_now().isoformat(timespec="seconds"))


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


def _role(text: str) -> Role:
    for known in ROLES:
        if text == known:
            return known
    raise BadValue(f"no role is called '{text[:40]}'", fix=f"one of {', '.join(ROLES)}")


def _password(language: str, *, stdin: bool) -> str:
    if stdin:
        return sys.stdin.readline().rstrip("\r\n")
    if not sys.stdin.isatty():
        raise BadInput("there is nobody to ask for a password", fix="give it on standard input with --password-stdin")
    found = getpass(gettext(language, N_("Password: ")))
    if found != getpass(gettext(language, N_("Once more: "))):
        raise BadInput("the two passwords are not the same", fix="try again")
    return found


def register(app: typer.Typer) -> None:
    """Add the group to ``app``."""
    app.add_typer(people, name="people")
