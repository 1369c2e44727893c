"""Many cases in one request, as streaming JSON lines."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from litestar import Request, post
from litestar.di import NamedDependency
from litestar.openapi.spec import OpenAPIMediaType, OpenAPIType, Operation, RequestBody, Schema
from litestar.response import Stream

from licet.decisions.batch import LONGEST_LINE, Terms, answer_line, written
from licet.desk.problems import RESPONSES
from licet.desk.state import Desk
from licet.desk.tongue import tongue_of
from licet.errors import BadInput

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

LARGEST = 32 * 1024 * 1024
"""The most bytes of one batch."""
MOST = 20_000
"""The most lines of one batch; more are for ``licet check --jsonl``."""
TYPE = "application/jsonl"
_TOGETHER = 64


@dataclass
class Lines(Operation):
    """A request whose body is lines of JSON."""

    def __post_init__(self) -> None:
        """Describe the body."""
        told = f"a case a line, in the form of a posted check; at most {MOST} lines and {LARGEST >> 20} MB"
        media = OpenAPIMediaType(schema=Schema(type=OpenAPIType.STRING, description=told))
        self.request_body = RequestBody(content={TYPE: media}, description=told, required=True)


@post(
    "/api/v1/check/batch",
    tags=["decisions"],
    status_code=200,
    responses=RESPONSES,
    operation_class=Lines,
    request_max_body_size=LARGEST,
    media_type=TYPE,
)
async def check_batch(request: Request[Any, Any, Any], desk: NamedDependency[Desk]) -> Stream:
    """Decide a case a line: a verdict a line comes back, in order, while the rest is being decided.

    A line that cannot be used gives ``{"id", "line", "error": {"message", "fix"}}`` in its place. Each line
    has its own ``date`` and ``basis``; empty lines are passed over.
    """
    body = await request.body()
    lines = body.decode("utf-8", "replace").split("\n")
    if len(lines) > MOST + 1:
        raise BadInput(
            f"there are more than {MOST} lines", fix="send them in several batches, or use licet check --jsonl"
        )
    return Stream(
        _answers(desk, lines, tongue_of(request).code), media_type=TYPE, headers={"cache-control": "no-store"}
    )


async def _answers(desk: Desk, lines: list[str], language: str) -> AsyncIterator[str]:
    for start in range(0, len(lines), _TOGETHER):
        chunk = [
            (number, line) for number, line in enumerate(lines[start : start + _TOGETHER], start + 1) if line.strip()
        ]
        if chunk:
            yield await asyncio.to_thread(_answered, desk, chunk, language)


def _answered(desk: Desk, lines: list[tuple[int, str]], language: str) -> str:
    terms = Terms()
    found = (answer_line(desk.statutes, line[:LONGEST_LINE], number, terms, language) for number, line in lines)
    return "".join(written(one) + "\n" for one in found)


HANDLERS = (check_batch,)
