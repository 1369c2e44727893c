from decimal import localcontext

from babel import Locale, numbers
from hypothesis import given
from hypothesis import strategies as st

from licet.desk.tongue import MOST_DIGITS, tongue
from licet.i18n import LANGUAGES, locale_name


@given(st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**36), max_value=10**36))
def test_numbers_are_written_as_babel_writes_them(value):
    for language in LANGUAGES:
        with localcontext(prec=MOST_DIGITS):
            theirs = numbers.format_decimal(
                value, locale=Locale.parse(locale_name(language)), decimal_quantization=False
            )
        assert tongue(language).number(value) == theirs


def test_numbers_of_other_types_too():
    speech = tongue("en")
    assert [speech.number(value) for value in (None, 0, 1234.5, -1234567)] == ["", "0", "1,234.5", "-1,234,567"]
