import gzip
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from licet.archive import capture
from licet.errors import BadFile, FetchRefused

PAGE = b"<html><body><p>a page</p></body></html>"


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "is empty"),
        (b" \n\t ", "is empty"),
        (b"\x89PNG\r\n\x1a\n" + b"x" * 50, "binary"),
        (b"%PDF-1.7 ...", "binary"),
        (b"<html>\x00\x00\x00", "binary"),
        (b"x" * (capture.LIMIT + 1), "larger than 10 MB"),
        (gzip.compress(b"y" * (capture.LIMIT + 1)), "unpacks to more than 10 MB"),
        (gzip.compress(PAGE)[:-9], "ends too early"),
        (b"\x1f\x8bgarbage", "is broken"),
    ],
)
def test_a_file_that_cannot_be_a_page(tmp_path, data, message):
    path = tmp_path / "page.html"
    path.write_bytes(data)
    with pytest.raises(BadFile, match=message) as raised:
        capture.read_page(path)
    assert raised.value.fix


def test_a_folder_and_a_missing_file(tmp_path):
    for path in (tmp_path, tmp_path / "nothing.html"):
        with pytest.raises(BadFile) as raised:
            capture.read_page(path)
        assert raised.value.fix


def test_a_packed_file_is_unpacked(tmp_path):
    path = tmp_path / "page.html.gz"
    path.write_bytes(gzip.compress(PAGE))
    assert capture.from_file(path, url=None).payload == PAGE
    assert capture.from_file(path, url=None).captured_from == "file:page.html.gz"


@pytest.mark.parametrize(
    ("encoding", "packed"),
    [
        ("", PAGE),
        ("identity", PAGE),
        ("gzip", gzip.compress(PAGE)),
        ("deflate", zlib.compress(PAGE)),
        ("deflate", zlib.compress(PAGE)[2:-4]),
        ("gzip, gzip", gzip.compress(gzip.compress(PAGE))),
    ],
)
def test_content_encodings_are_taken_off(encoding, packed):
    assert capture.decoded(packed, encoding) == PAGE


def test_an_encoding_that_was_not_asked_for_is_refused():
    with pytest.raises(FetchRefused, match="br"):
        capture.decoded(PAGE, "br")


@given(st.binary(max_size=80), st.sampled_from(["gzip", "deflate", "gzip, deflate"]))
def test_broken_compression_is_an_error_of_ours(data, encoding):
    try:
        capture.decoded(data, encoding)
    except FetchRefused:
        return
