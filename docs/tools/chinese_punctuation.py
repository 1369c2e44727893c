"""Give Chinese text its own punctuation: ``python docs/tools/chinese_punctuation.py FILE…`` rewrites the files.

A comma, colon, semicolon, question or exclamation mark that touches a Chinese character, and brackets that follow one
or hold one, become full width. What stands between Latin letters, and what is followed by a space as in YAML, stays.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

HAN = r"[\u3400-\u9fff\u3001\u3002\u300a\u300b\u201c\u201d\uff08\uff09\uff0c\uff1a\uff1b\uff1f\uff01]"
WIDE = str.maketrans(",:;?!()", "\uff0c\uff1a\uff1b\uff1f\uff01\uff08\uff09")
MARK = re.compile(rf"(?<={HAN})[,:;?!](?=\S)|[,:;?!](?={HAN})")
BRACKETS = re.compile(rf"(?<={HAN})\([^()\n]*\)|\([^()\n]*{HAN}[^()\n]*\)")


def repair(text: str) -> str:
    """Return ``text`` with the punctuation of its Chinese parts in full width."""
    bracketed = BRACKETS.sub(lambda found: "\uff08" + found[0][1:-1] + "\uff09", text)
    return MARK.sub(lambda found: found[0].translate(WIDE), bracketed)


if __name__ == "__main__":
    for name in sys.argv[1:]:
        path = Path(name)
        before = path.read_text(encoding="utf-8")
        path.write_text(repair(before), encoding="utf-8")
        print(f"{name}: {'changed' if repair(before) != before else 'as it was'}")
