"""The WARC record that stands in the place of an erased one.

A ``metadata`` record (ISO 28500, 6.5) in ``application/warc-fields``. Its target is a name made from the digest of
what was erased: the address may itself be what had to go.
"""

from __future__ import annotations

import io
import uuid
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, get_args

from warcio.warcwriter import WARCWriter

from licet.archive.takedowns.model import Ground, Tombstone

if TYPE_CHECKING:
    from collections.abc import Mapping

_NAMESPACE = uuid.UUID("0a0c2c6e-3f5b-5d0e-9f64-8f9c1d6f2d51")
_MARK = "takedown"
_LIMIT = 4096


def record(stone: Tombstone) -> bytes:
    """Return the record as one gzip member; the same tombstone always gives the same bytes."""
    fields = {
        _MARK: "erased",
        "erased-at": stamp(stone.erased_at),
        "captured-at": stamp(stone.captured_at),
        "ground": stone.ground,
        "reference": stone.reference,
        "snapshot": stone.snapshot,
        "payload-digest": stone.digest,
    }
    body = "".join(f"{name}: {value}\r\n" for name, value in fields.items() if value).encode()
    stream = io.BytesIO()
    writer = WARCWriter(stream, gzip=True, warc_version="WARC/1.1")
    made = writer.create_warc_record(
        target(stone.digest),
        "metadata",
        payload=io.BytesIO(body),
        length=len(body),
        warc_content_type="application/warc-fields",
        warc_headers_dict={
            "WARC-Date": stamp(stone.erased_at),
            "WARC-Record-ID": identity(stone),
        },
    )
    writer.write_record(made)
    return without_time(stream.getvalue())


def identity(stone: Tombstone) -> str:
    """Return the WARC-Record-ID of a tombstone, made from what it says."""
    name = "|".join(("tombstone", stone.digest, stamp(stone.captured_at), stone.snapshot, stone.reference))
    return f"<urn:uuid:{uuid.uuid5(_NAMESPACE, name)}>"


def without_time(member: bytes) -> bytes:
    """Return a gzip member with its own time field (RFC 1952, MTIME) set to none."""
    return member[:4] + b"\0\0\0\0" + member[8:]


def target(digest: str) -> str:
    """Return the target of the tombstone: ``urn:sha256:hex``."""
    return "urn:" + digest


def read(kind: str, uri: str | None, body: bytes) -> Tombstone | None:
    """Return the tombstone that a WARC record is, given its type, target and content; None for any other record."""
    if kind != "metadata" or not (uri or "").startswith("urn:sha256:") or len(body) > _LIMIT:
        return None
    lines = (line.partition(": ") for line in body.decode("utf-8", "replace").splitlines())
    return _told({name: value for name, _, value in lines})


def _told(fields: Mapping[str, Any]) -> Tombstone | None:
    if fields.get(_MARK) != "erased" or fields.get("ground") not in get_args(Ground):
        return None
    try:
        captured_at, erased_at = moment(str(fields["captured-at"])), moment(str(fields["erased-at"]))
        return Tombstone(
            digest=str(fields["payload-digest"]),
            captured_at=captured_at,
            erased_at=erased_at,
            ground=fields["ground"],
            reference=str(fields["reference"]),
            snapshot=str(fields.get("snapshot", "")),
        )
    except (KeyError, ValueError):
        return None


def stamp(at: datetime) -> str:
    """Return a time as it is stored: RFC 3339, UTC, whole seconds."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def moment(text: str) -> datetime:
    """Read what :func:`stamp` wrote."""
    return datetime.fromisoformat(text)
