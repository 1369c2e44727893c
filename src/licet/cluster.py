"""Work in parts, on many machines: Ray starts each part somewhere, and again elsewhere when a machine is lost.

A part is a call of a function of this program with plain values. It writes files whole under names of its own or
nothing, so that it may be done twice. What it returns is small: large results are files.
"""

from __future__ import annotations

import logging
import os
import socket
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import metadata
from typing import TYPE_CHECKING, Any, TypeAlias

from licet import __version__
from licet.errors import BadInput, ClusterFailed, LicetError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

AGAIN = 5
"""So often a part is begun again after its worker was lost."""
_STORE = 80 * 2**20
"""Bytes of shared memory of a cluster that is started here: parts hand on small values, and files."""
_WAIT = 0.5
_REACHED = 10.0
Told: TypeAlias = "Callable[[str, float], None] | None"
"""Is told what is being done, and how far it is in percent; -1 where that is not known."""


@dataclass(frozen=True, slots=True)
class _Refused:
    """An error of ours as it comes back from a worker: errors with keywords do not survive being pickled."""

    kind: type[LicetError]
    message: str
    fix: str


@dataclass(frozen=True)
class Cluster:
    """Workers that take parts; ``cpus``: how many cores they have together."""

    ray: Any
    cpus: int

    def each(
        self,
        work: Callable[..., Any],
        parts: Sequence[Any],
        *given: Any,
        told: Told = None,
    ) -> list[Any]:
        """Return ``work(part, *given)`` of every part, in their order; ``given`` is sent to each machine once.

        The first error of ours that a part meets is raised, the others are given up. Raises :class:`ClusterFailed`.
        """
        ray = self.ray
        task = ray.remote(num_cpus=1, max_retries=AGAIN, retry_exceptions=[OSError])(_worked)
        sent = ray.put((_versions(), given))
        numbers = {task.remote(work, part, sent): number for number, part in enumerate(parts)}
        found: list[Any] = [None] * len(parts)
        waiting = list(numbers)
        try:
            while waiting:
                done, waiting = ray.wait(waiting, num_returns=1, timeout=_WAIT)
                for reference in done:
                    found[numbers[reference]] = self._result(reference)
                if told is not None:
                    told("", 100 * (len(parts) - len(waiting)) / len(parts))
        finally:
            for reference in waiting:
                ray.cancel(reference, force=False)
        return found

    def _result(self, reference: Any) -> Any:
        try:
            result = self.ray.get(reference)
        except self.ray.exceptions.RayError as error:
            raise ClusterFailed(
                f"a part of the work failed {AGAIN + 1} times: {_said(error)}",
                fix="install the same Licet on every machine, and give workers more memory",
            ) from error
        if isinstance(result, _Refused):
            raise result.kind(result.message, fix=result.fix)
        return result


def _worked(work: Callable[..., Any], part: Any, sent: tuple[str, tuple[Any, ...]]) -> Any:
    """Do one part on a worker; what is wrong with the input comes back as a value, for it is not to be tried again."""
    version, given = sent
    try:
        if version != _versions():
            raise ClusterFailed(
                f"a worker has Licet {_versions()}, and this is {version}", fix="install one version on every machine"
            )
        return work(part, *given)
    except LicetError as error:
        return _Refused(_kind(error), error.message, error.fix)


def _versions() -> str:
    return f"{__version__} with DuckDB {metadata.version('duckdb')}"


def _kind(error: LicetError) -> type[LicetError]:
    """Return the class of an error, or one above it that takes a message and a fix."""
    return next(kind for kind in type(error).__mro__ if "__init__" not in vars(kind) or kind is LicetError)


def _said(error: Exception) -> str:
    """Return what went wrong, short: of an error on a worker its cause, not the traceback there."""
    cause = getattr(error, "cause", None)
    said = str(cause or error).strip().partition("\n")[0]
    return f"{type(cause or error).__name__}: {said}"[:200]


@contextmanager
def joined(address: str = "") -> Iterator[Cluster]:
    """Join the cluster at ``address`` (``HOST:6379``, or ``auto`` on one of its machines), or start one here.

    A program that has joined one before works on it. Raises :class:`BadInput` where Ray is not installed or no cluster
    answers.
    """
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
    os.environ.setdefault("RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO", "0")
    try:
        import ray  # noqa: PLC0415 - an extra, and slow to import
    except ImportError as error:
        raise BadInput("Ray is not installed", fix="pip install 'licet[ray]'") from error
    if ray.is_initialized():
        yield _of(ray)
        return
    with tempfile.TemporaryDirectory(prefix="licet-ray-", ignore_cleanup_errors=True) as folder:
        own = {"num_cpus": os.cpu_count() or 1, "object_store_memory": _STORE, "_temp_dir": folder}
        own |= {"address": "local", "include_dashboard": False}
        try:
            _reached(address)
            ray.init(**({"address": address} if address else own), log_to_driver=False, logging_level=logging.ERROR)
        except (ValueError, RuntimeError, OSError) as error:
            raise BadInput(
                f"no Ray cluster answers at {address[:60] or 'this machine'}: {_said(error)}",
                fix="start one with 'ray start --head', or leave --ray out",
            ) from error
        try:
            yield _of(ray)
        finally:
            ray.shutdown()


def _reached(address: str) -> None:
    """Hold that something answers at ``HOST:PORT``, for Ray itself asks for minutes. Raises :class:`OSError`."""
    host, _, port = address.rpartition(":")
    if host and port.isdecimal() and "://" not in address:
        socket.create_connection((host.strip("[]"), int(port)), timeout=_REACHED).close()


def _of(ray: Any) -> Cluster:
    return Cluster(ray, max(1, int(ray.cluster_resources().get("CPU", 1))))
