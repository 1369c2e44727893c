import json
import subprocess
import sys
from pathlib import Path

import pytest

BENCH = Path(__file__).resolve().parents[2] / "bench" / "relevance.py"
PLACES = ("东港", "西港", "南码头", "北码头", "城西", "城东", "河口", "山前")
THINGS = ("仓库盘点", "浮吊检修", "道闸改造", "花市开张", "班车加开", "冷库验收", "堆场扩建", "岸桥调试")


@pytest.fixture
def folder(tmp_path):
    told = [(place, thing) for place in PLACES for thing in THINGS]
    reports = [{"id": f"a{n}", "text": f"{place}{thing}今天完成"} for n, (place, thing) in enumerate(told)]
    others = [{"id": f"b{n}", "text": f"{thing}结束,{place}恢复作业"} for n, (place, thing) in enumerate(told)]
    passages = [{"id": f"p{n}", "title": p, "text": f"{p}的{t}由三个班组承担。" * 9} for n, (p, t) in enumerate(told)]
    files = {
        "zh_news_corpus": reports + others,
        "zh_news_queries": [{"qid": f"a{n}", "text": reports[n]["text"], "rel": [f"b{n}"]} for n in range(20)],
        "zh_qa_passages": passages,
        "zh_qa_queries": [
            {"qid": f"q{n}", "text": f"{p}的{t}由几个班组承担?", "rel": [f"p{n}"]} for n, (p, t) in enumerate(told[:20])
        ],
        "zh_headlines": [{"id": f"h{n}", "text": f"第{n}期{t}简报"} for n, (_, t) in enumerate(told)],
    }
    for name, rows in files.items():
        lines = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
        (tmp_path / f"{name}.jsonl").write_text(lines, "utf-8")
    return tmp_path


def run(*arguments):
    command = [sys.executable, str(BENCH), *map(str, arguments), "--only", "searching", "--quick", "--json"]
    return subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)


def test_every_figure_stands_beside_others_of_the_same_run(folder):
    done = run(folder)
    told = json.loads(done.stdout)
    rows = {row["name"]: row for row in told["rows"]}
    assert rows["QA nDCG@10"]["value"] > 0.9
    assert rows["news R@100"]["value"] > 0.9
    assert len(rows["news nDCG@10"]["baselines"]) == 4
    assert rows["two shards, top-10 overlap"]["value"] >= 0.99
    assert rows["indexing, of tantivy alone"]["value"] > 0
    assert done.returncode == (1 if told["missed"] else 0)


def test_a_folder_without_the_data_is_told(tmp_path):
    done = run(tmp_path)
    assert done.returncode == 1
    assert "zh_news_corpus.jsonl" in done.stderr
