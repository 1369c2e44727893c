import os
import random
import resource
import signal
import subprocess
import sys
import textwrap
import time

import pytest

from licet.archive import Article
from licet.archive.finding.index import SearchIndex
from licet.archive.finding.schema import Entry
from licet.archive.finding.searching import Searcher, Wanted
from licet.archive.finding.shards import Shards, build, join
from licet.archive.finding.suggestions import complete, meant
from licet.archive.finding.terms import Words
from licet.errors import ArchiveError, BadFile

WORDS = Words(["东港浮吊联合体"])
LETTERS = "港口仓库盘点浮吊检修装卸码头货轮堆场道闸"


def entry(number, body="", title=""):
    rng = random.Random(number)  # noqa: S311 - a made corpus
    return Entry(f"id{number:06}", Article(title=title, body=body or "".join(rng.choices(LETTERS, k=40))), number)


@pytest.fixture
def index(tmp_path):
    return SearchIndex(tmp_path / "index", WORDS)


def ids(index, query, **wanted):
    return {identity for identity, _ in Searcher([index]).search(query, Wanted(**wanted)).hits}


def test_entries_are_replaced_and_dropped(index):
    assert index.fresh
    assert index.add([entry(1, "港口"), entry(2, "仓库")]) == ["id000001", "id000002"]
    index.add([entry(1, "浮吊")], dropping=["id000002"])
    assert (ids(index, "港口"), ids(index, "仓库"), ids(index, "浮吊")) == (set(), set(), {"id000001"})
    index.add([entry(3, "港口")], afresh=True)
    assert (index.count(), ids(index, "港口")) == (1, {"id000003"})
    assert not SearchIndex(index.folder, WORDS).fresh


def test_another_process_sees_what_was_committed(index):
    reader = SearchIndex(index.folder, WORDS)
    index.add([entry(1, "港口")])
    assert ids(reader, "港口") == {"id000001"}


WRITER = textwrap.dedent("""
    import sys
    from pathlib import Path
    from licet.archive import Article
    from licet.archive.finding.index import SearchIndex
    from licet.archive.finding.schema import Entry
    from licet.archive.finding.terms import Words
    index = SearchIndex(Path(sys.argv[1]), Words())
    for batch in range(1000):
        index.add([Entry(f"b{batch}n{n}", Article(body="港口仓库" * 20), n) for n in range(50)])
        print(batch, flush=True)
""")


