"""Files that are broken, hostile or odd: one clear error, or each broken line a reject with its reason."""

import gzip
import zipfile

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from licet.errors import BadFile, BadInput
from licet.orders import delimited

HEADER = "id,date,chip,quantity,destination,headquarters,parent_headquarters\n"
GOOD = "L1,2025-06-02,h100-sxm,2000,CH,CH,CH\n"


@pytest.fixture
def made(tmp_path):
    def write(content, name="book.csv"):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return write


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("L2,2025-06-02,h100-sxm,1\n", "has 4 cells, the header 7"),
        ("L2,2025-06-02,h100-sxm,1,CH,CH,CH,more\n", "has 8 cells"),
        ('L2,2025-06-02,h100-sxm,1,CH,CH,"CH\n', "cannot be parted into cells"),
        ('L2,2025-06-02,h100-sxm,1,CH,CH,"CH"x\n', "cannot be parted into cells"),
        (b"L2,2025-06-02,h100-sxm,1,CH,CH,\xff\xfe\n", "not UTF-8"),
        (b"L2,2025-06-02,h100-sxm,1,CH,C\0H,CH\n", "zero byte"),
        ("L2,2025-06-02,h100-sxm,1,CH,CH," + "x" * 10_000_000 + "\n", "longer than"),
        ("L2,2025-06-02,h100-sxm,1,CH,CH," + "x" * 1_500_000 + "\n", "cannot be parted into cells"),
        ("L2,2025-06-02,h100-sxm,1e400,CH,CH,CH\n", "quantity"),
        ("L2,2025-06-02,h100-sxm,1.5,CH,CH,CH\n", "quantity has 1 decimals, Licet keeps 0"),
        ("L2,2025-06-02,h100-sxm," + "9" * 5000 + ",CH,CH,CH\n", "quantity"),
        ("L2,2025-06-02,h100-sxm,nan,CH,CH,CH\n", "must be finite"),
        ("L2,2025-06-31,h100-sxm,1,CH,CH,CH\n", "date is a date"),
        ("L2,1025-06-02,h100-sxm,1,CH,CH,CH\n", "outside 1900-01-01"),
        ("L2,,h100-sxm,1,CH,CH,CH\n", "the line has no date"),
        ("L2,2025-06-02,h1000-sxm,1,CH,CH,CH\n", "there is no chip or system called"),
        ("L2,2025-06-02,h100-sxm,1,Korea,CH,CH\n", "more than one place"),
    ],
)
def test_a_broken_line_is_a_reject_and_the_others_are_answered(made, run, line, reason):
    body = line if isinstance(line, bytes) else line.encode()
    last = b"" if b'"CH\n' in body else GOOD.replace("L1", "L3").encode()
    answers, refused, summary = run(made(HEADER.encode() + GOOD.encode() + body + last))
    assert [item["line"] for item in refused] == [3]
    assert reason in refused[0]["reason"]
    assert refused[0]["fix"]
    assert refused[0]["file"].endswith("book.csv")
    assert [answer["id"] for answer in answers] == (["L1", "L3"] if last else ["L1"])
    assert summary["lines"] == len(answers) + 1


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "is empty"),
        (b"\n\n", "no header"),
        (HEADER.encode("utf-16"), "is UTF-16"),
        (b"id,\xff\xfe,date\n", "not UTF-8"),
        (b"id,\0,date\n", "no text file"),
        (b"date,Date,chip\n", "two columns called 'Date'"),
        (b"x" * 2_000_000, "no text file"),
        (b"colour,size\nred,1\n", "no column 'date'"),
        (b"date,outcome,chip,destination\n2025-06-02,x,h100-sxm,CH\n", "so has the answer"),
        (b"date,to,destination,chip\n", "are both destination"),
        (b"date,chip\n2025-06-02,h100-sxm\n", "no column 'destination'"),
        (b"date,destination\n2025-06-02,CH\n", "what is shipped"),
        (",".join(f"c{n}" for n in range(3000)).encode(), "3000 columns"),
    ],
)
def test_a_book_that_cannot_be_screened_is_one_error(made, run, tmp_path, content, message):
    with pytest.raises(BadInput, match=message) as raised:
        run(made(content))
    assert raised.value.fix
    assert [path.name for path in tmp_path.iterdir()] == ["book.csv"]


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("book.parquet", b"PAR1 no parquet at all PAR1", "no Parquet"),
        ("book.xlsx", b"no spreadsheet", "no spreadsheet"),
        ("book.csv.gz", b"no archive", "cannot be unpacked"),
        ("book.docx", b"words", "of no kind that is read"),
        ("book.parquet.gz", b"words", "of no kind that is read"),
    ],
)
def test_a_file_that_is_not_what_its_name_says(made, run, name, content, message):
    with pytest.raises(BadFile, match=message):
        run(made(content, name))


