"""What stands where something was taken down: the tombstone, and who demanded it by law (RFC 7725)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from licet.desk.problems import licet_error

if TYPE_CHECKING:
    from litestar import Request, Response

    from licet.desk.state import Desk
    from licet.errors import TakenDown


def unavailable(request: Request[Any, Any, Any], error: TakenDown) -> Response[Any]:
    """Answer for what was taken down; who demanded it is linked as ``blocked-by``, where a grant states it."""
    desk: Desk = request.app.state.desk
    response = licet_error(request, error)
    if blocker := desk.archive.takedowns.blocker(error.snapshot):
        response.headers["link"] = f'<{blocker}>; rel="blocked-by"'
    return response
