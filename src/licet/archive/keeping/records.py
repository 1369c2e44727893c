"""WARC records (ISO 28500:2017, WARC 1.1), each as a gzip member of its own."""

from __future__ import annotations

import base64
import io
import zlib
from typing import TYPE_CHECKING, Any

from warcio.statusandheaders import StatusAndHeaders
from warcio.utils import Digester
from warcio.warcwriter import WARCWriter

from licet.archive.keeping.identity import record_id

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from licet.archive.capture import Capture, Exchange

IDENTICAL = "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest"
NOT_MODIFIED = "http://netpreserve.org/warc/1.1/revisit/server-not-modified"
_SOFTWARE = {"software": "Licet", "format": "WARC File Format 1.1", "robots": "classic"}


class _Exact(StatusAndHeaders):  # type: ignore[misc]
    """HTTP headers that are written as they came, byte for byte: warcio escapes what is not ASCII."""

    def compute_headers_buffer(self, header_filter: Any = None) -> None:  # noqa: ARG002 - warcio's signature
        """Keep the headers as bytes: HTTP's are latin-1; what a caller read as other characters is UTF-8."""
        try:
            self.headers_buff = self.to_bytes(encoding="latin-1")
        except UnicodeEncodeError:
            self.headers_buff = self.to_bytes(encoding="utf-8")


class _Writer(WARCWriter):  # type: ignore[misc]
    @staticmethod
    def _create_digester() -> Digester:
        return Digester("sha256")


class Referred:
    """The capture that a revisit refers to: its record, address, time and payload digest (``sha256:hex``)."""

    __slots__ = ("digest", "record", "stamp", "target")

    def __init__(self, record: str, target: str, stamp: str, digest: str) -> None:
        self.record, self.target, self.stamp, self.digest = record, target, stamp, digest


def info(name: str, at: datetime) -> bytes:
    """Return the warcinfo record that a file begins with."""
    writer, out = _writer()
    record = writer.create_warcinfo_record(name, _SOFTWARE)
    record.rec_headers.replace_header("WARC-Date", stamp_of(at))
    record.rec_headers.replace_header("WARC-Record-ID", record_id("warcinfo", name, stamp_of(at)))
    writer.write_record(record)
    return _packed(out)


def captured(capture: Capture, stamp: str) -> bytes:
    """Return the response record of an exchange, or the resource record of a file."""
    writer, out = _writer()
    headers = {
        "WARC-Date": stamp,
        "WARC-Record-ID": capture_id(capture, stamp),
        "WARC-Payload-Digest": base32(capture.digest),
    }
    kind = kind_of(capture)
    body, length = io.BytesIO(capture.payload), len(capture.payload)
    if capture.exchange is None:
        record = writer.create_warc_record(capture.target, kind, body, length, capture.content_type, headers)
    else:
        record = writer.create_warc_record(
            capture.target,
            kind,
            payload=body,
            length=length,
            http_headers=_response(capture.exchange),
            warc_headers_dict=headers | _address(capture.exchange),
        )
    writer.write_record(record)
    return _packed(out)


def revisited(target: str, stamp: str, exchange: Exchange | None, profile: str, first: Referred) -> bytes:
    """Return a revisit record (ISO 28500, 6.7.2 and 6.7.3): the headers of this visit, the payload of ``first``."""
    writer, out = _writer()
    headers = {
        "WARC-Date": stamp,
        "WARC-Record-ID": revisit_id(target, stamp, profile, first),
        "WARC-Refers-To": first.record,
    }
    record = writer.create_revisit_record(
        target,
        base32(first.digest),
        first.target,
        first.stamp,
        http_headers=_response(exchange) if exchange else None,
        warc_headers_dict=headers | (_address(exchange) if exchange else {}),
    )
    record.rec_headers.replace_header("WARC-Profile", profile)
    writer.write_record(record)
    return _packed(out)


def request(target: str, stamp: str, exchange: Exchange, concurrent: str) -> bytes:
    """Return the record of the request that ``concurrent`` answers."""
    writer, out = _writer()
    record = writer.create_warc_record(
        target,
        "request",
        payload=io.BytesIO(b""),
        length=0,
        http_headers=_Exact(exchange.request_line, exchange.request_headers, is_http_request=True),
        warc_headers_dict={
            "WARC-Date": stamp,
            "WARC-Record-ID": record_id("request", concurrent),
            "WARC-Concurrent-To": concurrent,
        },
    )
    writer.write_record(record)
    return _packed(out)


def metadata(target: str, stamp: str, concurrent: str, fields: Sequence[tuple[str, str]]) -> bytes:
    """Return a metadata record (``application/warc-fields``) about the record ``concurrent``."""
    writer, out = _writer()
    body = "".join(f"{name}: {value}\r\n" for name, value in fields).encode()
    headers = {
        "WARC-Date": stamp,
        "WARC-Record-ID": record_id("metadata", concurrent),
        "WARC-Concurrent-To": concurrent,
    }
    record = writer.create_warc_record(
        target, "metadata", io.BytesIO(body), len(body), "application/warc-fields", headers
    )
    writer.write_record(record)
    return _packed(out)


def kind_of(capture: Capture) -> str:
    """Return the type of the record that holds a capture."""
    return "response" if capture.exchange else "resource"


def capture_id(capture: Capture, stamp: str) -> str:
    """Return the ID of the record of a capture."""
    return record_id(kind_of(capture), capture.target, stamp, capture.digest)


def revisit_id(target: str, stamp: str, profile: str, first: Referred) -> str:
    """Return the ID of the record of a visit that found the payload of ``first``."""
    return record_id("revisit", target, stamp, profile, first.digest)


def stamp_of(at: datetime) -> str:
    """Return a WARC-Date: UTC, whole seconds."""
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")


def base32(digest: str) -> str:
    """Return ``sha256:hex`` in the form that WARC tools write: base 32."""
    return "sha256:" + base64.b32encode(bytes.fromhex(digest.removeprefix("sha256:"))).decode()


def _response(exchange: Exchange) -> StatusAndHeaders:
    protocol, _, status = exchange.status_line.partition(" ")
    return _Exact(status, exchange.response_headers, protocol=protocol)


def _address(exchange: Exchange) -> dict[str, str]:
    named = {"WARC-IP-Address": exchange.address, "WARC-Protocol": exchange.protocol}
    return {name: value for name, value in named.items() if value}


def _writer() -> tuple[_Writer, io.BytesIO]:
    out = io.BytesIO()
    return _Writer(out, gzip=False, warc_version="WARC/1.1"), out


def _packed(out: io.BytesIO) -> bytes:
    machine = zlib.compressobj(6, zlib.DEFLATED, zlib.MAX_WBITS | 16)
    return machine.compress(out.getbuffer()) + machine.flush()
