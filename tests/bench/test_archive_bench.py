"""The bench of the store runs every phase, and what it stores is sound."""

from __future__ import annotations

import importlib.util
import json
import subprocess
import sys
from pathlib import Path

import pytest

BENCH = Path(__file__).resolve().parent.parent.parent / "bench" / "archive.py"


@pytest.fixture
def bench(monkeypatch):
    spec = importlib.util.spec_from_file_location("archive_bench", BENCH)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    monkeypatch.setattr(module.taking, "article_of", module.taking.article_of)  # put back after the bench timed it
    return module


def test_every_phase(bench, tmp_path):
    stored = bench.store(tmp_path, 40)
    assert 0 < stored["reading"] < stored["cpu"]
    assert bench.bare(tmp_path / "bare", 40)["count"] == 40
    assert bench.verify(tmp_path, 40)["findings"] == 0
    assert bench.payloads(tmp_path, 40)["cpu"] > 0
    records = bench.export(tmp_path, 40)["records"]
    assert bench.rebuild(tmp_path, 40)["lost"] == 0
    assert bench.verify(tmp_path, 40)["findings"] == 0
    assert bench.export(tmp_path, 40)["records"] == records


def test_captures_are_new_changed_and_the_same(bench):
    made = list(bench.captures(100))
    assert len({(url, capture.digest) for url, _, capture in made}) == 80
    assert len({url for url, _, _ in made}) == 70
    assert len({at for _, at, _ in made}) == 100


def test_a_phase_prints_its_figures(tmp_path):
    command = [sys.executable, BENCH, "--phase", "store", "--folder", tmp_path, "--count", "20"]
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True, check=True)
    assert json.loads(done.stdout)["memory_mb"] > 20
