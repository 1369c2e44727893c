"""Plots of steps: well-formed, within their frame, and saying in words what they show."""

import datetime as dt
import re
from decimal import Decimal
from xml.etree import ElementTree as ET

from hypothesis import given
from hypothesis import strategies as st

from licet.desk.charts import HEIGHT, WIDTH, Steps, steps

FIRST, LAST = dt.date(2025, 1, 1), dt.date(2027, 12, 31)
DAYS = st.dates(dt.date(2024, 1, 1), dt.date(2029, 1, 1))
VALUES = st.decimals(min_value=-5, max_value=10**15, places=3)


@given(st.lists(st.tuples(DAYS, VALUES), max_size=20).map(sorted), st.text(max_size=30))
def test_whatever_is_drawn_stays_in_its_frame(points, title):
    text = steps([Steps("held", "Held", points)], FIRST, LAST, "".join(filter(str.isprintable, title)), str)
    root = ET.fromstring(text)  # noqa: S314 - our own
    assert root.get("role") == "img"
    for path in root.iter("path"):
        for command, value in re.findall(r"([HV])(-?[\d.]+)", path.get("d")):
            assert 0 <= float(value) <= (WIDTH if command == "H" else HEIGHT)


def test_a_step_goes_on_until_the_next():
    points = [(FIRST, Decimal(0)), (dt.date(2026, 7, 2), Decimal(100))]
    text = steps([Steps("posted", "Posted", points)], FIRST, LAST, "An account", str)
    path = re.search(r'class="posted" d="M92\.0 232\.0H([\d.]+)V14\.0H708\.0"', text)
    assert 390 < float(path[1]) < 410


def test_nothing_drawn_is_still_a_plot():
    assert steps([], FIRST, FIRST, "Empty <account>", str).count("&lt;account&gt;") == 2
