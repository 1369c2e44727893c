import gzip
import zlib

import pytest

from licet.archive.unpacking import inflated, unpacked
from licet.errors import FetchRefused

PLAIN = "东港仓库本周完成了年度盘点。".encode() * 50
RAW = zlib.compress(PLAIN)[2:-4]


@pytest.mark.parametrize(
    ("payload", "encoding"),
    [
        (PLAIN, ""),
        (PLAIN, "identity"),
        (gzip.compress(PLAIN), "gzip"),
        (gzip.compress(PLAIN), "X-GZIP, identity"),
        (gzip.compress(PLAIN[:99]) + gzip.compress(PLAIN[99:]), "gzip"),
        (gzip.compress(PLAIN) + b"\0\0\0", "gzip"),
        (zlib.compress(PLAIN), "deflate"),
        (RAW, "deflate"),
        (gzip.compress(zlib.compress(PLAIN)), "deflate, gzip"),
    ],
)
def test_what_is_taken_off(payload, encoding):
    assert unpacked(payload, encoding, limit=len(PLAIN)) == PLAIN


@pytest.mark.parametrize(
    ("payload", "encoding", "reason"),
    [
        (gzip.compress(PLAIN + b"x"), "gzip", "size"),
        (gzip.compress(PLAIN) + gzip.compress(b"x"), "gzip", "size"),
        (gzip.compress(b"x" * 10) * 1000, "gzip", "encoding"),
        (gzip.compress(PLAIN)[:-9], "gzip", "encoding"),
        (b"", "gzip", "encoding"),
        (b"plain", "gzip", "encoding"),
        (b"plain", "br", "encoding"),
        (b"plain", "gzip, gzip, gzip", "encoding"),
        (b"plain", ", ".join(["gzip"] * 5000), "encoding"),
    ],
)
def test_what_is_refused(payload, encoding, reason):
    with pytest.raises(FetchRefused) as raised:
        unpacked(payload, encoding, limit=len(PLAIN))
    assert raised.value.reason == reason
    assert raised.value.fix


def test_empty_members_without_end_end():
    with pytest.raises(FetchRefused, match="more than 100 pieces"):
        inflated(gzip.compress(b"") * 100_000, limit=10)
