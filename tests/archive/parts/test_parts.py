"""WARC files on a cluster of two nodes: the articles, copies and hits of one machine, whatever is lost on the way."""

import gzip
import json
import random
from datetime import UTC, datetime, timedelta
from itertools import accumulate, combinations
from uuid import NAMESPACE_URL, uuid5

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from licet import cluster
from licet.archive import Archive
from licet.archive.finding.searching import Wanted
from licet.archive.finding.shards import Shards
from licet.archive.finding.terms import Words
from licet.archive.model import Article, Snapshot
from licet.archive.parts import again, copying, indexing
from licet.archive.parts.run import process_on_ray
from licet.archive.relating.copies import shared, text_of
from licet.archive.warcs.importing import Importer, Origin
from licet.errors import BadFile

FIRST = datetime(2025, 3, 3, 8, 0, tzinfo=UTC)
QUERIES = ["码头 泊位", "泊位 北港", "航标", "吞吐量"]
_PLACES = ("北港", "东港", "南湾", "西屿", "青洲", "白沙", "石塘", "银滩")
_THINGS = ("泊位", "航标", "吊机", "堆场", "闸口", "拖轮", "灯塔", "仓库", "驳船", "绞车")
_DEEDS = ("完成检修", "投入使用", "更换电缆", "试验夜航", "清点库存", "调整班次", "加高围栏", "接通岸电")


def sentences(dice, count):
    return [
        f"{dice.choice(_PLACES)}的{dice.choice(_THINGS)}本周{dice.choice(_DEEDS)},"
        f"比上月提前{dice.randrange(2, 29)}天,另有{dice.randrange(3, 900)}件{dice.choice(_THINGS)}待查,"
        f"码头值班室说,{dice.choice(_PLACES)}也会照此{dice.choice(_DEEDS)}。"
        for _ in range(count)
    ]


def page(title, paragraphs):
    body = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
    return (
        f"<html><head><meta charset='utf-8'><title>{title}</title></head><body><h1>{title}</h1>"
        f"<div class='meta'>2025-03-03 08:00 来源:港口日报</div><div class='content'>{body}</div></body></html>"
    ).encode()


def news(count, seed=5):
    """Addresses and pages: every fifth is a copy elsewhere of the one before, every seventh a later version of one."""
    dice = random.Random(seed)  # noqa: S311 - random news is no secret
    found = []
    for number in range(count):
        if number % 5 == 4:
            _, title, paragraphs = found[-1]
            found.append((f"https://copies.example/{number}", title, paragraphs[:-1]))
        elif number % 7 == 6:
            url, title, paragraphs = found[number - 5]
            found.append((url, title, [*paragraphs[:-2], *sentences(dice, 3)]))
        else:
            title = f"{dice.choice(_PLACES)}{dice.choice(_THINGS)}{dice.choice(_DEEDS)}第{number}号"
            found.append((f"https://news.example/{number}", title, sentences(dice, 6)))
    return [(url, page(title, paragraphs)) for url, title, paragraphs in found]


def record(url, payload, at):
    """A response (ISO 28500) as a gzip member."""
    block = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n" + payload
    head = (
        f"WARC/1.1\r\nWARC-Type: response\r\nWARC-Record-ID: <urn:uuid:{uuid5(NAMESPACE_URL, f'{url} {at}')}>\r\n"
        f"WARC-Target-URI: {url}\r\nWARC-Date: {at:%Y-%m-%dT%H:%M:%SZ}\r\n"
        f"Content-Type: application/http; msgtype=response\r\nContent-Length: {len(block)}\r\n\r\n"
    )
    return gzip.compress(head.encode() + block + b"\r\n\r\n", mtime=0)


def write_warc(path, pages, start):
    """Write responses, a minute apart; return the offset of each."""
    members = [record(url, payload, start + timedelta(minutes=n)) for n, (url, payload) in enumerate(pages)]
    path.write_bytes(b"".join(members))
    return list(accumulate(map(len, members), initial=0))


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    """Six WARC files of 14 pages; one record of the third is damaged."""
    folder = tmp_path_factory.mktemp("warcs")
    pages = news(84)
    paths = []
    for number in range(6):
        path = folder / f"crawl-{number}.warc.gz"
        own = pages[number * 14 : number * 14 + 14]
        offsets = write_warc(path, own, FIRST + timedelta(hours=number))
        if number == 2:
            data = bytearray(path.read_bytes())
            data[offsets[8] + 200 : offsets[8] + 260] = bytes(60)
            path.write_bytes(data)
        paths.append(path)
    return paths


@pytest.fixture(scope="module")
def alone(files, tmp_path_factory):
    """The same files in an archive of one machine: what is listed, what was damaged, and what it finds."""
    with Archive.open(tmp_path_factory.mktemp("home")) as archive:
        damaged = [one for path in files for one in Importer(archive.take_many, Origin(), None).run(path).damaged]
        listed = archive.recent(1000)
        hits = {query: [hit.snapshot.id for hit in archive.search(query, limit=100).hits] for query in QUERIES}
    return listed, damaged, hits


def lines(path):
    return [msgspec.json.decode(line, type=Snapshot) for line in gzip.decompress(path.read_bytes()).splitlines()]


