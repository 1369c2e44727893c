from datetime import UTC, datetime, timedelta

import pytest

from licet.archive import Archive, Article, Tag
from licet.errors import BadFile, BadValue, Damaged, NoSuchSnapshot, NotExtractable
from licet.journal import Journal

TOPIC = (
    "东港浮吊检修工程今天开工,检修队将更换三台浮吊的钢缆和液压泵,工程为期两周。",
    "浮吊检修期间,东港的重件装卸改由北码头的岸吊承担,调度室已经排好了班次。",
    "检修队负责人说,钢缆的磨损检测采用磁粉探伤,液压泵则全部换成新型号。",
)
NEAR_TOPIC = (
    "北码头岸吊本周接手重件装卸,此前承担这项作业的浮吊正在检修,钢缆和液压泵都要更换。",
    "调度室介绍,岸吊的作业半径比浮吊小,重件船需要靠泊到内侧泊位,装卸时间会略长一些。",
)
OTHER = (
    "城西花市周末开张,花农带来了五十多个品种的月季,价格与去年大致相同。",
    "市民可以乘坐公交到达花市,周末加开的班车从早上七点开始发车。",
)


@pytest.fixture
def stocked(add, pages):
    return {
        "topic": add("a.html", pages.chinese("东港浮吊检修工程开工", TOPIC), category="港口"),
        "copy": add("b.html", pages.chinese("东港浮吊检修今日开工", (*TOPIC, "本文为转载。"))),
        "near": add(
            "c.html",
            pages.chinese("北码头岸吊接手重件装卸", NEAR_TOPIC, published="2024年03月09日 10:00"),
            category="港口",
        ),
        "other": add("d.html", pages.chinese("城西花市周末开张", OTHER), category="生活"),
        "english": add(
            "e.html",
            pages.english("Harbor cranes under repair", ("The cranes of the harbor are repaired.",) * 2),
            url="https://news.example/e",
        ),
    }


def test_a_file_becomes_a_snapshot(archive, add, pages, at):
    data = pages.model()
    snapshot = add("page.html", data, url="https://news.example/1?utm_source=x", via="td.example")
    assert snapshot == archive.snapshot(snapshot.id)
    assert (snapshot.title, snapshot.time) == (pages.title, "2025-02-28 14:28:00")
    assert (snapshot.url, snapshot.via, snapshot.captured_from) == (
        "https://news.example/1?utm_source=x",
        "td.example",
        "file:page.html",
    )
    assert snapshot.captured_at == at
    assert archive.raw(snapshot.id) == ("text/html", data)
    assert len(snapshot.id) == 12
    assert snapshot.id.isalnum()
    assert archive.verify() == []


def test_the_id_is_stable(tmp_path, pages, at):
    path = tmp_path / "page.html"
    path.write_bytes(pages.model())
    ids = set()
    for home in ("one", "two"):
        with Archive.open(tmp_path / home) as archive:
            ids.add(archive.add_file(path, at=at, url="https://news.example/1").id)
    assert len(ids) == 1


def test_the_same_capture_again_is_the_same_snapshot_and_noted(add, pages, at, tmp_path):
    first = add("page.html", pages.model(), url="https://news.example/1")
    again = add("again.html", pages.model(), url="https://news.example/1#top", at=at + timedelta(days=1))
    elsewhere = add("page.html", pages.model(), url="https://news.example/2")
    assert again == first
    assert elsewhere.id != first.id
    kinds = [(entry.kind, entry.payload["snapshot"]) for entry in Journal.open(tmp_path / "home").entries()]
    assert kinds == [
        ("captured", first.id),
        ("extracted", first.id),
        ("revisited", first.id),
        ("captured", elsewhere.id),
        ("extracted", elsewhere.id),
    ]


def test_what_is_no_page_is_refused_and_nothing_is_stored(archive, add):
    for name, data, error in (("a.html", b"", BadFile), ("b.html", b"<html></html>", NotExtractable)):
        with pytest.raises(error):
            add(name, data)
    assert (archive.count(), archive.verify()) == (0, [])


def test_a_time_needs_a_zone(add, pages):
    with pytest.raises(BadValue, match="time zone"):
        add("a.html", pages.model(), at=datetime(2025, 2, 28))  # noqa: DTZ001 - that is the mistake


def test_no_such_snapshot(archive):
    for ask in (archive.snapshot, archive.raw, archive.related):
        with pytest.raises(NoSuchSnapshot):
            ask("aaaaaaaaaaaa")


@pytest.mark.parametrize("query", ["浮吊检修", "浮弔檢修", "“浮吊”", '"浮吊检修"', "浮吊 检修"])
def test_search_finds_either_script(archive, stocked, query):
    found = archive.search(query)
    assert found.hits[0].snapshot.id in {stocked["topic"].id, stocked["copy"].id}
    assert stocked["other"].id not in {hit.snapshot.id for hit in found.hits}
    assert any(term for _, term in found.hits[0].excerpt_parts)


def test_a_traditional_page_is_found_by_a_simplified_query(archive, add, pages):
    snapshot = add(
        "t.html", pages.chinese("東港倉庫完成盤點", ("東港倉庫本週完成了年度盤點,帳面與實物相符,沒有差錯。",) * 2)
    )
    assert [hit.snapshot.id for hit in archive.search("仓库盘点").hits] == [snapshot.id]


