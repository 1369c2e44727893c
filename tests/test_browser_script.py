"""The script that sees to a Chromium, among commands of our own that stand for the machine's."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

SCRIPT = Path(__file__).resolve().parent / "tools" / "browser.sh"


@pytest.fixture
def machine(tmp_path):
    """A folder of commands: ``machine(id="echo 0")`` puts a shell script ``id`` there. Returns what the script says."""
    sh = Path("/bin/sh")

    def run(**commands):
        for name, text in commands.items():
            path = tmp_path / name.replace("_", "-")
            path.write_text(f"#!{sh}\n{text}\n", encoding="utf-8")
            path.chmod(0o755)
        environment = {"PATH": str(tmp_path), "PLAYWRIGHT": str(tmp_path / "playwright")}
        done = subprocess.run([sh, SCRIPT], env=environment, capture_output=True, check=True, text=True)
        log = tmp_path / "log"
        return done.stdout, log.read_text(encoding="utf-8").splitlines() if log.exists() else []

    return run


def noted(tmp_path, then=""):
    return f'echo "${{0##*/}} $*" >> "{tmp_path}/log"; {then}'


def test_a_chromium_that_is_there_is_left_alone(machine, tmp_path):
    assert machine(chromium="exit 0", apt_get=noted(tmp_path)) == ("", [])


def test_root_installs_the_package(machine, tmp_path):
    made = f': > "{tmp_path}/chromium"; /bin/chmod +x "{tmp_path}/chromium"'
    told, calls = machine(id="echo 0", apt_get=noted(tmp_path, made), playwright=noted(tmp_path))
    assert "Installing Chromium" in told
    assert calls[0].startswith("apt-get update")
    assert "chromium fonts-noto-cjk" in calls[1]
    assert len(calls) == 2


def test_others_ask_playwright(machine, tmp_path):
    told, calls = machine(id="echo 1000", apt_get=noted(tmp_path), playwright=noted(tmp_path))
    assert (told, calls) == ("", ["playwright install chromium"])


def test_where_none_can_be_had_it_says_what_is_missing(machine, tmp_path):
    told, _ = machine(id="echo 1000", playwright="exit 1")
    assert told.startswith("No Chromium: install one")
    assert told.count("\n") == 1
