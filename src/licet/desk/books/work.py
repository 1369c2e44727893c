"""What is done with books beside the pages: one task after another in a thread of its own, with its progress."""

from __future__ import annotations

import datetime as dt
import logging
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, NamedTuple

from licet.desk.books import holding
from licet.desk.books.store import Books, Stored, Task
from licet.errors import LicetError

if TYPE_CHECKING:
    from collections.abc import Callable
    from concurrent.futures import Future
    from pathlib import Path

    from licet.desk.state import Desk
    from licet.orders import Asked as Terms

_log = logging.getLogger("licet.desk")
MOST_WAITING = 50


class Progress(NamedTuple):
    """What is being done with a book, and how far it is in percent, -1 where that is not known."""

    what: str
    percent: float


class Work:
    """The tasks of one desk. What a task raises becomes the state of its book, never an error of a page."""

    def __init__(self, desk: Desk, books: Books) -> None:
        self._desk = desk
        self._books = books
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="orders")
        self._waiting: dict[str, Future[None]] = {}
        self._progress: dict[str, Progress] = {}
        self._held: dict[str, int] = {}
        self._mark_interrupted()

    def close(self) -> None:
        """Let the task that runs come to its end, and begin no other."""
        self._pool.shutdown(wait=True, cancel_futures=True)

    def progress(self, identity: str) -> Progress | None:
        """Return how far a book is, None where nothing is being done with it."""
        return self._progress.get(identity)

    @property
    def waiting(self) -> int:
        """How many tasks are not done yet."""
        return sum(not future.done() for future in self._waiting.values())

    def screen(self, book: Stored) -> bool:
        """Screen a book when its turn comes; False where it is being worked on already, here or by another worker."""
        return self._begin(book.id, "screening", self._screen)

    def plan(self, book: Stored, order: str) -> bool:
        """Make a plan for a book when its turn comes; False as for :meth:`screen`."""
        return self._begin(book.id, "planning", self._plan, order=order, carried="")

    def _begin(self, identity: str, task: str, work: Callable[[Stored], dict[str, object]], **changes: object) -> bool:
        held = holding.take(self._lock(identity))
        if held is None:
            return False
        self._held[identity] = held
        try:
            self._books.change(identity, **{task: self._task("waiting"), **changes})
            self._start(identity, task, work)
        except BaseException:
            self._let_go(identity)
            raise
        return True

    def _let_go(self, identity: str) -> None:
        if (held := self._held.pop(identity, None)) is not None:
            holding.release(held)

    def _lock(self, identity: str) -> Path:
        return self._books.path(identity, "busy.lock")

    def _mark_interrupted(self) -> None:
        """Mark what a worker that has ended left undone; what another one is at, it holds."""
        for book in self._books.all():
            tasks = (book.screening, book.planning)
            if any(task is not None and task.state in ("waiting", "working") for task in tasks):
                held = holding.take(self._lock(book.id))
                if held is not None:
                    self._books.interrupted(book, at=self._desk.now())
                    holding.release(held)

    def _start(self, identity: str, task: str, work: Callable[[Stored], dict[str, object]]) -> None:
        if self.waiting >= MOST_WAITING:
            self._books.change(identity, **{task: self._failed("too many books are waiting", "try again later")})
            self._let_go(identity)
            return
        self._waiting = {name: future for name, future in self._waiting.items() if not future.done()}
        self._waiting[f"{identity} {task}"] = self._pool.submit(self._run, identity, task, work)

    def _run(self, identity: str, task: str, work: Callable[[Stored], dict[str, object]]) -> None:
        try:
            book = self._books.change(identity, **{task: self._task("working")})
            changes = work(book)
            self._let_go(identity)
            self._books.change(identity, **{task: self._task("done"), **changes})
        except LicetError as error:
            self._end(identity, task, self._failed(error.message, error.fix))
        except Exception:  # noqa: BLE001 - the thread of all tasks must go on; the log has it
            _log.exception("a task failed: %s of %s", task, identity)
            self._end(identity, task, self._failed("something went wrong inside Licet", "tell the operator the time"))
        finally:
            self._progress.pop(identity, None)
            self._let_go(identity)

    def _end(self, identity: str, task: str, ended: Task) -> None:
        self._let_go(identity)
        try:
            self._books.change(identity, **{task: ended})
        except LicetError:
            _log.info("a book was deleted while it was worked on: %s", identity)

    def _screen(self, book: Stored) -> dict[str, object]:
        from licet.orders import screen_files  # noqa: PLC0415 - loads the engine, which most desks do without

        out, refused = (self._books.path(book.id, name) for name in ("answers.parquet", "rejects.csv"))
        source = [str(self._books.source(book.id))]
        statutes, terms = self._desk.statutes, _terms(book)
        return {"summary": screen_files(source, out, refused, statutes, terms, told=self._told(book.id))}

    def _plan(self, book: Stored) -> dict[str, object]:
        from licet.orders.allocation import allocate_files  # noqa: PLC0415 - as above

        plan, refused = (self._books.path(book.id, name) for name in ("plan.jsonl", "plan.rejects.csv"))
        source = [str(self._books.source(book.id))]
        terms = {"order": book.order, "ledger": self._desk.ledger(), "told": self._told(book.id)}
        allocate_files(source, plan, refused, self._desk.statutes, _terms(book), **terms)  # type: ignore[arg-type]
        return {}

    def _told(self, identity: str) -> Callable[[str, float], None]:
        def told(what: str, percent: float) -> None:
            before = self._progress.get(identity)
            self._progress[identity] = Progress(what or (before.what if before else ""), percent)

        return told

    def _task(self, state: str) -> Task:
        return Task(state=state, since=self._now())  # type: ignore[arg-type]  # one of the states

    def _failed(self, message: str, fix: str) -> Task:
        return Task(state="failed", message=message, fix=fix, since=self._now())

    def _now(self) -> str:
        return self._desk.now().astimezone(dt.UTC).isoformat(timespec="seconds")


def _terms(book: Stored) -> Terms:
    from licet.orders import Asked  # noqa: PLC0415 - as above

    on = dt.date.fromisoformat(book.asked.on) if book.asked.on else None
    return Asked(day=on, basis=book.asked.basis, headquarters_taken=book.asked.take_headquarters)
