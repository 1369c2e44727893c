import gzip
import importlib.util
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
BENCH = ROOT / "bench" / "perturbed.py"
PAGE = (
    "<html><head><meta charset='utf-8'><title>东港仓库完成盘点 - 东港日报</title>"
    "<meta property='og:title' content='东港仓库完成盘点'><script type='application/ld+json'>{}</script></head><body>"
    "<article class='story' id='a'><h1>东港仓库完成盘点</h1><p>第一段写得很长，说的是盘点的经过。</p>尾部"
    "<p>第二段同样很长，说的是盘点的结果。</p></article><time datetime='2025-02-28'>2025-02-28</time></body></html>"
)


@pytest.fixture(scope="module")
def bench():
    sys.path.insert(0, str(BENCH.parent))
    spec = importlib.util.spec_from_file_location("perturbed_bench", BENCH)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    sys.path.remove(str(BENCH.parent))
    return module


def changed(bench, name):
    return bench.perturbed(PAGE.encode(), "zh", name)


def test_every_perturbation_keeps_the_text_and_takes_what_it_says(bench):
    for name in bench.TREES:
        text = changed(bench, name).decode()
        assert "第一段写得很长" in text, name
        assert "尾部" in text, name
    assert b"class=" not in changed(bench, "no names")
    assert b"story" not in changed(bench, "renamed")
    assert b"ld+json" not in changed(bench, "no JSON-LD")
    assert b"og:title" not in changed(bench, "no OpenGraph")
    assert b"<title" not in changed(bench, "no <title>")
    assert b"<h1" not in changed(bench, "no headings")
    assert b"<article" not in changed(bench, "plain boxes")
    assert b"<p>" not in changed(bench, "p as div")
    assert changed(bench, "p as br").count(b"<br>") == 4
    assert "详情请看下一版" in changed(bench, "crowded").decode()


def test_the_encodings_are_what_they_say(bench):
    assert "第一段" in changed(bench, "gb18030").decode("gb18030")
    assert b'charset="gb2312"' in changed(bench, "gb18030")
    assert b"charset=" not in changed(bench, "gb18030, undeclared")
    assert changed(bench, "utf-16").startswith(b"\xff\xfe")


def test_it_runs_on_a_folder_and_names_each_perturbation(tmp_path):
    (tmp_path / "a.html.gz").write_bytes(gzip.compress(PAGE.encode()))
    truth = {"lang": "zh", "title": "东港仓库完成盘点", "body": "第一段写得很长，说的是盘点的经过。"}
    (tmp_path / "a.json").write_text(json.dumps(truth), "utf-8")
    result = subprocess.run(
        [sys.executable, str(BENCH), str(tmp_path), "--only", "as is", "bare", "--json"],
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT / "src")},
        check=True,
    )
    figures = json.loads(result.stdout)
    assert set(figures["zh"]) == {"as is", "bare"}
    assert figures["zh"]["as is"]["licet"]["title"] == [1.0, 1]
