"""Order books: files or tables in, decisions out, at scale."""
