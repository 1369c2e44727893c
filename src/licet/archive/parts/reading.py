"""One WARC file on a worker: its pages read as one machine reads them, and their signatures."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, BinaryIO, NamedTuple

import pyarrow as pa
import pyarrow.parquet as pq

from licet import storage
from licet.archive.addresses import canonical
from licet.archive.articles import article_of
from licet.archive.capture import decoded
from licet.archive.keeping.identity import item_of, snapshot_id, text_digest
from licet.archive.model import Snapshot, Taken
from licet.archive.parts import layout
from licet.archive.relating.copies import bands, text_of
from licet.archive.warcs.importing import Imported, Importer, Origin
from licet.errors import LicetError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from licet.archive.keeping.origin import Take

_ROWS = 2_000


class Part(NamedTuple):
    """A WARC file: its number in the order in which they were named, its path or address."""

    number: int
    name: str


def read(part: Part, folder: str, work: str, origin: Origin) -> Imported:
    """Write the articles of a WARC file, what is known of each, and its bands; return what became of the records.

    What is damaged in the file is named and passed over. :class:`~licet.errors.BadFile` if it is no WARC file.
    """
    with (
        storage.here(part.name) as path,
        storage.written(layout.articles(folder, part.number)) as articles,
        storage.written(layout.documents(work, part.number)) as documents,
        storage.written(layout.bands(work, part.number)) as signatures,
        articles.open("wb") as stream,
        pq.ParquetWriter(documents, layout.DOCUMENTS) as known,
        pq.ParquetWriter(signatures, layout.BANDS) as banded,
    ):
        writer = _Writer(part, stream, known, banded)
        found = Importer(writer.take, origin, None).run(path)
        writer.flush()
    return found


class _Writer:
    """Takes captures as an archive does, and writes them down instead of keeping them."""

    def __init__(self, part: Part, stream: BinaryIO, known: Any, banded: Any) -> None:
        self._part = part
        self._stream = stream
        self._known = known
        self._banded = banded
        self._next = part.number * layout.IN_A_PART
        self._rows: list[tuple[Any, ...]] = []
        self._bands: list[tuple[int, int]] = []

    def take(self, takes: Sequence[Take]) -> list[Taken | LicetError]:
        """Read captures and write them down; an error in the place of one that holds no article."""
        found: list[Taken | LicetError] = []
        for take in takes:
            try:
                found.append(Taken(self._read(take.checked()), "new"))
            except LicetError as error:
                found.append(error)
        if len(self._rows) >= _ROWS:
            self.flush()
        return found

    def _read(self, take: Take) -> Snapshot:
        capture = take.capture
        article = article_of(capture.payload, capture, take.category, zone=take.zone)
        snapshot = Snapshot(
            id=snapshot_id(capture.digest, canonical(capture.url) if capture.url else "", take.stamp),
            url=capture.url,
            captured_at=take.at,
            captured_from=capture.captured_from,
            via=take.via,
            digest=capture.digest,
            content_type=capture.content_type,
            article=article,
            extracted_with=article.extractor,
            item=item_of(capture, decoded(capture.payload, capture.content_encoding)),
            display=take.display,
            zone=take.zone,
        )
        self._write(snapshot)
        return snapshot

    def _write(self, snapshot: Snapshot) -> None:
        offset = self._stream.tell()
        length = self._stream.write(layout.packed(snapshot))
        at = int(snapshot.captured_at.timestamp())
        text = text_digest(snapshot.article)
        row = (self._next, snapshot.id, snapshot.item, text, snapshot.digest, snapshot.url or "", at, offset, length)
        self._rows.append(row)
        self._bands += [(band, self._next) for band in set(bands(text_of(snapshot.article).pieces))]
        self._next += 1

    def flush(self) -> None:
        """Write what waits."""
        for rows, schema, writer in (
            (self._rows, layout.DOCUMENTS, self._known),
            (self._bands, layout.BANDS, self._banded),
        ):
            if rows:
                columns = [
                    pa.array(column, kind) for column, kind in zip(zip(*rows, strict=True), schema.types, strict=True)
                ]
                writer.write_table(pa.table(columns, schema=schema))
                rows.clear()
