"""The desk as a process, or several: started, told to stop, ended in order."""

from __future__ import annotations

import os
import sys
import tempfile
from typing import TYPE_CHECKING, Any

import uvicorn

from licet.desk.app import create_app
from licet.desk.operating import logs
from licet.desk.operating.operation import SHARED
from licet.desk.settings import read_settings
from licet.errors import BadInput
from licet.home import home as data_folder

if TYPE_CHECKING:
    from pathlib import Path

    from litestar import Litestar

MOST_WORKERS = 32


def worker() -> Litestar:
    """Make the application of one worker, over the data folder of the environment."""
    if not sys.stderr.isatty():
        logs.set_up()
    return create_app(data_folder())


def serve(home: Path, host: str, port: int, workers: int = 1) -> None:
    """Serve the desk until it is stopped: SIGTERM or SIGINT lets answers and the running task end.

    Raises :class:`BadInput` for more workers than make sense, or where the system has no locks that they need.
    """
    if workers > 1 and sys.platform == "win32":
        raise BadInput("several workers need a POSIX system", fix="leave --workers out")
    home.mkdir(parents=True, exist_ok=True)
    os.environ["LICET_HOME"] = str(home)
    seconds = read_settings(home).stop_seconds
    options: dict[str, Any] = {
        "host": host,
        "port": port,
        "log_config": None,
        "access_log": False,
        "server_header": False,
    }
    options |= {"proxy_headers": False, "timeout_graceful_shutdown": seconds}
    if sys.stderr.isatty():
        options |= {"log_config": uvicorn.config.LOGGING_CONFIG}
    else:
        logs.set_up()
    if workers == 1:
        uvicorn.run(create_app(home), **options)
        return
    create_app(
        home
    ).state.desk.close()  # what is wrong is told once, and everything is made and mended before they begin
    with tempfile.TemporaryDirectory(prefix="licet-measures-") as shared:
        os.environ[SHARED] = shared
        uvicorn.run("licet.desk.operating.serving:worker", factory=True, workers=workers, **options)
