import gzip
import importlib.util
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.needs import unavailable

ROOT = Path(__file__).resolve().parents[2]
BENCH = ROOT / "bench" / "pages.py"


def load(path, name):
    spec = importlib.util.spec_from_file_location(name, path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


bench = load(BENCH, "pages_bench")


def page(folder, name, title, paragraphs, truth=None):
    html = f"<html><head><title>{title}</title></head><body><h1>{title}</h1>" + "".join(
        f"<p>{p}</p>" for p in paragraphs
    )
    (folder / f"{name}.html.gz").write_bytes(gzip.compress(html.encode()))
    gold = {
        "lang": "zh",
        "title": title,
        "body": "\n".join(paragraphs),
        "published": None,
        "author": [],
        "source": None,
    }
    (folder / f"{name}.json").write_text(json.dumps({**gold, **(truth or {})}, ensure_ascii=False), "utf-8")


TEXT = (
    "东港仓库本周完成了年度盘点,账面与实物相符,没有发现差错。",
    "盘点小组采用了新的清点方法,每个库区的用时缩短了一半。",
)


def run(folder, *options):
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "src")}
    return subprocess.run(
        [sys.executable, str(BENCH), str(folder), *options],
        capture_output=True,
        text=True,
        env=environment,
        check=False,
    )


def test_a_folder_is_scored_and_a_missed_floor_is_status_1(tmp_path):
    page(tmp_path, "a", "东港仓库完成盘点", TEXT)
    result = run(tmp_path, "--json", "--no-peers")
    figures = json.loads(result.stdout)
    assert figures["readers"]["licet"]["zh"]["body"] == [1.0, 1]
    assert result.returncode == (1 if figures["missed"] else 0)
    page(tmp_path, "b", "另一篇", TEXT, truth={"title": "完全不同的标题"})
    missed = run(tmp_path, "--no-peers")
    assert missed.returncode == 1
    assert "zh title 0.500 < 0.960" in missed.stdout


def test_an_empty_folder_says_what_it_needs(tmp_path):
    result = run(tmp_path)
    assert result.returncode == 1
    assert "ID.json" in result.stderr


ANSWERS = st.fixed_dictionaries(
    {
        "title": st.sampled_from(["港口盘点", "港口盘点！", "ＡＢＣ", "abc", "", None]),
        "body": st.text("港口盘点ab ,。\n", max_size=30),
        "published": st.sampled_from(
            [None, "2025-02-28", "2025-02-28 14:28", "2025-02-28 14:28:09", "2025-02-28 00:00", "x"]
        ),
        "author": st.lists(st.sampled_from(["编辑部", "本报编辑部", "Staff desk", ""]), max_size=2),
        "source": st.sampled_from([None, "东港日报", "东港日报社", ""]),
    }
)


@pytest.fixture(scope="module")
def other(shared):
    path = shared / "pages" / "score.py"
    if not path.is_file():
        unavailable(f"no other scorer in {shared.name}")
    return load(path, "other_scorer")


@given(pairs=st.lists(st.tuples(ANSWERS, ANSWERS), min_size=1, max_size=4))
def test_the_figures_equal_those_of_the_other_scorer(other, pairs):
    # The other scorer wants a text in at least one page.
    truths = [{**truth, "body": "港" + truth["body"], "id": str(n), "lang": "zh"} for n, (truth, _) in enumerate(pairs)]
    answers = {str(n): answer for n, (_, answer) in enumerate(pairs)}
    theirs = other.score(truths, answers)
    ours = bench.score(truths, answers)
    assert {field: pytest.approx(value) for field, value in theirs.items()} == ours
