import pytest
from hypothesis import given
from hypothesis import strategies as st

from licet.archive.extraction.encoding import decode

TEXT = "港口盘点完成,账面与实物相符。"


@pytest.mark.parametrize(
    ("data", "charset", "name"),
    [
        (TEXT.encode(), None, "utf-8"),
        (TEXT.encode(), "gbk", "utf-8"),
        (TEXT.encode("gbk"), "gb2312", "gb18030"),
        (b"<meta charset=gb2312>" + TEXT.encode("gbk"), None, "gb18030"),
        (TEXT.encode("gb18030"), None, "gb18030"),
        (TEXT.encode("utf-8-sig"), None, "utf-8-sig"),
        (TEXT.encode("utf-16"), None, "utf-16"),
        (TEXT.encode("gbk"), "no-such-charset", None),
    ],
)
def test_the_text_comes_back(data, charset, name):
    text, used = decode(data, charset)
    if name is not None:
        assert used == name
        assert text.endswith(TEXT)


def test_a_few_broken_bytes_do_not_change_the_encoding():
    text, used = decode((TEXT * 50).encode() + b"\xff")
    assert used == "utf-8"
    assert text.startswith(TEXT)


@given(st.binary(max_size=200), st.sampled_from([None, "gbk", "utf-8", "base64", "hex", "big5", "\u0000"]))
def test_any_bytes_give_a_text(data, charset):
    text, _ = decode(data, charset)
    assert isinstance(text, str)


CHINESE = (
    "<html><body><p>" + "本市的港口在昨日完成了年度盘点，结果与账面相符，没有发现任何差错。" * 6 + "</p></body></html>"
)
TRADITIONAL = (
    "<html><body><p>" + "本市的港口在昨日完成了年度盤點，結果與帳面相符，沒有發現任何差錯。" * 6 + "</p></body></html>"
)
LATIN = "<html><body><p>" + "The harbor’s café counted its “stock” at noon, as every year. " * 6 + "</p></body></html>"


@pytest.mark.parametrize("declared", [None, "utf-8", "gb2312", "big5", "iso-8859-1", "utf-16"])
@pytest.mark.parametrize(
    ("text", "codec"), [(CHINESE, "gb18030"), (TRADITIONAL, "big5"), (CHINESE, "utf-8"), (CHINESE, "utf-16-le")]
)
def test_what_is_declared_wrongly_does_not_mislead(text, codec, declared):
    assert decode(text.encode(codec), declared)[0] == text


@pytest.mark.parametrize("declared", [None, "utf-8", "windows-1252"])
def test_a_western_page_without_a_right_declaration(declared):
    assert decode(LATIN.encode("cp1252"), declared) == (LATIN, "cp1252")
