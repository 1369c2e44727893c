"""Read pages with GeneralNewsExtractor: JSON lines in on stdin (``id``, ``html``), JSON lines out on stdout.

A program of its own, run by ``pages.py`` with the Python of the peers' environment; it imports nothing of Licet. An
answer has ``id``, ``title``, ``author``, ``published``, ``body`` and ``seconds`` of CPU time; a page that cannot be
read has no fields.
"""

from __future__ import annotations

import json
import sys
import time

from gne import GeneralNewsExtractor


def main() -> None:
    """Answer each line of stdin."""
    reader = GeneralNewsExtractor()
    for line in sys.stdin:
        page = json.loads(line)
        answer = {"id": page["id"]}
        start = time.process_time()
        try:
            found = reader.extract(page["html"])
        except Exception:  # noqa: BLE001 - a peer may fail in any way; the page then counts as unread
            found = {}
        if found:
            answer |= {"title": found["title"], "published": found["publish_time"], "body": found["content"]}
            answer["author"] = [found["author"]] if found["author"] else []
        answer["seconds"] = time.process_time() - start
        sys.stdout.write(json.dumps(answer) + "\n")


if __name__ == "__main__":
    main()