@pytest.mark.parametrize("batches", [1, 3, 6])
def test_a_killed_writer_leaves_the_last_commit(tmp_path, batches):
    index = SearchIndex(tmp_path / "index", WORDS)
    command = [sys.executable, "-c", WRITER, str(index.folder)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as writer:
        seen = [writer.stdout.readline() for _ in range(batches)]
        time.sleep(0.004 * batches)
        os.kill(writer.pid, signal.SIGKILL)
    again = SearchIndex(index.folder, WORDS)
    assert not again.fresh
    assert again.count() >= 50 * len(seen)
    assert again.count() % 50 == 0
    again.add([entry(1, "后来")])
    assert ids(again, "后来") == {"id000001"}


FULL = textwrap.dedent("""
    import resource, signal, sys
    from pathlib import Path
    from licet.archive import Article
    from licet.archive.finding.index import SearchIndex
    from licet.archive.finding.schema import Entry
    from licet.archive.finding.terms import Words
    from licet.errors import ArchiveError
    index = SearchIndex(Path(sys.argv[1]), Words())
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))
    def texts():
        for n in range(2000):
            yield Entry(f"n{n}", Article(body="".join(chr(0x4e00 + (n * k) % 9000) for k in range(60))), n)
    try:
        index.add(texts())
    except ArchiveError as error:
        print(error.message, "|", error.fix)
""")


def test_a_full_disk_is_one_clear_error_and_the_index_recovers(index):
    index.add([entry(1, "港口")])
    done = subprocess.run(
        [sys.executable, "-c", FULL, str(index.folder)], capture_output=True, text=True, timeout=120, check=False
    )
    assert "the search index could not be written" in done.stdout, done.stderr
    assert "free some space" in done.stdout
    again = SearchIndex(index.folder, WORDS)
    assert ids(again, "港口") == {"id000001"}
    again.add([entry(2, "仓库")])
    assert again.count() == 2


def test_a_writer_that_never_ends_is_not_waited_for_for_ever(index, monkeypatch):
    monkeypatch.setattr("licet.archive.finding.index._BUSY_SECONDS", 0.1)
    held = index._writer()
    other = SearchIndex(index.folder, WORDS)
    assert other.add([entry(1)]) is None
    del held
    assert other.add([entry(1)]) == ["id000001"]


def test_an_iterator_that_fails_changes_nothing(index):
    index.add([entry(1, "港口")])

    def failing():
        yield entry(2, "仓库")
        raise ArchiveError("stop")

    with pytest.raises(ArchiveError, match="stop"):
        index.add(failing())
    assert index.count() == 1
    assert index.add([entry(3)]) == ["id000003"]


def test_memory_is_flat(tmp_path):
    index = SearchIndex(tmp_path / "index", WORDS)
    index.add([entry(number) for number in range(2000)])
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    index.add((entry(number) for number in range(12_000)), afresh=True)
    assert index.count() == 12_000
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 120_000


@pytest.fixture
def shards(tmp_path):
    entries = [entry(number) for number in range(1500)]
    single = tmp_path / "single"
    assert build(single, entries, WORDS) == 1500
    folders = [tmp_path / f"part{part}" for part in range(3)]
    for part, folder in enumerate(folders):
        build(folder, entries[part::3], WORDS)
    return single, folders


def overlap(one, other):
    same = total = 0
    for number in range(0, 1500, 15):
        query = entry(number).article.body[:14]
        first, second = (searcher.search(query, Wanted(limit=10)) for searcher in (one, other))
        assert first.total == second.total
        same += len({i for i, _ in first.hits} & {i for i, _ in second.hits})
        total += len(first.hits)
    return same / total


def test_shards_find_what_the_single_index_finds(shards):
    single, folders = shards
    assert overlap(Shards([single], WORDS), Shards(folders, WORDS)) >= 0.99


def test_joined_indexes_are_one(shards, tmp_path):
    single, folders = shards
    joined = tmp_path / "joined"
    join(folders, joined)
    assert overlap(Shards([single], WORDS), Shards([joined], WORDS)) >= 0.99
    index = SearchIndex(joined, WORDS)
    assert (index.count(), index.fresh) == (1500, False)
    index.add([entry(1, "后来的货轮")], dropping=["id000002"])
    assert index.count() == 1499
    with pytest.raises(BadFile, match="there already"):
        join(folders, joined)
    with pytest.raises(BadFile, match="no search index"):
        join([tmp_path], tmp_path / "other")


def test_words_titles_names_and_filters_are_completed(index):
    chips = [
        Entry(f"c{n}", Article(title="芯片出口", body="芯片 芯片", source="东港日报"), 0, ("chip:h100-sxm",))
        for n in range(3)
    ]
    more = [Entry("n", Article(body="东港浮吊联合体成立 chipset"), 0), Entry("t", Article(body="芯片组 chips"), 0)]
    index.add([*chips, *more])
    assert complete(index, "芯")[0] == "芯片"
    assert "芯片出口" in complete(index, "芯片")
    assert "东港浮吊联合体" in complete(index, "东港浮")
    assert set(complete(index, "出口 chip")) == {"出口 chipset"}
    assert complete(index, "source:东") == ["source:东港日报"]
    assert complete(index, "tag:c") == ["tag:chip:h100-sxm", "tag:chip:"]
    assert complete(index, "lang:") == ["lang:en", "lang:zh"]
    assert complete(index, "") == complete(index, "...") == []


def test_what_is_gone_is_not_suggested(index):
    index.add([Entry("a", Article(title="撤下的标题", body="撤下的正文", source="撤下社"), 0)])
    index.add([], dropping=["a"])
    for prefix in ("撤", "撤下的", "source:撤"):
        assert complete(index, prefix) == []
    assert meant(index, "撤上") is None


def test_what_was_meant(index):
    index.add([Entry(f"m{n}", Article(body="出口管制 semiconductor 港口"), 0) for n in range(3)])
    assert meant(index, "semiconducter") == "semiconductor"
    assert meant(index, "港囗 管制") == "港口 管制"
    assert meant(index, "港口") is None
    assert meant(index, "zzzzzz") is None
