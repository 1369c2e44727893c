import importlib.util
import json
import sys
from decimal import Decimal
from pathlib import Path

import pytest

from licet import statutes
from licet.home import law_folder

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def compare():
    place = importlib.util.spec_from_file_location("bench_cases", ROOT / "bench" / "cases.py")
    module = importlib.util.module_from_spec(place)
    sys.modules[place.name] = module  # its dataclasses look for their module there
    place.loader.exec_module(module)
    return module.compare


def test_every_solid_or_likely_case_of_a_system_that_we_have_agrees(shared, compare):
    law = statutes.load(law_folder())
    lines = (shared / "law" / "cases.jsonl").read_text(encoding="utf-8").splitlines()
    cases = [json.loads(line, parse_float=Decimal) for line in lines]
    ours = [case for case in cases if case["law"] in law.library.systems and case["confidence"] != "uncertain"]
    assert ours
    assert {case["id"]: found for case in ours if (found := compare(law, case))} == {}
