"""``licet orders screen --engine ray`` on the command line."""

import json

import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner

from licet.cli import app
from tools import books

ROW = {"id": "L1", "date": "2025-06-02", "chip": "h100-sxm", "quantity": "2000", "destination": "CH"}


def test_a_book_goes_through_the_cluster(tmp_path, ray_cluster):
    path = books.write_csv(tmp_path / "book.csv", [ROW, ROW | {"id": "L2", "destination": "XX"}])
    out = tmp_path / "answers.parquet"
    given = ["orders", "screen", str(path), "-o", str(out), "--engine", "ray", "--ray", ray_cluster.address]
    done = CliRunner().invoke(app, [*given, "--take-headquarters", "--json"])
    assert isinstance(done.exception, SystemExit), repr(done.exception)
    assert done.exit_code == 1, done.output
    summary = json.loads(done.stdout)
    assert (summary["lines"], summary["answered"], summary["rejected"]) == (2, 1, 1)
    assert pq.read_table(out)["id"].to_pylist() == ["L1"]
    assert "no place called" in (tmp_path / "answers.rejects.csv").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (["--engine", "spark"], "duckdb or ray"),
        (["--ray", "auto"], "--engine ray"),
        (["--rejects", "memory://a/b.csv"], "is in object storage"),
    ],
)
def test_what_does_not_go_together_is_told(tmp_path, given, said):
    path = books.write_csv(tmp_path / "book.csv", [ROW])
    done = CliRunner().invoke(app, ["orders", "screen", str(path), "-o", str(tmp_path / "o.csv"), *given])
    assert done.exit_code != 0
    assert said in done.output + str(done.exception)
    assert [item.name for item in tmp_path.iterdir()] == ["book.csv"]
