"""Handlers that work for long: in a thread, so that other pages need not wait.

Litestar's own way (``sync_to_thread=True``) wraps a handler again for every application that it is given to, and the
second one then answers with a coroutine instead of a page.
"""

from __future__ import annotations

import asyncio
from functools import wraps
from typing import TYPE_CHECKING, ParamSpec, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

P = ParamSpec("P")
T = TypeVar("T")


def threaded(handler: Callable[P, T]) -> Callable[P, Coroutine[None, None, T]]:
    """Return the handler as a coroutine that runs it in a thread."""

    @wraps(handler)
    async def run(*args: P.args, **kwargs: P.kwargs) -> T:
        return await asyncio.to_thread(handler, *args, **kwargs)

    return run
