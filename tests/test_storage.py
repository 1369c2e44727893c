"""Files by path or address: whole under their names or not there, and plain words where a driver is missing."""

import sys

import fsspec
import pytest

from licet import storage
from licet.errors import BadFile


@pytest.fixture
def memory():
    """Object storage of this process alone."""
    system = fsspec.filesystem("memory")
    yield system
    system.rm("/", recursive=True)


def test_a_file_is_written_and_read_in_object_storage(memory):
    with storage.written("memory://bucket/a.txt") as draft:
        draft.write_text("whole", encoding="utf-8")
    assert storage.size("memory://bucket/a.txt") == 5
    with storage.opened("memory://bucket/a.txt") as stream:
        assert stream.read() == b"whole"
    with storage.here("memory://bucket/a.txt") as path:
        assert (path.name, path.read_text(encoding="utf-8")) == ("a.txt", "whole")
    assert not path.exists()
    assert not storage.empty("memory://bucket")
    storage.removed("memory://bucket")
    assert storage.empty("memory://bucket")
    storage.removed("memory://bucket")


@pytest.mark.parametrize("folder", ["memory://bucket", "local"])
def test_what_fails_midway_leaves_what_was_there(memory, tmp_path, folder):
    name = f"{folder if '://' in folder else tmp_path}/a.txt"
    with storage.written(name) as draft:
        draft.write_text("old", encoding="utf-8")

    def fails():
        with storage.written(name) as draft:
            draft.write_text("ne", encoding="utf-8")
            raise BadFile("no more")

    with pytest.raises(BadFile, match="no more"):
        fails()
    with storage.opened(name) as stream:
        assert stream.read() == b"old"
    assert [path.name for path in tmp_path.iterdir()] in ([], ["a.txt"])


def test_local_files_have_their_own_names(tmp_path):
    for name in ("b.txt", "a.txt"):
        (tmp_path / name).write_bytes(b"x")
    assert storage.names(f"{tmp_path}/*.txt") == [str(tmp_path / "a.txt"), str(tmp_path / "b.txt")]
    with storage.here(f"file://{tmp_path}/a.txt") as path:
        assert path == tmp_path / "a.txt"


def test_a_missing_driver_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "s3fs", None)
    with pytest.raises(BadFile, match="s3 storage has no driver here") as refused:
        storage.names("s3://bucket/book.parquet")
    assert "pip install s3fs" in refused.value.fix
    with pytest.raises(BadFile, match="no storage is called nowhere"):
        storage.opened("nowhere://bucket/book.parquet")
    with pytest.raises(BadFile, match="there is no file memory://none"):
        storage.names("memory://none/*.parquet")
