"""Collecting: sources, feeds, sitemaps, list pages; polite fetching; a queue that survives a crash."""
