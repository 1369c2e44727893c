"""Every page of the newsroom, captured from the running server, is read as its truth says."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from licet.archive import Archive
from licet.demo import newsroom, pages

AT = datetime(2025, 7, 1, tzinfo=UTC)


@pytest.fixture(scope="module")
def read(tmp_path_factory):
    """The article of a page and the address of the newsroom it was captured from, by the page's path."""
    with newsroom() as site, Archive.open(tmp_path_factory.mktemp("home")) as archive:
        articles = {
            page.path: archive.add_address(site.url(page), at=AT, allow_private=True).article for page in site.pages
        }
        yield lambda page: (articles[page.path], site.address)


@pytest.mark.parametrize("page", pages(), ids=lambda page: page.path)
def test_a_page_is_read_as_its_truth_says(read, page):
    article, address = read(page)
    assert article.lang == page.language
    assert (article.title, article.category) == (page.title, page.category)
    assert (article.source, article.author) == (page.source, page.author)
    assert article.body.split("\n") == list(page.body)
    assert [(image.url, image.alt) for image in article.images] == [(address + page.picture, page.caption)]


@pytest.mark.parametrize("page", [page for page in pages() if page.corrected], ids=lambda page: page.path)
def test_a_corrected_page_is_read_as_its_new_truth_says(tmp_path, page):
    with newsroom() as site, Archive.open(tmp_path) as archive:
        assert page.corrected in site.correct()
        article = archive.add_address(site.url(page), at=AT, allow_private=True).article
    assert article.title == page.corrected.title != page.title
    assert article.body.split("\n") == list(page.corrected.body) != list(page.body)
    assert datetime.fromisoformat(article.published_at) == page.published


@pytest.mark.parametrize("page", pages(), ids=lambda page: page.path)
def test_the_time_is_read_to_the_precision_printed(read, page):
    article, _ = read(page)
    printed = "%Y-%m-%d %H:%M" if page.outlet.layout in {"gazette.html", "bay.html"} else "%Y-%m-%d %H:%M:%S"
    assert article.published == page.published.strftime(printed)
    assert datetime.fromisoformat(article.published_at) == page.published
