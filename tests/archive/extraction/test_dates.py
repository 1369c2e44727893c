import pytest
from hypothesis import given
from hypothesis import strategies as st

from licet.archive.extraction import dates, timezones


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("2025-02-28 14:28:00", "2025-02-28 14:28:00"),
        ("发布时间:2025年2月28日14:28", "2025-02-28 14:28"),
        ("2025年02月28日 星期五 08:05", "2025-02-28 08:05"),
        ("2025/2/28", "2025-02-28"),
        ("2025.02.28 8:05", "2025-02-28 08:05"),
        ("二〇二五年二月二十八日", "2025-02-28"),
        ("二○一九年十二月三十日", "2019-12-30"),
        ("民國114年2月28日", "2025-02-28"),
        ("15:312018/09/16", "2018-09-16 15:31"),
        ("2025年2月28日下午2点28分", "2025-02-28 14:28"),
        ("2025年2月28日14时28分05秒", "2025-02-28 14:28:05"),
        ("February 28, 2025 2:28 pm", "2025-02-28 14:28"),
        ("Feb. 28th, 2025", "2025-02-28"),
        ("28 February 2025, 14:28", "2025-02-28 14:28"),
        ("2025 Feb 28", "2025-02-28"),
        ("28/02/2025 - 14:28", "2025-02-28 14:28"),
        ("02/28/2025", "2025-02-28"),
        ("2025-02-28T06:28:00Z", "2025-02-28 06:28:00"),
        ("12:05 am is not read, 2025-02-28 12:05 am is", "2025-02-28 00:05"),
    ],
)
def test_forms(text, printed):
    found = dates.find(text)
    assert found is not None
    assert found.printed == printed


@pytest.mark.parametrize("text", ["", "2025-13-40", "2025-02-30", "1825-02-28", "12:30", "120250228", "99:99:99"])
def test_what_is_no_date(text):
    assert dates.find(text) is None


@pytest.mark.parametrize(
    ("text", "lang", "at"),
    [
        ("2025-02-28 14:28", "zh", "2025-02-28T14:28:00+08:00"),
        ("2025-02-28T06:28:00Z", "zh", "2025-02-28T06:28:00+00:00"),
        ("2025-02-28T06:28:00-0500", "en", "2025-02-28T06:28:00-05:00"),
        ("2025-02-28 06:28", "en", "2025-02-28T06:28:00+00:00"),
        ("2025-02-28", "zh", None),
    ],
)
def test_zones(text, lang, at):
    found = dates.find(text)
    assert found is not None
    assert found.at(lang, timezones.usual(None, lang)) == at


def test_seconds_since_1970_are_shown_as_a_clock_in_china():
    found = dates.from_seconds(1740724080, timezones.CHINA)
    assert found is not None
    assert (found.printed, found.at("zh", timezones.CHINA)) == ("2025-02-28 14:28:00", "2025-02-28T14:28:00+08:00")
    assert dates.from_seconds(12, timezones.CHINA) is None


@given(st.dates(min_value=__import__("datetime").date(1991, 1, 1), max_value=__import__("datetime").date(2099, 1, 1)))
def test_every_day_is_read_back_from_chinese(day):
    found = dates.find(f"发布于{day.year}年{day.month}月{day.day}日")
    assert found is not None
    assert found.day == day.isoformat()


@given(st.text(max_size=60))
def test_any_text_is_read_without_an_error(text):
    for moment in dates.find_all(text):
        assert moment.at("zh", timezones.CHINA) is None or moment.clock
