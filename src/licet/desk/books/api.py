"""Order books for programs: brought, screened, read by lines, planned, posted."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any

import msgspec
from litestar import Request, Response, delete, get, post
from litestar.datastructures import UploadFile  # noqa: TC002 - Litestar reads the annotations
from litestar.di import NamedDependency
from litestar.enums import RequestEncodingType
from litestar.params import Body, FromPath, JSONBody, QueryParameter
from litestar.response import Stream

from licet.desk.books import carrying
from licet.desk.books.lines import DEEPEST, FILTERS, PAGE, lines
from licet.desk.books.pages import POSTS, READS, WRITES, handed_out
from licet.desk.books.store import LARGEST, Asked
from licet.desk.forms import day
from licet.desk.once import IdempotencyKey, links, once, pages
from licet.desk.people.guards import who
from licet.desk.problems import RESPONSES
from licet.desk.state import Desk
from licet.desk.threads import threaded
from licet.errors import BadInput, Conflict

if TYPE_CHECKING:
    from collections.abc import Callable

    from licet.desk.books.store import Stored

_MOST = 200


@dataclass
class Brought:
    """A book as it is sent: ``book`` is the file, the rest is what its lines do not say themselves."""

    book: UploadFile
    on: str = ""
    basis: str = "enforced"
    take_headquarters: bool = False


class Ordered(msgspec.Struct, forbid_unknown_fields=True):
    """How a plan is made: ``order`` is ``date``, ``largest``, or columns of the book."""

    order: Annotated[str, msgspec.Meta(min_length=1, max_length=320)] = "date"


@get("/api/v1/orders", tags=["orders"], responses=RESPONSES, guards=[READS])
@threaded
def list_orders(
    request: Request[Any, Any, Any],
    desk: NamedDependency[Desk],
    limit: Annotated[int, QueryParameter(ge=1, le=_MOST)] = 50,
    offset: Annotated[int, QueryParameter(ge=0, le=10_000)] = 0,
) -> Response[dict[str, Any]]:
    """List the books, the newest first; ``Link`` leads to the next of them."""
    found = desk.books.all()
    items = [_told(book) for book in found[offset : offset + limit]]
    return Response({"total": len(found), "items": items}, headers=pages(request, limit, offset, len(found)))


@post(
    "/api/v1/orders",
    tags=["orders"],
    status_code=202,
    responses=RESPONSES,
    guards=[WRITES],
    request_max_body_size=LARGEST + 100_000,
)
@threaded
def bring_order(
    request: Request[Any, Any, Any],
    desk: NamedDependency[Desk],
    data: Annotated[Brought, Body(media_type=RequestEncodingType.MULTI_PART)],
    key: IdempotencyKey = None,
) -> Response[dict[str, Any]]:
    """Bring a book (CSV, Parquet, a spreadsheet) and have it screened; ``Location`` says where it is then."""
    asked = _asked(data)
    content = data.book.file.read(LARGEST + 1)
    name = data.book.filename or ""

    def do() -> Response[dict[str, Any]]:
        book = desk.books.add(name, content, asked, by=who(request).name, at=desk.now())
        carrying.taken_in(desk, book, who(request).name)
        told = _told(desk.books.book(book.id))
        return Response(told, status_code=202, headers={"location": f"/api/v1/orders/{book.id}"})

    return once(request, desk, key, {"name": name, "asked": asked, "content": hashlib.sha256(content).hexdigest()}, do)


@get("/api/v1/orders/{identity:str}", tags=["orders"], responses=RESPONSES, guards=[READS])
@threaded
def show_order(desk: NamedDependency[Desk], identity: FromPath[str]) -> Response[dict[str, Any]]:
    """Show a book: how far it is, its summary, its files."""
    book = desk.books.book(identity)
    progress = desk.work.progress(book.id)
    return Response({**_told(book), "summary": book.summary, "percent": progress.percent if progress else None})


@get("/api/v1/orders/{identity:str}/lines", tags=["orders"], responses=RESPONSES, guards=[READS])
@threaded
def list_lines(  # noqa: PLR0913, PLR0917 - each parameter stands in the API description
    request: Request[Any, Any, Any],
    desk: NamedDependency[Desk],
    identity: FromPath[str],
    outcome: Annotated[str, QueryParameter(description="only lines of this outcome")] = "",
    exception: Annotated[str, QueryParameter(description="only lines that use this exception")] = "",
    classification: Annotated[str, QueryParameter(description="only lines of this classification")] = "",
    review_policy: Annotated[str, QueryParameter(description="only lines of this review policy")] = "",
    tier: Annotated[str, QueryParameter(description="only lines of this tier: 1, 2, 3")] = "",
    page: Annotated[int, QueryParameter(ge=1, le=DEEPEST, description=f"{PAGE} lines each")] = 1,
) -> Response[dict[str, Any]]:
    """List the answered lines of a book; ``answers.parquet`` has all of them with every column."""
    book = desk.books.book(identity)
    if book.screening.state != "done":
        raise Conflict("this book is not screened yet", fix="ask for the book until screening.state is done")
    wanted = dict(zip(FILTERS, (outcome, exception, classification, review_policy, tier), strict=True))
    found = lines(desk.books.path(book.id, "answers.parquet"), wanted, page, book.asked, desk.statutes)
    more = {"page": page + 1} if found.total > page * PAGE and page < DEEPEST else None
    headers = links(request, prev={"page": page - 1} if page > 1 else None, next=more)
    return Response({"total": found.total, "items": found.rows}, headers=headers)


@get("/api/v1/orders/{identity:str}/files/{name:str}", tags=["orders"], responses=RESPONSES, guards=[READS])
@threaded
def read_file(desk: NamedDependency[Desk], identity: FromPath[str], name: FromPath[str]) -> Stream:
    """Hand out ``answers.parquet``, ``rejects.csv`` or ``plan.jsonl`` of a book."""
    return handed_out(desk, identity, name)


@post("/api/v1/orders/{identity:str}/screen", tags=["orders"], status_code=202, responses=RESPONSES, guards=[WRITES])
@threaded
def screen_order(desk: NamedDependency[Desk], identity: FromPath[str]) -> Response[dict[str, Any]]:
    """Screen a book again: after a stop, or under a law that has changed."""
    return _begun(desk, identity, desk.work.screen)


@delete("/api/v1/orders/{identity:str}", tags=["orders"], status_code=204, responses=RESPONSES, guards=[WRITES])
@threaded
def delete_order(request: Request[Any, Any, Any], desk: NamedDependency[Desk], identity: FromPath[str]) -> None:
    """Delete a book and what was made of it."""
    book = desk.books.book(identity)
    desk.books.delete(book.id)
    desk.noted("book deleted", person=who(request).name, book=book.id)


@get("/api/v1/orders/{identity:str}/plan", tags=["plans"], responses=RESPONSES, guards=[READS])
@threaded
def show_plan(desk: NamedDependency[Desk], identity: FromPath[str]) -> Response[dict[str, Any]]:
    """Show the head of the plan of a book: what it draws where, and what waits; ``plan.jsonl`` has its lines."""
    book = desk.books.book(identity)
    head = msgspec.to_builtins(carrying.planned(desk, book).head, enc_hook=str)
    return Response({"carried": book.carried or None, **head})


@post("/api/v1/orders/{identity:str}/plan", tags=["plans"], status_code=202, responses=RESPONSES, guards=[WRITES])
@threaded
def make_plan(
    request: Request[Any, Any, Any], desk: NamedDependency[Desk], identity: FromPath[str], data: JSONBody[Ordered]
) -> Response[dict[str, Any]]:
    """Make a plan for a book, anew where there was one that is not posted."""
    book = desk.books.book(identity)
    if book.carried == "posted":
        raise Conflict("the plan of this book is posted", fix="bring the book again to plan it anew")
    told = _begun(desk, identity, lambda one: desk.work.plan(one, data.order))
    desk.noted("plan asked for", person=who(request).name, book=book.id, order=data.order)
    return told


@post("/api/v1/orders/{identity:str}/plan/post", tags=["plans"], status_code=200, responses=RESPONSES, guards=[POSTS])
@threaded
def post_plan(
    request: Request[Any, Any, Any], desk: NamedDependency[Desk], identity: FromPath[str], key: IdempotencyKey = None
) -> Response[dict[str, Any]]:
    """Carry the plan of a book out in the ledger, all of it or nothing; asked again, nothing is done twice."""
    book, person = desk.books.book(identity), who(request).name
    return once(request, desk, key, {}, lambda: Response(carrying.post(desk, book, person), status_code=200))


@post(
    "/api/v1/orders/{identity:str}/plan/discard", tags=["plans"], status_code=200, responses=RESPONSES, guards=[POSTS]
)
@threaded
def discard_plan(
    request: Request[Any, Any, Any], desk: NamedDependency[Desk], identity: FromPath[str]
) -> Response[dict[str, Any]]:
    """Throw the plan of a book away; what was reserved for it is free again."""
    return Response(carrying.discard(desk, desk.books.book(identity), who(request).name), status_code=200)


def _begun(desk: Desk, identity: str, begin: Callable[[Stored], bool]) -> Response[dict[str, Any]]:
    book = desk.books.book(identity)
    if carrying.working(book) or not begin(book):
        raise Conflict("this book is being worked on", fix="wait until that is done")
    return Response(_told(desk.books.book(book.id)), status_code=202)


def _asked(data: Brought) -> Asked:
    if data.on and day(data.on) is None:
        raise BadInput(f"{data.on[:40]!r} is no day", fix="write it as 2025-06-02, or leave it out")
    if data.basis not in ("enforced", "written"):
        raise BadInput(f"no basis is called {data.basis[:40]!r}", fix="written or enforced")
    return Asked(on=data.on, basis=data.basis, take_headquarters=data.take_headquarters)  # type: ignore[arg-type]


def _told(book: Stored) -> dict[str, Any]:
    told: dict[str, Any] = msgspec.to_builtins(book, enc_hook=str)
    del told["summary"]
    return told


HANDLERS = (
    list_orders,
    bring_order,
    show_order,
    list_lines,
    read_file,
    screen_order,
    delete_order,
    show_plan,
    make_plan,
    post_plan,
    discard_plan,
)
