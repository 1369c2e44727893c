import json

import pytest
import typer
from typer.testing import CliRunner

from licet.cli import archive_sites
from licet.errors import LicetError

GROUP = typer.Typer()
GROUP.callback()(lambda: None)
archive_sites.register(GROUP)
LINES = "".join(f"<p>东港仓库的第{n}段文字，说的是年度盘点的结果，账面与实物相符。</p>" for n in range(1, 4))


@pytest.fixture
def run(tmp_path, monkeypatch):
    monkeypatch.setenv("LICET_HOME", str(tmp_path / "home"))

    def _run(*arguments):
        result = CliRunner().invoke(GROUP, ["site", *map(str, arguments)])
        if result.exception is not None and not isinstance(result.exception, (SystemExit, LicetError)):
            raise result.exception
        return result

    return _run


@pytest.fixture
def pages(tmp_path):
    paths = []
    for n in range(3):
        path = tmp_path / f"{n}.html"
        text = LINES.replace("东港", f"东港{n}号")
        title = f"第{n}次盘点完成了"
        path.write_text(f"<title>{title}</title><h1>{title}</h1><div id='text'>{text}</div>", "utf-8")
        paths.append(path)
    return paths


def test_the_proposal_is_yaml_with_its_evidence_and_is_written_once(run, pages, tmp_path):
    result = run(*pages, "--host", "news.example.com", "--write")
    assert result.exit_code == 0
    assert '# 3 of 3 pages\nbody: ["css:#text"]' in result.stdout
    kept = tmp_path / "home" / "archive" / "sites" / "news.example.com.yaml"
    assert kept.read_text("utf-8").startswith("site: [news.example.com]")
    again = run(*pages, "--host", "news.example.com", "--write")
    assert "is there already" in str(again.exception)


def test_as_json(run, pages):
    found = json.loads(run(*pages, "--host", "news.example.com", "--json").stdout)
    assert found["site"] == ["news.example.com"]
    assert found["written"] is None
    assert {"field": "body", "selector": "css:#text", "agree": 3, "pages": 3} in found["evidence"]


def test_pages_that_do_not_say_their_host_ask_for_it(run, pages):
    assert "--host" in run(*pages).exception.fix
