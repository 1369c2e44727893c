"""A Ray cluster of two nodes on this machine, each with one core, which tests share and may break."""

from __future__ import annotations

import os
import shutil
import signal
import tempfile
from pathlib import Path

from tools.needs import unavailable

ABSENT = "Ray is not installed: pip install 'licet[ray]'"
_STORE = 80 * 2**20


class TwoNodes:
    """The running cluster; ``address`` is what ``--ray`` takes, and ``told`` a test's own look at the progress."""

    told = None

    def __init__(self) -> None:
        os.environ["RAY_USAGE_STATS_ENABLED"] = "0"
        try:
            from ray.cluster_utils import Cluster  # noqa: PLC0415 - an extra, and slow to import
        except ImportError:
            unavailable(ABSENT)
        # A short name: Ray's sockets lie in it, and the name of a socket has a limit of a hundred bytes.
        self.folder = tempfile.mkdtemp(prefix="lr-")
        self.cluster = Cluster()
        self.cluster.add_node(num_cpus=1, object_store_memory=_STORE, include_dashboard=False, temp_dir=self.folder)
        self.second = self._another()

    def _another(self):
        return self.cluster.add_node(num_cpus=1, object_store_memory=_STORE)

    @property
    def address(self) -> str:
        return str(self.cluster.address)

    def harm(self, how: str) -> int:
        """Kill ``workers``, or take a ``node`` away; return how many were hit: a worker may be between two parts."""
        if how == "workers":
            return self.kill_workers()
        self.lose_a_node()
        return 1

    def lose_a_node(self) -> None:
        """Take the second machine away, whatever it is doing."""
        self.cluster.remove_node(self.second, allow_graceful=False)
        self.second = None

    def mend(self) -> None:
        """Bring a lost machine back, and look no more."""
        self.told = None
        if self.second is None:
            self.second = self._another()
        # Until the lost one is known to be lost, a program that joins may be sent to it.
        self.cluster.wait_for_nodes(timeout=60)

    def kill_workers(self) -> int:
        """Kill the processes that are at work on a part, as a machine without memory does; return how many."""
        raylets = {info.process.pid for node in self.cluster.list_all_nodes() for info in node.all_processes["raylet"]}
        found = [pid for pid in _processes() if _parent(pid) in raylets and b"ray::_worked" in _command(pid)]
        for pid in found:
            os.kill(pid, signal.SIGKILL)
        return len(found)

    def stop(self) -> None:
        self.cluster.shutdown()
        shutil.rmtree(self.folder, ignore_errors=True)


def _processes() -> list[int]:
    return [int(path.name) for path in Path("/proc").iterdir() if path.name.isdigit()]


def _parent(pid: int) -> int:
    try:
        return int(Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[1])
    except (OSError, ValueError):
        return 0


def _command(pid: int) -> bytes:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return b""
