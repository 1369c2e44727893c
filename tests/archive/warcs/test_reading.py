"""WARC files of any writer, and of none."""

from __future__ import annotations

import base64
import gzip
import hashlib
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from licet.archive.warcs import http
from licet.archive.warcs.reading import BLOCK_LIMIT, Damage, Record, matches, read
from licet.errors import Damaged


def record(number, body=b"hello", kind="response", extra="", length=None):
    digest = base64.b32encode(hashlib.sha1(body, usedforsecurity=False).digest()).decode()
    head = (
        f"WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Record-ID: <urn:uuid:{number}>\r\nWARC-Date: 2025-02-28T00:00:00Z\r\n"
        f"WARC-Block-Digest: sha1:{digest}\r\nContent-Length: {len(body) if length is None else length}\r\n{extra}\r\n"
    )
    return head.encode() + body + b"\r\n\r\n"


def packed(records):
    return b"".join(gzip.compress(one) for one in records)


def found(data, **bounds):
    return list(read(io.BytesIO(data), **bounds))


RECORDS = [record(n, f"body {n}".encode() * (n + 1)) for n in range(5)]
FORMS = {"plain": b"".join(RECORDS), "by record": packed(RECORDS), "as a whole": gzip.compress(b"".join(RECORDS))}


@pytest.mark.parametrize("form", FORMS)
def test_every_form_is_read(form):
    assert [one.id for one in found(FORMS[form])] == [f"<urn:uuid:{n}>" for n in range(5)]
    assert found(FORMS[form])[3].block == b"body 3" * 4


@pytest.mark.parametrize("form", ["plain", "by record"])
def test_places_are_where_records_stand(form):
    data = FORMS[form]
    for one in found(data):
        (alone,) = found(data[one.offset : one.offset + one.length])
        assert alone[1:] == one[1:]
        assert found(data, start=one.offset)[0] == one
    assert found(data, end=found(data)[2].offset) == found(data)[:2]


@pytest.mark.parametrize("form", ["plain", "by record"])
def test_damage_is_named_and_passed_over(form):
    data = FORMS[form]
    whole = found(data)
    broken = bytearray(data)
    at = whole[2].offset + whole[2].length - (8 if form == "plain" else 12)
    broken[at] ^= 0xFF
    again = found(bytes(broken))
    assert [one for one in again if isinstance(one, Record)] == [whole[n] for n in (0, 1, 3, 4)]
    assert [one.offset for one in again if isinstance(one, Damage)] == [whole[2].offset]


@pytest.mark.parametrize("form", ["plain", "by record"])
def test_a_file_that_ends_too_early(form):
    data = FORMS[form]
    last = found(data)[-1]
    cut = found(data[: last.offset + last.length - 12])
    assert [type(one) for one in cut] == [Record] * 4 + [Damage]


def test_garbage_between_records_is_one_damage():
    data = packed(RECORDS[:2]) + b"\x1f\x8b\x08garbage" * 3 + packed(RECORDS[2:])
    again = found(data)
    assert [one.id for one in again if isinstance(one, Record)] == [f"<urn:uuid:{n}>" for n in range(5)]
    assert len([one for one in again if isinstance(one, Damage)]) == 1


@pytest.mark.parametrize(
    "bad",
    [
        b"WARC/1.0\r\nContent-Length: -1\r\n\r\n",
        b"WARC/1.0\r\nContent-Length: 99999999999999999999\r\n\r\n",
        b"WARC/1.0\r\nContent-Length: \xd9\xa3\r\n\r\nabc",
        b"WARC/1.0\r\nX: " + b"a" * 10_000_000 + b"\r\n\r\n",
        b"WARC/1.0\r\n",
        record(9, length=50),
        b"HTTP/1.1 200 OK\r\n\r\n",
    ],
)
def test_what_is_no_record_is_damage(bad):
    for data in (bad, gzip.compress(bad)):
        (one,) = found(data)
        assert isinstance(one, Damage)


def test_a_bomb_is_never_held_in_memory():
    huge = 200 * 1024 * 1024
    head = f"WARC/1.0\r\nWARC-Type: response\r\nContent-Length: {huge}\r\n\r\n".encode()
    data = gzip.compress(head + bytes(huge) + b"\r\n\r\n") + packed(RECORDS[:1])
    first, second = found(data)
    assert (first.block, second.id) == (None, "<urn:uuid:0>")
    assert huge > BLOCK_LIMIT


@given(st.binary(max_size=300), st.integers(0, 400), st.booleans())
def test_no_bytes_break_the_reader(noise, at, plain):
    data = FORMS["plain" if plain else "by record"]
    at = min(at, len(data))
    for one in found(data[:at] + noise + data[at:]):
        assert isinstance(one, Record | Damage)


@given(st.binary(max_size=200))
def test_no_bytes_break_the_message(noise):
    message = http.parse(noise)
    assert all("\n" not in value and "\r" not in value for _, value in message.headers)


@pytest.mark.parametrize(
    ("body", "joined"),
    [
        (b"5\r\nhello\r\n0\r\n\r\n", b"hello"),
        (b"5;x=y\r\nhello\r\n6\r\n world\r\n0\r\n\r\n", b"hello world"),
        (b"hello", b"hello"),
        (b"5\r\nhel", b"5\r\nhel"),
        (b"ffffffff\r\nhello\r\n0\r\n\r\n", b"ffffffff\r\nhello\r\n0\r\n\r\n"),
    ],
)
def test_chunks_are_joined_where_there_are_any(body, joined):
    message = http.Message("HTTP/1.1 200 OK", [("Transfer-Encoding", "chunked"), ("A", "b")], body)
    delivered = http.delivered(message, "")
    assert (delivered.body, delivered.headers) == (joined, [("A", "b")])


def test_a_payload_digest_may_be_over_either_form():
    message = http.Message("HTTP/1.1 200 OK", [("Transfer-Encoding", "chunked")], b"5\r\nhello\r\n0\r\n\r\n")
    for body in (b"hello", message.body):
        assert http.delivered(message, "sha256:" + hashlib.sha256(body).hexdigest()).body == b"hello"
    with pytest.raises(Damaged):
        http.delivered(message, "sha256:" + hashlib.sha256(b"other").hexdigest())


@pytest.mark.parametrize("stated", ["", "sha1:zzz", "crc32:12345678", "sha256:!!!"])
def test_a_digest_that_cannot_be_read_proves_nothing(stated):
    assert matches(b"x", stated)


def test_headers_keep_their_bytes():
    message = http.parse(b"HTTP/1.1 200 OK\r\nX-Name: " + "港口".encode("gb18030") + b"\r\n folded\r\n\r\nbody")
    assert message.header("x-name").encode("latin-1") == "港口".encode("gb18030") + b" folded"
    assert (message.status, message.body) == (200, b"body")
