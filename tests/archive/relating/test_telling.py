import msgspec
import pytest

from licet.archive.finding.terms import Words
from licet.archive.relating.telling import central_title, sentences, timeline


def test_sentences_of_both_languages():
    assert sentences("港口今天照常作业,没有停工。仓库也一样开门收货!\n短句。") == [
        "港口今天照常作业,没有停工。",
        "仓库也一样开门收货!",
    ]
    text = "The port opened at 6.30 as on every other day. Nobody in the yard was hurt by the storm. Short one."
    assert sentences(text) == [
        "The port opened at 6.30 as on every other day.",
        "Nobody in the yard was hurt by the storm.",
    ]


@pytest.mark.parametrize("body", ["", "。", "1" * 300_000, "港" * 300_000, "." * 10_000, "\n" * 10_000])
def test_no_body_breaks_the_sentences(body):
    assert len(sentences(body)) <= 200


def test_the_title_nearest_to_the_others(archive, newsroom):
    snapshots = [newsroom.collapse, newsroom.tea, newsroom.repair]
    assert central_title(snapshots, Words()) in (newsroom.collapse.title, newsroom.repair.title)
    assert central_title([newsroom.tea], Words()) == newsroom.tea.title


def test_a_source_that_may_not_be_shown_gives_no_sentence(newsroom):
    linked = msgspec.structs.replace(newsroom.collapse, display="link")
    (day,) = timeline([(linked, 1_709_602_200)])
    assert day.reports[0].news == []
    (day,) = timeline([(newsroom.collapse, 1_709_602_200)])
    assert day.reports[0].news
