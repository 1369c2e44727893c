"""The pages of orders: the books, one book with its lines, its plan; all of it for people who have signed in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from litestar import Request, Response, get, post
from litestar.datastructures import UploadFile
from litestar.di import NamedDependency
from litestar.enums import RequestEncodingType
from litestar.params import Body, FromPath
from litestar.response import Redirect, Stream

from licet.desk.books import carrying
from licet.desk.books.lines import FILTERS, PAGE, lines
from licet.desk.books.store import KINDS, LARGEST, Asked, Stored
from licet.desk.forms import BASES, day
from licet.desk.people.guards import checked_form, needs, session_of, who
from licet.desk.render import address, page
from licet.desk.state import Desk
from licet.desk.threads import threaded
from licet.errors import BadInput, LicetError, UnknownName

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_CHUNK = 1 << 20
READS = needs("reader", "orders:read")
WRITES = needs("analyst", "orders:write")
POSTS = needs("officer", "ledger:write")
ORDERS = ("date", "largest")
FILES = {
    "answers.parquet": "application/vnd.apache.parquet",
    "rejects.csv": "text/csv; charset=utf-8",
    "plan.jsonl": "application/jsonl",
}
Sent = Annotated[dict[str, str], Body(media_type=RequestEncodingType.URL_ENCODED)]
Upload = Annotated[dict[str, Any], Body(media_type=RequestEncodingType.MULTI_PART)]


@get("/orders", include_in_schema=False, guards=[READS])
@threaded
def orders_page(request: Request[Any, Any, Any], desk: NamedDependency[Desk]) -> Response[str]:
    """List the books, with the form that brings another."""
    return _list(request, desk)


@post(
    "/orders",
    include_in_schema=False,
    status_code=200,
    guards=[WRITES],
    request_max_body_size=LARGEST + 100_000,
)
@threaded
def upload(request: Request[Any, Any, Any], desk: NamedDependency[Desk], data: Upload) -> Response[Any]:
    """Keep a book and begin to screen it."""
    checked_form(request, data)
    try:
        given = data.get("book")
        if not isinstance(given, UploadFile) or not given.filename:
            raise BadInput("no file was chosen", fix=f"choose one of {', '.join(KINDS)}")
        content = given.file.read(LARGEST + 1)
        book = desk.books.add(given.filename, content, _asked(data), by=who(request).name, at=desk.now())
    except LicetError as error:
        return _list(request, desk, trouble=error)
    carrying.taken_in(desk, book, book.by)
    return Redirect(f"/orders/{book.id}", status_code=303)


@get("/orders/{identity:str}", include_in_schema=False, guards=[READS])
@threaded
def book_page(request: Request[Any, Any, Any], desk: NamedDependency[Desk], identity: FromPath[str]) -> Response[str]:
    """Show a book: how far it is, its summary, its lines."""
    book = desk.books.book(identity)
    wanted = {name: request.query_params.get(name, "")[:100] for name in FILTERS}
    number = _number(request)
    found = None
    if book.screening.state == "done":
        answers = desk.books.path(book.id, "answers.parquet")
        found = lines(answers, wanted, number, book.asked, desk.statutes)
    here = f"/orders/{book.id}"
    return page(
        request,
        desk,
        "order_book.html",
        book=book,
        working=carrying.working(book),
        progress=desk.work.progress(book.id),
        found=found,
        wanted=wanted,
        groups=_groups(book, here),
        page_number=number,
        older=address(here, {**wanted, "page": number + 1}) if found and found.total > number * PAGE else "",
        newer=address(here, {**wanted, "page": number - 1}) if number > 1 else "",
        plan=_plan(desk, book),
        orders=ORDERS,
        may_write=_may(request, "analyst"),
        may_post=_may(request, "officer"),
    )


@get("/orders/{identity:str}/files/{name:str}", include_in_schema=False, guards=[READS])
@threaded
def book_file(desk: NamedDependency[Desk], identity: FromPath[str], name: FromPath[str]) -> Stream:
    """Hand out a file that was made of a book."""
    return handed_out(desk, identity, name)


def handed_out(desk: Desk, identity: str, name: str) -> Stream:
    """Return a file that was made of a book. Raises :class:`UnknownName`."""
    book = desk.books.book(identity)
    path = desk.books.path(book.id, name)
    if name not in FILES or not path.is_file():
        raise UnknownName(f"there is no file {name[:40]!r} of this book", fix="the page of the book lists them")
    headers = {
        "cache-control": "no-store",
        "content-disposition": f'attachment; filename="{book.id}-{name}"',
        "content-length": str(path.stat().st_size),
    }
    return Stream(_chunks(path), media_type=FILES[name], headers=headers)


def _chunks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as stream:
        while chunk := stream.read(_CHUNK):
            yield chunk


@post("/orders/{identity:str}/screen", include_in_schema=False, status_code=200, guards=[WRITES])
@threaded
def screen_again(
    request: Request[Any, Any, Any], desk: NamedDependency[Desk], data: Sent, identity: FromPath[str]
) -> Response[Any]:
    """Screen a book again: after a stop, or under a law that has changed."""
    checked_form(request, data)
    book = desk.books.book(identity)
    if not carrying.working(book):
        desk.work.screen(book)
    return Redirect(f"/orders/{book.id}", status_code=303)


@post("/orders/{identity:str}/delete", include_in_schema=False, status_code=200, guards=[WRITES])
@threaded
def delete(
    request: Request[Any, Any, Any], desk: NamedDependency[Desk], data: Sent, identity: FromPath[str]
) -> Response[Any]:
    """Delete a book and what was made of it."""
    checked_form(request, data)
    book = desk.books.book(identity)
    desk.books.delete(book.id)
    desk.noted("book deleted", person=who(request).name, book=book.id)
    return Redirect("/orders", status_code=303)


@post("/orders/{identity:str}/plan", include_in_schema=False, status_code=200, guards=[WRITES])
@threaded
def make_plan(
    request: Request[Any, Any, Any], desk: NamedDependency[Desk], data: Sent, identity: FromPath[str]
) -> Response[Any]:
    """Make a plan for a book."""
    checked_form(request, data)
    book = desk.books.book(identity)
    order = data.get("order", "date").strip()[:320] or "date"
    if not carrying.working(book) and book.carried != "posted":
        desk.work.plan(book, order)
        desk.noted("plan asked for", person=who(request).name, book=book.id, order=order)
    return Redirect(f"/orders/{book.id}#plan", status_code=303)


@post("/orders/{identity:str}/plan/post", include_in_schema=False, status_code=200, guards=[POSTS])
@threaded
def post_plan(
    request: Request[Any, Any, Any], desk: NamedDependency[Desk], data: Sent, identity: FromPath[str]
) -> Response[Any]:
    """Carry the plan of a book out in the ledger, all of it or nothing."""
    checked_form(request, data)
    book = desk.books.book(identity)
    carrying.post(desk, book, who(request).name)
    return Redirect(f"/orders/{book.id}#plan", status_code=303)


@post("/orders/{identity:str}/plan/discard", include_in_schema=False, status_code=200, guards=[POSTS])
@threaded
def discard_plan(
    request: Request[Any, Any, Any], desk: NamedDependency[Desk], data: Sent, identity: FromPath[str]
) -> Response[Any]:
    """Throw the plan of a book away."""
    checked_form(request, data)
    book = desk.books.book(identity)
    carrying.discard(desk, book, who(request).name)
    return Redirect(f"/orders/{book.id}#plan", status_code=303)


def _list(request: Request[Any, Any, Any], desk: Desk, trouble: LicetError | None = None) -> Response[str]:
    return page(
        request,
        desk,
        "orders.html",
        status=trouble.status if trouble else 200,
        books=desk.books.all()[:200],
        trouble=trouble,
        kinds=",".join(KINDS),
        megabytes=LARGEST >> 20,
        bases=BASES,
        may_write=_may(request, "analyst"),
    )


def _asked(data: dict[str, Any]) -> Asked:
    on = str(data.get("on", "")).strip()
    if on and day(on) is None:
        raise BadInput(f"{on[:40]!r} is no day", fix="write it as 2025-06-02, or leave it out")
    basis = "written" if data.get("basis") == "written" else "enforced"
    return Asked(on=on, basis=basis, take_headquarters=bool(data.get("take_headquarters")))  # type: ignore[arg-type]


def _groups(book: Stored, here: str) -> list[tuple[str, list[dict[str, Any]]]]:
    """Return the groups of the summary, each row with the address that shows its lines where there is one."""
    found = []
    for name in ("outcome", "place", "chip", "account"):
        rows = book.summary.get(f"by_{name}", [])[:20]
        shown = [{**row, "of": row[name], "href": _filtered(here, name, row[name])} for row in rows]
        if shown:
            found.append((name, shown))
    return found


def _filtered(here: str, name: str, value: Any) -> str:
    return address(here, [(name, value)]) if name in FILTERS else ""


def _plan(desk: Desk, book: Stored) -> Any:
    """Return the head of the plan of a book, None where there is none."""
    path = desk.books.path(book.id, "plan.jsonl")
    if book.planning is None or book.planning.state != "done" or not path.is_file():
        return None
    from licet.orders.allocation import read_plan  # noqa: PLC0415 - loads the engine

    return read_plan(path)


def _may(request: Request[Any, Any, Any], role: Any) -> bool:
    session = session_of(request)
    return session is not None and session.person.is_at_least(role)


def _number(request: Request[Any, Any, Any]) -> int:
    text = request.query_params.get("page", "1")
    return min(max(int(text), 1), 2_000) if text.isascii() and text.isdigit() and len(text) < 5 else 1


HANDLERS = (
    orders_page,
    upload,
    book_page,
    book_file,
    screen_again,
    delete,
    make_plan,
    post_plan,
    discard_plan,
)
