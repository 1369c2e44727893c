"""Order books: files or tables in, decisions out, at scale."""
<<<<<<< HEAD
=======

from licet.orders.run import Reject, screen, screen_files
from licet.orders.screening import Asked

__all__ = ["Asked", "Reject", "screen", "screen_files"]
>>>>>>> 9a5aac6 (Order books: patterns found by DuckDB, decided once each, joined back to their lines)
