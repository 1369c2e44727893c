import json

import pytest
from typer.testing import CliRunner

from licet import statutes
from licet.cli import app
from licet.evidence import records
from licet.evidence.records import Question

SWISS = Question({"chip": "h100-sxm", "quantity": "2000", "destination": "CH"}, "2025-06-02", basis="written")


@pytest.fixture
def run(tmp_path, monkeypatch):
    monkeypatch.setenv("LICET_HOME", str(tmp_path / "home"))
    return lambda *words: CliRunner().invoke(app, ["verify", *words])


@pytest.fixture
def record():
    return records.make_record(statutes.load(), SWISS)


def test_a_record_holds(run, record, tmp_path):
    file = tmp_path / "record.json"
    file.write_bytes(records.written(record))
    result = run(str(file))
    assert result.exit_code == 0, result.output
    assert record["digest"] in result.output
    assert not (tmp_path / "home").exists(), "checking a record begins no data folder"


def test_an_altered_record_is_named_with_its_section(run, record, tmp_path):
    file = tmp_path / "record.json"
    file.write_bytes(records.written(record).replace(b'"tier": 2', b'"tier": 1'))
    result = run(str(file))
    assert result.exit_code == 1
    assert "verdict: this section" in result.output
    assert "verdict.tier: 1 is recorded, 2 was decided again" in result.output
    report = json.loads(run(str(file), "--json").output)
    assert {finding["where"] for finding in report["findings"]} == {"verdict", "verdict.tier"}


def test_what_is_no_record_is_one_message_with_the_fix(run, tmp_path):
    file = tmp_path / "other.json"
    file.write_text("{}", encoding="utf-8")
    for path in (file, tmp_path / "none.json", tmp_path):
        result = run(str(path))
        assert result.exit_code == 1
        assert result.exception is not None


def test_everything_that_is_stored_includes_records_and_editions(run, record, tmp_path):
    folder = tmp_path / "home" / "records"
    folder.mkdir(parents=True)
    name = record["digest"].removeprefix("sha256:")
    (folder / f"{name}.json").write_bytes(records.written(record))
    assert run().output == "0 findings\n"
    (folder / f"{'0' * 64}.json").write_bytes(records.written(record))
    (tmp_path / "home" / "editions").mkdir()
    (tmp_path / "home" / "editions" / f"{'1' * 64}.law.gz").write_bytes(b"nothing")
    result = run()
    assert result.exit_code == 1
    assert "has the name of another record" in result.output
    assert "is damaged" in result.output
