from __future__ import annotations

import gzip
import hashlib
import io
import subprocess
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from warcio.archiveiterator import ArchiveIterator
from warcio.warcwriter import WARCWriter

from licet.archive.takedowns import tombstone
from licet.archive.takedowns.model import GROUNDS, Tombstone
from licet.archive.takedowns.rewriting import Cut, moved, ordered, rewrite
from licet.errors import Damaged
from tools.peers import peer

AT = datetime(2025, 2, 28, 9, 45, 5, tzinfo=UTC)
STONE = Tombstone(
    digest="sha256:" + "ab" * 32,
    captured_at=AT,
    erased_at=datetime(2025, 4, 1, tzinfo=UTC),
    ground="privacy",
    reference="TD-ABCDE-FGHIJ",
    snapshot="abc234def567",
)

contents = st.lists(st.binary(max_size=60), min_size=1, max_size=8)


def members(parts):
    return [gzip.compress(part, mtime=0) for part in parts]


def plain(data):
    return gzip.decompress(data)


@given(contents, st.data())
def test_the_others_stay_byte_for_byte_and_are_where_they_are_said_to_be(parts, data):
    whole = members(parts)
    gone = data.draw(st.sets(st.integers(0, len(parts) - 1)))
    starts = [sum(map(len, whole[:at])) for at in range(len(whole))]
    cuts = ordered(Cut(starts[at], starts[at] + len(whole[at]), gzip.compress(b"stone", mtime=0)) for at in gone)
    target = io.BytesIO()
    told = rewrite(io.BytesIO(b"".join(whole)), target, cuts)
    made = target.getvalue()
    assert told.length == len(made)
    assert told.before == f"sha256:{hashlib.sha256(b''.join(whole)).hexdigest()}"
    assert told.after == f"sha256:{hashlib.sha256(made).hexdigest()}"
    assert plain(made) == b"".join(b"stone" if at in gone else part for at, part in enumerate(parts))
    for at, start in enumerate(starts):
        kept = gzip.compress(b"stone", mtime=0) if at in gone else whole[at]
        assert made[moved(cuts, start) :].startswith(kept)
    assert moved(cuts, sum(map(len, whole))) == len(made)


@pytest.mark.parametrize(
    "cut",
    [
        Cut(1, 30, b""),
        Cut(0, 5, b""),
        Cut(0, 10_000, b""),
        Cut(10_000, 10_001, b""),
    ],
)
def test_a_cut_that_fits_no_record_is_refused(cut):
    source = io.BytesIO(b"".join(members([b"one" * 9, b"two" * 9])))
    with pytest.raises(Damaged, match="do not fit"):
        rewrite(source, io.BytesIO(), [cut])


@pytest.mark.parametrize("cuts", [[Cut(0, 5, b""), Cut(4, 9, b"")], [Cut(3, 3, b"")], [Cut(5, 4, b"")]])
def test_cuts_that_overlap_or_are_empty_are_refused(cuts):
    with pytest.raises(Damaged, match="overlap"):
        ordered(cuts)


def test_the_tombstone_is_a_record_that_says_what_stays_and_is_always_the_same():
    made = tombstone.record(STONE)
    assert made == tombstone.record(STONE)
    record = next(iter(ArchiveIterator(io.BytesIO(made), check_digests="raise")))
    assert record.rec_type == "metadata"
    uri = record.rec_headers.get_header("WARC-Target-URI")
    assert uri == "urn:" + STONE.digest
    assert tombstone.read("metadata", uri, record.content_stream().read()) == STONE


@given(st.binary(max_size=300), st.sampled_from(("metadata", "resource")))
def test_no_other_record_is_taken_for_a_tombstone(body, kind):
    assert tombstone.read(kind, "urn:sha256:00", body) is None


@pytest.mark.parametrize("ground", GROUNDS)
def test_every_ground_comes_back(ground):
    body = b"takedown: erased\r\nerased-at: 2025-04-01T00:00:00Z\r\ncaptured-at: 2025-02-28T09:45:05Z\r\n"
    body += f"ground: {ground}\r\nreference: TD-1\r\npayload-digest: sha256:00\r\n".encode()
    assert tombstone.read("metadata", "urn:sha256:00", body).ground == ground
    assert tombstone.read("metadata", "https://news.example/", body) is None
    assert tombstone.read("metadata", "urn:sha256:00", body.replace(b"2025-04-01", b"2025-44-01")) is None
    assert tombstone.read("metadata", "urn:sha256:00", body.replace(ground.encode(), b"whim")) is None


def test_warcio_finds_nothing_wrong_with_a_rewritten_file(tmp_path):
    stream = io.BytesIO()
    writer = WARCWriter(stream, gzip=True, warc_version="WARC/1.1")
    ends = [0]
    for number in range(3):
        body = f"<p>page {number}</p>".encode()
        uri = f"https://news.example/{number}"
        writer.write_record(writer.create_warc_record(uri, "resource", io.BytesIO(body), len(body), "text/html"))
        ends.append(stream.tell())
    stream.seek(0)
    path = tmp_path / "a.warc.gz"
    with path.open("wb") as target:
        rewrite(stream, target, [Cut(ends[1], ends[2], tombstone.record(STONE))])
    subprocess.run([peer("warcio"), "check", path], check=True, capture_output=True)
    with path.open("rb") as made:
        kinds = [
            (record.rec_type, record.rec_headers.get_header("WARC-Target-URI")) for record in ArchiveIterator(made)
        ]
    assert kinds == [
        ("resource", "https://news.example/0"),
        ("metadata", "urn:" + STONE.digest),
        ("resource", "https://news.example/2"),
    ]
