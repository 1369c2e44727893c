"""``licet archive process`` on the command line: what goes together, and a file on the cluster."""

import gzip
import json

import pytest
from typer.testing import CliRunner

from licet.cli import app

PAGE = (
    b"<html><head><title>Harbor count done</title></head><body><h1>Harbor count done</h1><p>The desk counted each "
    b"crate in the harbor this week and found the books right to the last one.</p><p>The count took three days, and "
    b"the next one is due in the spring, the desk said in a note.</p></body></html>"
)
BLOCK = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n" + PAGE
HEAD = (
    "WARC/1.1\r\nWARC-Type: response\r\nWARC-Record-ID: <urn:uuid:12345678-1234-5678-1234-567812345678>\r\n"
    "WARC-Target-URI: https://news.example/count\r\nWARC-Date: 2025-03-03T08:00:00Z\r\n"
    f"Content-Type: application/http\r\nContent-Length: {len(BLOCK)}\r\n\r\n"
)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (["--engine", "spark"], "local or ray"),
        (["--ray", "auto"], "--engine ray"),
        (["a.warc.gz"], "--engine ray -o FOLDER"),
        (["-o", "folder"], "none is named"),
    ],
)
def test_what_does_not_go_together_is_told(licet_home, given, said):
    done = CliRunner().invoke(app, ["archive", "process", *given])
    assert done.exit_code != 0
    assert said in str(done.exception)


def test_files_are_read_on_the_cluster(licet_home, tmp_path, ray_cluster):
    path = tmp_path / "a.warc.gz"
    whole = gzip.compress(HEAD.encode() + BLOCK + b"\r\n\r\n")
    path.write_bytes(whole + whole[:100] + bytes(100))
    folder = tmp_path / "lake"
    given = ["archive", "process", str(path), "-o", str(folder), "--engine", "ray", "--ray", ray_cluster.address]
    done = CliRunner().invoke(app, [*given, "--json"])
    assert isinstance(done.exception, SystemExit), repr(done.exception)
    assert done.exit_code == 1, done.output
    made = json.loads(done.stdout)
    assert (made["captures"], made["listed"], made["copies"], made["shards"], made["damage"]) == (1, 1, 0, [1], 1)
    assert json.loads((folder / "manifest.json").read_text(encoding="utf-8")) == made
    (line,) = gzip.decompress((folder / "articles" / "part-00000.jsonl.gz").read_bytes()).splitlines()
    assert json.loads(line)["article"]["title"] == "Harbor count done"
