from datetime import timedelta

import pytest

from licet.archive import Archive
from licet.errors import NoSuchSnapshot, TakenDown


def titles(story):
    return [member.snapshot.title for member in story.members]


def groups(archive, snapshots):
    """Return the stories of these snapshots as a set of sets of ids."""
    stories = [archive.story(snapshot.id) for snapshot in snapshots]
    return {frozenset(s.id for member in story.members for s in (member.snapshot, *member.copies)) for story in stories}


def all_of(newsroom):
    return [getattr(newsroom, name) for name in newsroom.reports]


def test_reports_of_one_event_are_one_story(archive, newsroom):
    story = archive.story(newsroom.repair.id)
    assert {member.snapshot.id for member in story.members} == {
        newsroom.collapse.id,
        newsroom.repair.id,
        newsroom.cause.id,
    }
    assert titles(story) == [newsroom.collapse.title, newsroom.repair.title, newsroom.cause.title]
    assert story.first == newsroom.collapse.time
    assert story.last == newsroom.cause.time
    assert "白沙河老桥" in story.title
    assert {member.snapshot.id for member in archive.story(newsroom.night.id).members} == {
        newsroom.open.id,
        newsroom.night.id,
    }


def test_what_belongs_to_no_event_stands_alone(archive, newsroom):
    for alone in (newsroom.tea, newsroom.chess):
        assert [member.snapshot.id for member in archive.story(alone.id).members] == [alone.id]


def test_a_story_is_found_by_its_own_id(archive, newsroom):
    story = archive.story(newsroom.cause.id)
    assert archive.story(story.id) == story


def test_the_timeline_tells_each_news_once(archive, newsroom):
    days = archive.story(newsroom.cause.id).timeline
    assert [day.day for day in days] == ["2024-03-05", "2024-03-06", "2024-03-08"]
    news = [sentence for day in days for report in day.reports for sentence in report.news]
    assert len(news) == len(set(news))
    assert any("41吨" in sentence for sentence in days[2].reports[0].news)
    assert not any("司机已被救起" in sentence for sentence in days[2].reports[0].news)


def test_copies_name_the_earliest_and_how_much_is_shared(archive, newsroom):
    copy = newsroom.carried("collapse", lead="东港3月9日电 ")
    found = archive.copies(copy.id)
    assert found.origin == archive.snapshot(newsroom.collapse.id)
    assert [one.snapshot.id for one in found.copies] == [newsroom.collapse.id]
    assert 0.6 <= found.copies[0].shared <= 1
    assert archive.copies(newsroom.tea.id).copies == []
    assert archive.copies(newsroom.tea.id).origin.id == newsroom.tea.id


def test_copies_are_folded_under_their_origin(archive, newsroom):
    copy = newsroom.carried("collapse", lead="东港3月9日电 ")
    story = archive.story(copy.id)
    assert len(story.members) == 3
    assert [one.id for one in story.members[0].copies] == [copy.id]
    assert sum(len(day.reports) for day in story.timeline) == 3


def test_related_shows_no_copy_and_nothing_else(archive, newsroom):
    copy = newsroom.carried("collapse", lead="东港3月9日电 ")
    hits = archive.related(newsroom.repair.id)
    shown = {hit.snapshot.id for hit in hits}
    assert shown <= {newsroom.collapse.id, newsroom.cause.id, copy.id}
    assert newsroom.cause.id in shown
    assert len(shown & {newsroom.collapse.id, copy.id}) == 1
    assert all(any(term for _, term in hit.excerpt_parts) for hit in hits)
    assert archive.related(newsroom.chess.id) == []


