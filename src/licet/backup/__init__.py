"""A copy of a data folder as one file, and back.

The copy is of one moment, whatever is written meanwhile: databases through SQLite's own backup, WARC files up to the
end that the catalogue knows, the journal to a whole entry. Everything in it has its digest in a manifest.
"""

from licet.backup.copying import Copied, back_up
from licet.backup.manifest import Entry, Manifest
from licet.backup.restoring import restore

__all__ = ["Copied", "Entry", "Manifest", "back_up", "restore"]