def same_as_alone(folder, made, alone):
    """Hold that a folder says what the archive of one machine says."""
    listed, damaged, hits = alone
    stored = {snapshot.id: snapshot for path in sorted(folder.glob("articles/*")) for snapshot in lines(path)}
    for snapshot in listed:
        found = stored[snapshot.id]
        assert (found.article, found.item, found.captured_at) == (snapshot.article, snapshot.item, snapshot.captured_at)
        assert (found.url, found.digest, found.via, found.zone) == (snapshot.url, snapshot.digest, None, None)
    assert made.listed == len(listed)
    assert made.damaged == damaged
    assert made.damage == 1
    texts = {snapshot.id: text_of(snapshot.article) for snapshot in listed}
    pairs = [(a, b) for a, b in combinations(sorted(texts), 2) if shared(texts[a], texts[b])]
    ranks = {identity: rank for rank, identity in enumerate(sorted(texts))}
    by_rank = sorted(texts)
    groups = copying.groups([(ranks[a], ranks[b]) for a, b in pairs])
    expected = sorted(sorted(by_rank[rank] for rank in group) for group in groups)
    copies = [json.loads(line)["copies"] for line in (folder / "copies.jsonl").read_text(encoding="utf-8").splitlines()]
    assert sorted(map(sorted, copies)) == expected
    assert len(copies) == made.copies > 5
    shards = Shards(sorted((folder / "index").iterdir()), Words(()))
    for query, ids in hits.items():
        found = shards.search(query, Wanted(limit=100))
        assert sorted(identity for identity, _ in found.hits) == sorted(ids)


def test_files_in_parts_say_what_one_machine_says(files, alone, tmp_path, ray_cluster, monkeypatch):
    monkeypatch.setattr(indexing, "DOCUMENTS", 25)
    folder = tmp_path / "lake"
    pattern = f"{files[0].parent}/*.warc.gz"
    made = process_on_ray([pattern], str(folder), address=ray_cluster.address)
    assert made.captures == 83
    assert len(made.shards) > 1
    assert sum(made.shards) == made.listed
    assert sorted(path.name for path in folder.iterdir()) == ["articles", "copies.jsonl", "index", "manifest.json"]
    same_as_alone(folder, made, alone)
    with pytest.raises(BadFile, match="there is something in"):
        process_on_ray([pattern], str(folder), address=ray_cluster.address)


@pytest.mark.parametrize("harm", ["workers", "node"])
def test_a_worker_that_is_lost_midway_changes_nothing(files, alone, tmp_path, ray_cluster, harm):
    folder, stages, harmed = tmp_path / "lake", [], []

    def told(what, percent):
        if what:
            stages.append(what)
        elif stages[-1] == "reading" and 0 < percent < 100 and not any(harmed):
            harmed.append(ray_cluster.harm(harm))

    made = process_on_ray([str(path) for path in files], str(folder), address=ray_cluster.address, told=told)
    assert any(harmed)
    assert stages == ["reading", "comparing", "indexing"]
    same_as_alone(folder, made, alone)


def test_what_is_no_warc_file_is_told_and_nothing_stays(files, tmp_path, ray_cluster):
    other = tmp_path / "other.warc.gz"
    other.write_bytes(b"no records here")
    with pytest.raises(BadFile, match="no WARC"):
        process_on_ray([str(files[0]), str(other)], str(tmp_path / "lake"), address=ray_cluster.address)
    assert [path.name for path in tmp_path.iterdir()] == ["other.warc.gz"]


def test_what_is_stored_is_read_again_on_a_cluster_and_written_by_one(tmp_path, ray_cluster, monkeypatch):
    monkeypatch.setattr(again, "PART", 4)
    with Archive.open(tmp_path / "home", tagger=lambda article: [], entity_names=()) as archive:
        path = tmp_path / "some.warc.gz"
        write_warc(path, news(14), FIRST)
        Importer(archive.take_many, Origin(), None).run(path)
        before = archive.recent(100)
        blank = Article(extractor="0", title="older rules")
        with archive._catalogue.writing():
            for snapshot in before:
                archive._catalogue.replace(snapshot.id, blank, [], 0)
        done = []
        with cluster.joined(ray_cluster.address) as joined:
            reader = again.Again(joined)
            count = archive.process(reader=reader, progress=lambda *told: done.append(told))
        assert reader.batch % (4 * 4) == 0
        assert archive.recent(100) == before
        assert archive.verify() == []
    assert count == len(done) == archive_count(before)


def archive_count(listed):
    """How many snapshots there are: the versions of what is listed."""
    return sum(snapshot.version for snapshot in listed)


@given(st.lists(st.tuples(st.integers(0, 12), st.integers(0, 12)).filter(lambda pair: pair[0] != pair[1])))
def test_groups_are_what_pairs_connect(pairs):
    found = copying.groups(pairs)
    assert sorted(number for group in found for number in group) == sorted({n for pair in pairs for n in pair})
    of = {number: place for place, group in enumerate(found) for number in group}
    assert all(of[one] == of[other] for one, other in pairs)
    for group in found:
        reached, waiting = {group[0]}, [group[0]]
        while waiting:
            here = waiting.pop()
            near = {n for pair in pairs if here in pair for n in pair} - reached
            reached |= near
            waiting += near
        assert reached == set(group)


@given(st.lists(st.integers(1, 90), max_size=20))
def test_shares_hold_every_part_once_and_in_order(counts):
    given_counts = [(part * 2, count) for part, count in enumerate(counts)]
    found = indexing.shares(given_counts)
    assert [share.number for share in found] == list(range(len(found)))
    held = [[part for part, _ in given_counts if share.first <= part <= share.last] for share in found]
    assert [part for parts in held for part in parts] == [part for part, _ in given_counts]