def test_search_filters(archive, stocked):
    def ids(query, **filters):
        return {hit.snapshot.id for hit in archive.search(query, **filters).hits}

    assert ids("装卸", category="港口") == {stocked["topic"].id, stocked["near"].id}
    assert ids("装卸", category="生活") == set()
    assert ids("cranes", lang="en") == {stocked["english"].id}
    assert ids("cranes", lang="zh") == set()
    day = datetime(2024, 3, 9, tzinfo=UTC)
    assert ids("岸吊", since=day) == {stocked["near"].id}
    assert ids("岸吊", until=day) == {stocked["topic"].id, stocked["copy"].id}
    assert ids("岸吊 -重件船") == {stocked["topic"].id, stocked["copy"].id}


@pytest.mark.usefixtures("stocked")
def test_paging_counts_all(archive):
    whole = archive.search("浮吊", limit=10)
    first, second = archive.search("浮吊", limit=1), archive.search("浮吊", limit=1, offset=1)
    assert whole.total == first.total == second.total == 3
    assert [hit.snapshot.id for hit in (*first.hits, *second.hits)] == [hit.snapshot.id for hit in whole.hits[:2]]


@pytest.mark.parametrize(
    "query", ["", "   ", "((", '"', "-", "AND OR NOT", "title:[a TO b]", "\\", "*", "~1^2", "港" * 2000, "\x00"]
)
@pytest.mark.usefixtures("stocked")
def test_no_query_crashes(archive, query):
    assert archive.search(query).total >= 0


def test_a_title_counts_more_than_a_mention(archive, add, pages):
    body = ("花市的摊位今年多了十个,摊主说生意比去年好。", "市集旁边的岸桥模型吸引了孩子们,模型由志愿者制作。")
    add("m.html", pages.chinese("花市摊位增加", body))
    titled = add(
        "t.html",
        pages.chinese("岸桥模型展开幕", ("展览展出了二十件作品,市民可以免费参观。", "展期为一个月,周一闭馆。")),
    )
    assert archive.search("岸桥模型").hits[0].snapshot.id == titled.id


def test_related_is_on_the_topic_and_no_copy(archive, stocked):
    hits = archive.related(stocked["topic"].id)
    assert [hit.snapshot.id for hit in hits] == [stocked["near"].id]
    assert {text for text, term in hits[0].excerpt_parts if term} & {"浮吊", "岸吊", "钢缆", "装卸", "重件"}
    assert archive.related(stocked["other"].id) == []


def test_more_of_a_category_newest_first(archive, stocked):
    assert [s.id for s in archive.more_of("港口")] == [stocked["near"].id, stocked["topic"].id]
    assert archive.more_of("港口", excluding=stocked["near"].id) == [archive.snapshot(stocked["topic"].id)]
    assert archive.categories()[0] == ("港口", 2)
    assert len(archive.recent(2)) == 2
    assert archive.recent(10, offset=4) == archive.recent(10)[4:]


def test_an_item_without_a_title_is_shown_by_its_first_sentence(add):
    text = "<p>港区照常作业,值班人员已经安排到位。各码头加派了人手。</p><p>值班表贴在门口,换班时间不变。</p>"
    assert add("n.html", f"<html><body>{text}</body></html>".encode()).title == "港区照常作业,值班人员已经安排到位。"


def tagger(article: Article) -> list[Tag]:
    start = article.body.find("东港")
    return [Tag("place", "CN", "body", start, start + 2)] if start >= 0 else []


def test_the_tagger_marks_articles_and_its_tags_are_stored(tmp_path, pages, at):
    path = tmp_path / "page.html"
    path.write_bytes(pages.model())
    with Archive.open(tmp_path / "home", tagger=tagger) as archive:
        added = archive.add_file(path, at=at)
    with Archive.open(tmp_path / "home") as archive:
        (tag,) = archive.snapshot(added.id).tags
        assert added.article.body[tag.start : tag.end] == "东港"
        archive.process()
        assert archive.snapshot(added.id).tags == ()


@pytest.mark.usefixtures("stocked")
def test_process_reads_again_and_refills_the_index(archive):
    before = archive.search("浮吊")
    assert archive.process() == 5
    assert archive.search("浮吊") == before
    assert archive.verify() == []


def test_a_lost_or_broken_index_is_filled_again(tmp_path, pages, at):
    path = tmp_path / "page.html"
    path.write_bytes(pages.model())
    with Archive.open(tmp_path / "home") as archive:
        added = archive.add_file(path, at=at)
    for broken in (b"not an index", None):
        meta = tmp_path / "home" / "archive" / "index" / "meta.json"
        meta.write_bytes(broken) if broken else (meta.parent / "VERSION").unlink()
        with Archive.open(tmp_path / "home") as archive:
            assert [hit.snapshot.id for hit in archive.search("盘点").hits] == [added.id]


def test_verify_names_each_damaged_record(archive, stocked, tmp_path):
    (path,) = (tmp_path / "home" / "archive" / "warc").glob("*.warc.gz")
    whole = bytearray(path.read_bytes())
    place = archive.capture(archive.captures_of("https://news.example/e")[0].capture).place
    whole[place.offset + place.length - 40] ^= 0xFF
    path.write_bytes(bytes(whole))
    assert [finding.where for finding in archive.verify()] == [f"snapshot {stocked['english'].id}"]
    with pytest.raises(Damaged):
        archive.raw(stocked["english"].id)
    assert archive.process() == 5
    assert archive.snapshot(stocked["english"].id) == stocked["english"]


def test_names_that_were_handed_in_are_words_of_the_index(tmp_path, pages, at):
    path = tmp_path / "page.html"
    path.write_bytes(pages.chinese("东港浮吊联合体成立", TOPIC))
    with Archive.open(tmp_path / "home", entity_names=["东港浮吊联合体"]) as archive:
        added = archive.add_file(path, at=at)
        assert [hit.snapshot.id for hit in archive.search("东港浮吊联合体").hits] == [added.id]
