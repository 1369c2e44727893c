"""What goes out: packages and files that the programs of others read, without what is hidden."""

from __future__ import annotations

import gzip
import json
import os
import shutil
import socket
import subprocess
import time
import urllib.error
import urllib.request
import zipfile
from contextlib import contextmanager

import pytest
from warcio.archiveiterator import ArchiveIterator

from licet.archive import Archive
from licet.archive.warcs import exporting
from licet.errors import ArchiveError, TakenDown
from tools.captures import AT, URL, later, page, picture, stock
from tools.peers import peer

PICTURE = "https://news.example/a.png"


@pytest.fixture
def filled(archive):
    stock(archive)
    return archive


def run(*command, folder=None):
    done = subprocess.run([str(part) for part in command], cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


def read(path):
    with path.open("rb") as stream:
        for record in ArchiveIterator(stream, check_digests="raise"):
            body = record.content_stream().read()
            yield record.rec_headers, body


def unpacked(path):
    """Yield what the compressed files of an export hold."""
    if not zipfile.is_zipfile(path):
        yield gzip.decompress(path.read_bytes())
        return
    with zipfile.ZipFile(path) as packed:
        for name in packed.namelist():
            data = packed.read(name)
            yield gzip.decompress(data) if name.endswith(".gz") else data


def test_a_package_holds_what_it_should(filled, tmp_path):
    out = tmp_path / "all.wacz"
    done = filled.export(out, form="wacz", at=later(100))
    assert (done.pages, done.size, done.damaged) == (6, out.stat().st_size, [])
    with zipfile.ZipFile(out) as packed:
        assert {entry.compress_type for entry in packed.infolist()} == {zipfile.ZIP_STORED}
        names = set(packed.namelist())
        assert {"indexes/index.cdx.gz", "indexes/index.idx", "pages/pages.jsonl", "datapackage.json"} <= names
        lines = gzip.decompress(packed.read("indexes/index.cdx.gz")).decode().splitlines()
        assert lines == sorted(lines)
        assert len(lines) == len(filled._catalogue.rows("SELECT 1 FROM visits"))
        for line in lines:
            told = json.loads(line.split(" ", 2)[2])
            data = packed.read("archive/" + told["filename"])
            record = data[int(told["offset"]) : int(told["offset"]) + int(told["length"])]
            assert told["url"].encode() in gzip.decompress(record)
        pages = [json.loads(line) for line in packed.read("pages/pages.jsonl").decode().splitlines()]
        assert pages[0]["format"] == "json-pages-1.0"
        assert {one["id"] for one in pages[1:]} == {
            s.id for v in filled.recent(99) for s in filled.versions(v.id) if s.url
        }


def test_the_same_export_gives_the_same_bytes(filled, tmp_path):
    for form in ("wacz", "warc", "cdxj"):
        filled.export(tmp_path / "one", form=form, at=later(100))
        first = (tmp_path / "one").read_bytes()
        filled.export(tmp_path / "one", form=form, at=later(100))
        assert (tmp_path / "one").read_bytes() == first


def test_a_selection(filled, tmp_path):
    first = filled.captures_of(URL)[0].snapshot
    out = tmp_path / "some.warc.gz"
    done = filled.export(out, form="warc", at=AT, ids=[first])
    kinds = [(headers["WARC-Type"], headers["WARC-Target-URI"]) for headers, _ in read(out)]
    assert done.pages == 1
    assert ("response", PICTURE) in kinds
    assert {url for _, url in kinds} == {None, URL, PICTURE}
    assert kinds.count(("response", URL)) == 2
    assert kinds.count(("revisit", URL)) == 2
    assert filled.export(out, form="warc", at=AT, category="文件").pages == 0
    assert sum(headers["WARC-Type"] == "resource" for headers, _ in read(out)) == 1
    assert filled.export(out, form="wacz", at=AT, search="西港仓库").pages == 1
    assert filled.export(out, form="warc", at=AT, search="zzqxv").pages == 0


@pytest.mark.parametrize("form", ["wacz", "warc", "cdxj"])
def test_what_is_hidden_is_left_out(filled, tmp_path, form):
    hidden = filled.by_address(URL + "2")
    with filled._catalogue.writing():
        for version in filled.versions(hidden.id):
            filled._catalogue.set_state(version.id, "hidden", ground="rights")
    out = tmp_path / "out"
    filled.export(out, form=form, at=AT)
    data = out.read_bytes() if form == "cdxj" else b"".join(unpacked(out))
    assert URL.encode() in data
    assert (URL + "2").encode() not in data
    assert "西港仓库".encode() not in data
    with pytest.raises(TakenDown):
        filled.export(out, form=form, at=AT, ids=[hidden.id])


def test_a_damaged_record_is_named_and_left_out(filled, tmp_path):
    place = filled._captures.of_snapshot(filled.by_address(URL + "2").id).place
    path = tmp_path / "home" / "archive" / "warc" / place.file
    data = bytearray(path.read_bytes())
    data[place.offset + 100] ^= 0xFF
    path.write_bytes(bytes(data))
    done = filled.export(tmp_path / "out.wacz", form="wacz", at=AT)
    assert [finding.where for finding in done.damaged] == [str(place)]
    assert zipfile.ZipFile(tmp_path / "out.wacz").testzip() is None


def test_an_export_that_fails_leaves_what_was_there(filled, tmp_path, monkeypatch):
    out = tmp_path / "out.wacz"
    out.write_bytes(b"the last one")
    monkeypatch.setattr(exporting.os, "fsync", lambda _: (_ for _ in ()).throw(OSError(28, "No space left on device")))
    with pytest.raises(ArchiveError, match="No space"):
        filled.export(out, form="wacz", at=AT)
    assert [path.read_bytes() for path in tmp_path.glob("out.wacz*")] == [b"the last one"]
    with pytest.raises(ArchiveError):
        filled.export(tmp_path / "no" / "such" / "folder.wacz", form="wacz", at=AT)


def test_a_package_comes_back_in(filled, tmp_path):
    filled.export(tmp_path / "all.wacz", form="wacz", at=AT)
    with Archive.open(tmp_path / "other") as other:
        assert other.add_warc(tmp_path / "all.wacz").damage == 0
        assert {s.id for s in other.recent(99)} == {s.id for s in filled.recent(99)}
        assert other.verify() == []


def test_wacz_and_warcio_find_nothing_wrong(filled, tmp_path):
    filled.export(tmp_path / "all.wacz", form="wacz", at=later(100))
    filled.export(tmp_path / "all.warc.gz", form="warc", at=later(100))
    said = run(peer("wacz"), "validate", "-f", tmp_path / "all.wacz")
    assert "the passed WACZ is valid" in said
    run(peer("warcio"), "check", tmp_path / "all.warc.gz")
    for path in (tmp_path / "home" / "archive" / "warc").glob("*.warc.gz"):
        run(peer("warcio"), "check", path)


def test_our_index_is_the_one_that_cdxj_indexer_makes(archive, tmp_path):
    stock(archive)
    for number, path in enumerate(
        ("/A/b/?z=1&Y=2", "//x/../港", "/?PHPSESSID=0123456789abcdef0123456789abcdef", "/a%20b")
    ):
        archive.take(page(f"第{number}号码头完成盘点", url="http://WWW.news.example:8080" + path), at=later(number))
    archive.export(tmp_path / "ours.cdxj", form="cdxj", at=AT)
    folder = tmp_path / "home" / "archive" / "warc"
    run(peer("cdxj-indexer"), *folder.glob("*.warc.gz"), "-s", "-o", tmp_path / "theirs.cdxj")

    def known(name):
        lines = [line.split(" ", 2) for line in (tmp_path / name).read_text().splitlines()]
        return [(sort, stamp, json.loads(fields)) for sort, stamp, fields in lines]

    def plain(lines):
        # The indexer leaves a revisit's own status out; all else must agree.
        return [(s, t, {k: v for k, v in f.items() if k != "status"}) for s, t, f in lines]

    assert plain(known("ours.cdxj")) == plain(known("theirs.cdxj"))


@contextmanager
def replaying(folder):
    """Run pywb over the collections in ``folder`` and yield its address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [str(peer("wayback")), "-b", "127.0.0.1", "-p", str(port), "-d", str(folder)]
    with (folder / "log").open("wb") as log, subprocess.Popen(command, stdout=log, stderr=log) as server:
        try:
            address = f"http://127.0.0.1:{port}"
            for _ in range(300):
                try:
                    urllib.request.urlopen(address, timeout=5).close()
                    break
                except (urllib.error.URLError, ConnectionError):
                    time.sleep(0.1)
            yield address
        finally:
            server.terminate()


def get(address, **headers):
    with urllib.request.urlopen(urllib.request.Request(address, headers=headers), timeout=30) as answer:  # noqa: S310
        return answer.status, dict(answer.headers), answer.read()


def test_pywb_replays_our_files_and_our_package(filled, tmp_path):
    site = tmp_path / "pywb"
    site.mkdir()
    manager = peer("wb-manager")
    for name in ("files", "package", "indexed"):
        run(manager, "init", name, folder=site)
    warcs = sorted((tmp_path / "home" / "archive" / "warc").glob("*.warc.gz"))
    run(manager, "add", "files", *warcs, folder=site)
    filled.export(tmp_path / "all.wacz", form="wacz", at=later(100))
    run(manager, "add", "--unpack-wacz", "package", tmp_path / "all.wacz", folder=site)
    for path in warcs:
        shutil.copy(path, site / "collections" / "indexed" / "archive")
    filled.export(site / "collections" / "indexed" / "indexes" / "index.cdxj", form="cdxj", at=AT)
    with replaying(site) as address:
        for name in ("files", "package", "indexed"):
            for hours in (0, 1, 2, 3):  # the last is a revisit of the first
                at = later(hours)
                status, headers, body = get(f"{address}/{name}/{at:%Y%m%d%H%M%S}id_/{URL}")
                note = {1: ",更正:共二十五个库区"}.get(hours, "")
                wanted = page(f"东港仓库完成了年度盘点{note}", note="counter" if hours == 2 else "").payload
                assert (status, body) == (200, wanted)
                assert headers["Memento-Datetime"] == at.strftime("%a, %d %b %Y %H:%M:%S GMT")
            assert get(f"{address}/{name}/{AT:%Y%m%d%H%M%S}id_/{PICTURE}")[2] == picture().payload
            _, headers, body = get(f"{address}/{name}/timemap/link/{URL}")
            assert headers["Content-Type"].startswith("application/link-format")
            assert body.decode().count('rel="memento"') + body.decode().count('memento"; datetime') >= 4
            assert os.fspath(URL) in body.decode()