def test_folders_missing_files_and_the_book_itself_are_refused(made, run, tmp_path):
    book = made(HEADER + GOOD)
    for path, message in ((tmp_path, "is a folder"), (tmp_path / "none.csv", "there is no file")):
        with pytest.raises(BadFile, match=message):
            run(path)
    with pytest.raises(BadFile, match="the book itself"):
        run(book, output="book.csv")
    with pytest.raises(BadFile, match="of no kind that is written"):
        run(book, output="out.xlsx")


def test_a_truncated_archive_is_one_error(made, run, tmp_path):
    packed = gzip.compress((HEADER + GOOD * 5000).encode())
    with pytest.raises(BadFile, match="cannot be unpacked"):
        run(made(packed[: len(packed) // 2], "book.csv.gz"))
    assert not list(tmp_path.glob("*out*"))


def test_a_spreadsheet_that_unpacks_to_too_much_is_refused(tmp_path, run, monkeypatch):
    path = tmp_path / "book.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/worksheets/sheet1.xml", b"0" * 1_000_000)
    monkeypatch.setattr("licet.orders.sheets.MOST_BYTES", 1000)
    with pytest.raises(BadFile, match="too large unpacked"):
        run(path)


def test_nested_and_odd_types_are_carried_and_a_fact_of_a_wrong_type_is_one_error(tmp_path, run):
    rows = {
        "date": ["2025-06-02"],
        "chip": ["h100-sxm"],
        "quantity": [5],
        "destination": ["CH"],
        "tree": [{"a": [1, 2], "b": {"c": "x"}}],
        "bytes": [b"\0\xff"],
    }
    path = tmp_path / "book.parquet"
    pq.write_table(pa.table(rows), path)
    answers, refused, summary = run(path)
    assert not refused
    assert answers[0]["tree"] == rows["tree"][0]
    assert {item["name"] for item in summary["columns"]["not_read"]} == {"tree", "bytes"}
    pq.write_table(pa.table(rows | {"destination": [{"code": "CH"}]}), path)
    with pytest.raises(BadInput, match="the column 'destination' is STRUCT"):
        run(path)


def test_a_clean_file_and_a_broken_one_have_the_same_lines(made, run, monkeypatch):
    """What the engine reads at once and what is read line by line are the same book."""
    content = (
        HEADER
        + "".join(GOOD.replace("L1", f"L{n}") for n in range(50))
        + '"a ""quoted"" id",2025-06-02,,"1,000",CH,,\n'
    )
    at_once = run(made(content))
    monkeypatch.setattr(delimited, "at_once", lambda *_: False)
    assert run(made(content))[:2] == at_once[:2]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_delimiters_byte_order_marks_and_line_ends(made, run, delimiter, end):
    content = (HEADER + GOOD + "\n" + GOOD).replace(",", delimiter).replace("\n", end)
    answers, refused, _ = run(made(b"\xef\xbb\xbf" + content.encode()))
    assert not refused
    assert [(answer["id"], answer["line"], answer["outcome"]) for answer in answers] == [
        ("L1", 2, "no_license_required"),
        ("L1", 4, "no_license_required"),
    ]


def test_cells_with_line_breaks_keep_the_lines_of_the_others(made, run):
    content = HEADER + '"a\nb",2025-06-02,h100-sxm,1,CH,,\nL3,2025-06-02,h100-sxm,-1,CH,,\n'
    answers, refused, _ = run(made(content))
    assert (answers[0]["line"], refused[0]["line"]) == (2, 4)
