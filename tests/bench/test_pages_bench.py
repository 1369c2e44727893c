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
from tools.peers import peer

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


def test_broken_pairs_are_named_and_the_others_scored(tmp_path):
    page(tmp_path, "a", "东港仓库完成盘点", TEXT)
    (tmp_path / "b.html.gz").write_bytes(b"\x1f\x8bnot gzip")
    (tmp_path / "b.json").write_text("{}", "utf-8")
    (tmp_path / "c.html").write_text("<p>x</p>", "utf-8")
    (tmp_path / "c.json").write_text("[1, 2", "utf-8")
    page(tmp_path, "d", "另一篇", TEXT, truth={"author": 5})
    result = run(tmp_path, "--json", "--no-peers")
    figures = json.loads(result.stdout)
    assert figures["pages"] == 1
    assert [line.split(":")[0] for line in figures["left_out"]] == ["b", "c", "d"]
    assert result.returncode == 1
    assert result.stderr.count("left out") == 3


def test_a_page_of_another_language_with_few_fields_is_scored_without_floors(tmp_path):
    (tmp_path / "a.html").write_text("<h1>Titel</h1>" + "<p>Der Hafen wurde heute früh gezählt, sagte das Amt.</p>" * 3)
    (tmp_path / "a.json").write_text(json.dumps({"lang": "de", "title": "Titel"}), "utf-8")
    figures = json.loads(run(tmp_path, "--json", "--no-peers").stdout)
    assert set(figures["readers"]["licet"]["de"]) == {"title"}
    assert not [line for line in figures["missed"] if line.startswith("de")]


def test_the_paired_comparison_takes_the_best_peer_of_each_field_and_says_where_we_are_below(tmp_path):
    ours = [{"body": 1.0, "title": 0.0}, {"body": 0.5}, {"body": 0.9, "title": 1.0}]
    peers = {
        "one": [{"body": 0.8, "title": 1.0}, {"body": 0.5}, {"body": 0.9, "title": 1.0}],
        "two": [{"body": 0.1, "title": 0.0}, {"body": 0.2}, {"body": 0.3, "title": 0.0}],
    }
    found = bench.paired(ours, peers)
    assert found["body"]["peer"] == "one"
    assert found["body"]["difference"] == pytest.approx(0.2 / 3)
    assert found["body"]["low"] <= found["body"]["difference"] <= found["body"]["high"]
    assert found["title"] == {**found["title"], "peer": "one", "pages": 2, "difference": -0.5}
    result = {"paired": {"en": found}, "readers": {"licet": {"en": {}, "pages_per_cpu_second": 99.0}}}
    assert bench.missed(result, ["en"]) == ["en title below one by 0.500"]


def test_the_calibration_gives_claim_and_truth_by_band():
    rows = [{"title": 1.0}, {"title": 0.0}, {"body": 0.9}]
    answers = [{"confidence": {"title": 0.95}}, {"confidence": {"title": 0.6}}, {}]
    found = bench.calibration(rows, answers)
    assert found["title"] == [(0.5, 0.6, 0.0, 1), (0.93, 0.95, 1.0, 1)]
    assert found["body"] == [(0.0, 0.0, 0.9, 1)]


def test_gne_reads_as_a_program_of_its_own(tmp_path):
    peer("python")
    page(tmp_path, "a", "东港仓库完成盘点", TEXT * 3)
    figures = json.loads(run(tmp_path, "--json").stdout)
    assert figures["readers"]["gne"]["zh"]["title"] == [1.0, 1]
    assert set(figures["readers"]) == {"licet", "trafilatura", "readability-lxml", "gne"}


def test_without_the_peers_environment_gne_is_left_out_with_one_line(tmp_path, monkeypatch):
    monkeypatch.setenv("LICET_PEERS", str(tmp_path / "nowhere"))
    page(tmp_path, "a", "东港仓库完成盘点", TEXT * 3)
    result = run(tmp_path, "--json")
    assert "gne" not in json.loads(result.stdout)["readers"]
    assert result.stderr.count("\n") == 1
