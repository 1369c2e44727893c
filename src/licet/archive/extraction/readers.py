"""Other readers of a page, asked where our own reading finds little: the page's own data, then a library.

Measured on news pages, readability-lxml reads Chinese best and trafilatura English; neither is fast enough, or good
enough, to be asked for every page.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from lxml.html import fromstring
from readability import Document
from trafilatura import extract as trafilatura_extract

from licet.archive.extraction.page import clean
from licet.archive.extraction.pruning import BLOCKS

if TYPE_CHECKING:
    from collections.abc import Callable

    from licet.archive.extraction.page import Page

    Reader = Callable[[Page], list[str]]

_LARGEST = 1_500_000


def declared(page: Page) -> list[str]:
    """Return the paragraphs of the text that the page declares for machines (``articleBody``)."""
    value = page.article_data.get("articleBody")
    return _lines(value) if isinstance(value, str) and "<" not in value[:200] else []


def library(page: Page) -> list[str]:
    """Return the paragraphs that the better library for the page's language finds; none where it fails."""
    return libraries(page.lang)[0](page)


def libraries(lang: str) -> tuple[Reader, Reader]:
    """Return the two libraries, the better one for the language first."""
    return (readability, trafilatura) if lang == "zh" else (trafilatura, readability)


def readability(page: Page) -> list[str]:
    """Return the paragraphs that readability-lxml finds; none where it fails."""
    return _asked(page, _readability)


def trafilatura(page: Page) -> list[str]:
    """Return the paragraphs that trafilatura finds; none where it fails."""
    return _asked(page, _trafilatura)


def _asked(page: Page, read: Callable[[str], list[str]]) -> list[str]:
    if len(page.text) > _LARGEST or page.deep:
        return []
    try:
        return read(page.text)
    except Exception:  # noqa: BLE001 - a library fails on a hostile page in ways of its own; the page is then read without it
        return []


def _readability(text: str) -> list[str]:
    logging.getLogger("readability").setLevel(logging.CRITICAL)
    root = fromstring(Document(text).summary())
    for element in root.iter():
        if element.tag in BLOCKS or element.tag == "br":
            element.tail = "\n" + (element.tail or "")
    return _lines("".join(map(str, root.itertext())))


def _trafilatura(text: str) -> list[str]:
    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)
    return _lines(trafilatura_extract(text, include_comments=False) or "")


def _lines(text: str) -> list[str]:
    return [line for line in map(clean, text.split("\n")) if line]
