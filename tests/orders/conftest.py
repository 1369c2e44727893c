from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow.parquet as pq
import pytest

from licet import statutes
from licet.home import law_folder
from licet.orders import Asked, screen_files

if TYPE_CHECKING:
    from types import ModuleType

BENCH = Path(__file__).resolve().parents[2] / "bench"


@pytest.fixture(scope="session")
def differential() -> ModuleType:
    """The bench of the three back ends: every law, and dice for hostile transactions."""
    sys.path.insert(0, str(BENCH))
    try:
        spec = importlib.util.spec_from_file_location("differential_of_orders", BENCH / "differential.py")
        assert spec is not None
        assert spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
    finally:
        sys.path.remove(str(BENCH))
    return module


@pytest.fixture(scope="session")
def loaded():
    return statutes.load(law_folder())


@pytest.fixture
def run(tmp_path, loaded):
    """Screen files, and return answers, rejects and the summary."""

    def screened(*paths, output="out.parquet", memory="", **asked):
        out, refused = tmp_path / output, tmp_path / "refused.parquet"
        summary = screen_files([str(path) for path in paths], out, refused, loaded, Asked(**asked), memory=memory)
        answers = pq.read_table(out).to_pylist() if output.endswith(".parquet") else out
        found = pq.read_table(refused).to_pylist()
        assert summary["lines"] == summary["answered"] + summary["rejected"]
        assert summary["rejected"] == len(found)
        return answers, found, summary

    return screened
