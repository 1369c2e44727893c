"""The law from the cache is the law that would be read; what changed, or is not sound, is read anew."""

from __future__ import annotations

import datetime as dt
import os
import subprocess
import sys

import msgspec
import pytest

from licet import cache, statutes
from licet.errors import LawError
from licet.home import law_folder
from licet.statutes import Query, Statutes, stored
from licet.statutes.library import law_files, made_of
from licet.statutes.parsed import Kept, Parsed

SYSTEM = "test-law"
DAY = "2025-01-01"


@pytest.fixture(autouse=True)
def kept_in(tmp_path, monkeypatch):
    monkeypatch.setenv("LICET_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


@pytest.fixture
def made(monkeypatch):
    """How often the law was read from its files."""
    times = []
    monkeypatch.setattr(stored, "made_of", lambda files: times.append(1) or made_of(files))
    return times


def read(folder, overlay=None):
    return stored.read(law_files(folder.path, overlay))


def condition(loaded, name="a", on=DAY):
    return loaded.law(Query(on=dt.date.fromisoformat(on), system=SYSTEM)).clauses[name].form.when


def test_the_second_reading_comes_from_the_cache_and_is_the_same_law(folder, clause, members, made):
    folder.act("x", DAY, members("s", "members: [CH]"), clause("a", "tpp > 1 AND destination IN s"))
    first, second = read(folder), read(folder)
    assert len(made) == 1
    assert second.library.systems == first.library.systems
    assert second.vocabulary.facts == first.vocabulary.facts
    assert second.vocabulary.source.at("facts.tpp.unit") == first.vocabulary.source.at("facts.tpp.unit")


def test_the_whole_law_from_the_cache_is_the_whole_law_as_read():
    files = law_files(law_folder())
    fresh = Statutes(made_of(files))
    stored.read(files)
    kept = stored.read(files)
    assert kept.library.systems == fresh.library.systems
    for system in fresh.library.systems:
        for day in fresh.days_of_change(system):
            for basis in ("written", "enforced"):
                query = Query(on=day, system=system, basis=basis)
                ours, theirs = kept.law(query), fresh.law(query)
                assert ours.digest == theirs.digest
                assert ours.conditions == theirs.conditions
                assert (ours.limits, ours.derived, ours.assumed) == (theirs.limits, theirs.derived, theirs.assumed)


def test_a_kept_law_needs_no_parser(folder, clause, made, monkeypatch):
    folder.act("x", DAY, clause("a", "tpp > 1"))
    read(folder)
    loaded = read(folder)
    monkeypatch.setattr("licet.clauses.parse.condition", None)
    monkeypatch.setattr("yaml.compose", None)
    assert condition(loaded) == "tpp > 1"


def test_an_edit_of_a_file_is_read_also_when_its_size_and_time_stay(folder, clause, made):
    folder.act("x", DAY, clause("a", "tpp > 1"))
    path = folder.path / SYSTEM / "x.yaml"
    before = path.stat()
    assert condition(read(folder)) == "tpp > 1"
    path.write_text(path.read_text(encoding="utf-8").replace("tpp > 1", "tpp > 2"), encoding="utf-8")
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert path.stat().st_size == before.st_size
    assert condition(read(folder)) == "tpp > 2"
    assert len(made) == 2


@pytest.mark.parametrize("change", ["add", "rename", "remove", "vocabulary"])
def test_any_other_change_of_the_folder_is_read(folder, clause, made, change):
    folder.act("x", DAY, clause("a", "tpp > 1")).act("y", DAY, clause("b", "tpp > 1"))
    read(folder)
    path = folder.path / SYSTEM / "y.yaml"
    if change == "add":
        folder.act("z", DAY, clause("c", "tpp > 1"))
    elif change == "rename":
        path.rename(path.with_name("w.yaml"))
    elif change == "remove":
        path.unlink()
    else:
        vocabulary = folder.path / "vocabulary.yaml"
        vocabulary.write_text(vocabulary.read_text(encoding="utf-8") + "# a remark\n", encoding="utf-8")
    read(folder)
    assert len(made) == 2


def test_the_private_acts_are_part_of_the_key(folder, clause, made, tmp_path):
    folder.act("x", DAY, clause("a", "tpp > 1"))
    private = tmp_path / "private"
    (private / SYSTEM).mkdir(parents=True)
    assert set(read(folder, private).law(Query(on=dt.date(2025, 1, 1), system=SYSTEM)).clauses) == {"a"}
    letter = (folder.path / SYSTEM / "x.yaml").read_text(encoding="utf-8")
    path = private / SYSTEM / "letter.yaml"
    path.write_text(letter.replace("act: x", "act: letter").replace("clause: a", "clause: mine"), encoding="utf-8")
    assert set(read(folder, private).law(Query(on=dt.date(2025, 1, 1), system=SYSTEM)).clauses) == {"a", "mine"}
    path.write_text(path.read_text(encoding="utf-8").replace("tpp > 1", "tpp > 3"), encoding="utf-8")
    assert condition(read(folder, private), "mine") == "tpp > 3"
    assert set(read(folder).law(Query(on=dt.date(2025, 1, 1), system=SYSTEM)).clauses) == {"a"}
    assert len(made) == 3  # the last is the first again: without private acts


def test_load_follows_the_private_acts_of_the_data_folder(licet_home):
    path = licet_home / "law" / "us-ear" / "letter.yaml"
    path.parent.mkdir(parents=True)

    def acts():
        statutes._load.cache_clear()  # as another process would
        return {act.id for act in statutes.load().acts()}

    without = acts()
    source = law_folder() / "us-ear" / "2022-10-07-advanced-computing.yaml"
    head = source.read_text(encoding="utf-8").partition("amendments:")[0].splitlines()
    path.write_text("\n".join(["act: our-letter", *(line for line in head if not line.startswith("act:"))]))
    assert acts() - without == {"our-letter"}
    path.unlink()
    assert acts() == without
    statutes._load.cache_clear()


def test_another_program_or_another_parser_reads_anew(folder, clause, made, monkeypatch):
    folder.act("x", DAY, clause("a", "tpp > 1"))
    read(folder)
    monkeypatch.setattr(cache, "code", lambda package: b"another program")
    read(folder)
    monkeypatch.setattr(cache, "library", lambda name: b"another version")
    read(folder)
    read(folder)
    assert len(made) == 3


def test_a_program_that_cannot_be_read_keeps_nothing(folder, clause, made, monkeypatch, kept_in):
    def unreadable(package):
        raise OSError(2, "No such file or directory")

    folder.act("x", DAY, clause("a", "tpp > 1"))
    monkeypatch.setattr(cache, "code", unreadable)
    assert condition(read(folder)) == condition(read(folder)) == "tpp > 1"
    assert (len(made), kept_in.exists()) == (2, False)


@pytest.mark.parametrize(
    "payload", [b"", b"\xc1", msgspec.msgpack.encode([1, 2]), msgspec.msgpack.encode({"facts": {}}), b"\x80" * 1000]
)
def test_what_is_kept_under_the_key_but_is_no_law_is_read_anew(folder, clause, made, payload):
    folder.act("x", DAY, clause("a", "tpp > 1"))
    key = stored._key(law_files(folder.path))
    cache.save(stored.KIND, key, lambda: payload)
    assert condition(read(folder)) == "tpp > 1"
    assert condition(read(folder)) == "tpp > 1"
    assert len(made) == 1


def test_an_amendment_without_a_form_is_read_anew(folder, clause, made):
    folder.act("x", DAY, clause("a", "tpp > 1"))
    files = law_files(folder.path)
    law = stored._frozen(Statutes(made_of(files)))
    act = law.systems[SYSTEM][0]
    empty = msgspec.structs.replace(act, amendments=(stored._Amendment(),))
    broken = msgspec.structs.replace(law, systems={SYSTEM: (empty,)})
    cache.save(stored.KIND, stored._key(files), lambda: msgspec.msgpack.encode(broken))
    assert condition(read(folder)) == "tpp > 1"
    assert len(made) == 1


def test_a_kept_expression_that_is_none_is_parsed_from_its_text(folder):
    loaded = folder.act("x", DAY).statutes()
    names = loaded.parsed(SYSTEM).names
    for junk in ({"Nothing": []}, {"FactTerm": ["tpp", "number"]}, [], None):
        parsed = Parsed(loaded.vocabulary, names, Kept({"tpp > 1": junk}, {}))
        assert parsed.condition("tpp > 1", "") == loaded.parsed(SYSTEM).condition("tpp > 1", "")


def test_errors_name_file_and_line_whether_or_not_the_law_was_kept(folder, clause):
    folder.act("x", DAY, clause("a", "tpp > 1"), clause("b", "nothing > 1"))
    for _ in range(2):
        loaded = read(folder)  # the file has the form of a law; its second condition is wrong
        with pytest.raises(LawError, match=r"x\.yaml:11: 'nothing' is no fact"):
            condition(loaded)
    folder.text("y.yaml", "act: [")
    for _ in range(2):
        with pytest.raises(LawError, match=r"y\.yaml:\d+: not YAML"):
            read(folder)


def test_a_folder_with_an_odd_name_is_read(folder, clause, made):
    odd = folder.path / os.fsdecode(b"odd\xff")
    odd.mkdir()
    act = (folder.act("x", DAY, clause("a", "tpp > 1")).path / SYSTEM / "x.yaml").read_bytes()
    (odd / "z.yaml").write_bytes(act.replace(b"act: x", b"act: z").replace(b"clause: a", b"clause: z"))
    for _ in range(2):
        assert condition(read(folder)) == "tpp > 1"


def test_processes_that_start_at_once_on_an_empty_cache_all_answer(kept_in):
    code = (
        "from licet import statutes; from licet.home import law_folder; import datetime as dt;"
        "print(statutes.load(law_folder()).law(statutes.Query(on=dt.date(2025, 6, 2))).digest)"
    )
    environment = {**os.environ, "LICET_CACHE": str(kept_in)}
    started = [
        subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, env=environment, text=True)
        for _ in range(4)
    ]
    told = {process.communicate()[0] for process in started}
    assert told == {Statutes(made_of(law_files(law_folder()))).law(Query(on=dt.date(2025, 6, 2))).digest + "\n"}
    assert len(list(kept_in.glob("law-*"))) == 1
    assert list(kept_in.glob(".*")) == []
