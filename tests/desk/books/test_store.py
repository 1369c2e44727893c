"""Books in their folders: whole or not there, and what was interrupted is said."""

import pytest

from licet.desk.books.store import Asked, Books, Task
from licet.errors import BadFile, UnknownName
from tools.people import START


@pytest.fixture
def books(tmp_path):
    return Books(tmp_path / "orders")


def add(books, name="book.csv", content=b"id\n1\n"):
    return books.add(name, content, Asked(), by="Screening desk", at=START)


def test_the_newest_comes_first_and_a_half_made_one_is_none(books, tmp_path):
    first = add(books)
    (tmp_path / "orders" / ".abcdefghijkl").mkdir()
    (tmp_path / "orders" / "abcdefghijkl").mkdir()
    assert [book.id for book in books.all()] == [first.id]
    assert books.source(first.id).read_bytes() == b"id\n1\n"


def test_what_was_being_done_when_the_desk_stopped_is_marked(books):
    book = add(books)
    books.change(book.id, screening=Task(state="done"), planning=Task(state="working"))
    books.interrupted(books.book(book.id), at=START)
    found = books.book(book.id)
    assert (found.screening.state, found.planning.state) == ("done", "failed")
    assert found.planning.fix == "start it again"


@pytest.mark.parametrize("identity", ["", "..", "../orders", "ABCDEFGHIJKL", "abcdefghijk1", "abcdefghijkl"])
def test_no_name_leads_out_of_the_folder(books, identity):
    with pytest.raises(UnknownName):
        books.book(identity)


@pytest.mark.parametrize("name", ["book.csv", "Book.CSV", "book.csv.gz", "book.parquet", "book.xlsx"])
def test_kinds_that_are_read(books, name):
    book = add(books, name)
    assert books.source(book.id).name.lower() == "book" + name[4:].lower()


@pytest.mark.parametrize("name", ["book", "book.pdf", "book.csv.exe"])
def test_kinds_that_are_not(books, name):
    with pytest.raises(BadFile):
        add(books, name)