def test_a_new_version_takes_the_place_of_the_old(archive, add, pages, newsroom, at):
    title, published, paragraphs = newsroom.reports["cause"]
    page = pages.chinese(
        title, (*paragraphs, "另一辆货车总重37吨。两名司机均无驾驶大货车的资格。"), published=published
    )
    later = add("later.html", page, url="https://east.example/cause", at=at + timedelta(days=9))
    story = archive.story(later.id)
    assert newsroom.cause.id not in {member.snapshot.id for member in story.members}
    assert later.id in {member.snapshot.id for member in story.members}
    assert len(story.members) == 3
    assert archive.story(newsroom.cause.id) == story


def test_a_new_version_of_a_story_of_one_keeps_its_id(archive, add, pages, newsroom, at):
    before = archive.story(newsroom.tea.id).id
    title, published, paragraphs = newsroom.reports["tea"]
    page = pages.chinese(title, (*paragraphs, "乡里说,采茶节下周开幕。"), published=published)
    later = add("tea2.html", page, url="https://east.example/tea", at=at + timedelta(days=9))
    assert archive.story(later.id).id == before


def test_what_is_taken_down_is_gone_at_once_and_comes_back(archive, newsroom, at):
    copy = newsroom.carried("cause", lead="东港3月9日电 ")
    assert len(archive.copies(newsroom.cause.id).copies) == 1
    catalogue = archive._catalogue
    with catalogue.writing():
        catalogue.set_state(newsroom.collapse.id, "hidden", ground="rights", at=at.isoformat())
        catalogue.set_state(copy.id, "hidden", ground="rights", at=at.isoformat())
    story = archive.story(newsroom.repair.id)
    assert newsroom.collapse.id not in {member.snapshot.id for member in story.members}
    assert story.first == newsroom.repair.time
    assert archive.copies(newsroom.cause.id).copies == []
    assert newsroom.collapse.id not in {hit.snapshot.id for hit in archive.related(newsroom.repair.id)}
    for ask in (archive.story, archive.copies, archive.related):
        with pytest.raises(TakenDown):
            ask(newsroom.collapse.id)
    with catalogue.writing():
        catalogue.set_state(newsroom.collapse.id, "public")
    assert len(archive.story(newsroom.repair.id).members) == 3


def test_no_such_story(archive):
    for ask in (archive.story, archive.copies):
        with pytest.raises(NoSuchSnapshot):
            ask("nosuchthing1")


def test_rebuilt_groups_are_those_made_as_reports_came(archive, newsroom):
    copy = newsroom.carried("night", lead="东港3月9日电 ")
    snapshots = [*all_of(newsroom), copy]
    for snapshot in snapshots:
        archive.story(snapshot.id)
    before = [archive.story(snapshot.id) for snapshot in snapshots]
    assert archive._relations.refresh() == 0
    archive._relations.rebuild()
    assert [archive.story(snapshot.id) for snapshot in snapshots] == before


def test_groups_do_not_hang_on_the_batches(archive, newsroom, tmp_path, at, pages):
    one_by_one = groups(archive, all_of(newsroom))
    for name, (title, published, paragraphs) in newsroom.reports.items():
        (tmp_path / f"{name}-again.html").write_bytes(pages.chinese(title, paragraphs, published=published))
    ordered = sorted(newsroom.reports.items(), key=lambda item: item[1][1])
    with Archive.open(tmp_path / "other") as other:
        added = [
            other.add_file(tmp_path / f"{name}-again.html", at=at, url=f"https://east.example/{name}")
            for name, _ in ordered
        ]
        together = groups(other, added)
    assert together == one_by_one


def test_groups_are_the_same_in_reverse(newsroom, archive, tmp_path, at, pages):
    forward = groups(archive, all_of(newsroom))
    with Archive.open(tmp_path / "reverse") as other:
        added = []
        for name, (title, published, paragraphs) in sorted(newsroom.reports.items(), reverse=True):
            path = tmp_path / f"{name}-reverse.html"
            path.write_bytes(pages.chinese(title, paragraphs, published=published))
            added.append(other.add_file(path, at=at, url=f"https://east.example/{name}"))
        assert groups(other, added) == forward
