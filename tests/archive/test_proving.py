import datetime as dt
import json

import pytest

from licet.archive import Archive
from licet.archive.subscribing import Wanted

AT = dt.datetime(2025, 3, 1, 9, tzinfo=dt.UTC)
PAGE = """<!doctype html><html lang="en"><head><title>Quay {number} reopens</title></head><body><article>
<h1>Quay {number} reopens</h1><p>March 1, 2025</p><p>The harbor office reopened quay {number} after the cranes had been
inspected, and eleven ships that had waited outside were given berths in the order of their arrival.</p>
<p>Carriers were told on Friday; the tug crews worked through the night to bring the first of them in.</p>
</article></body></html>"""


@pytest.fixture
def kept(tmp_path):
    made = []
    for number in (1, 2):
        path = tmp_path / f"{number}.html"
        path.write_text(PAGE.format(number=number), encoding="utf-8")
        with Archive.open(tmp_path) as archive:
            made.append(archive.add_file(path, at=AT, url=f"https://harbor.example/{number}").id)
    return tmp_path, made


def test_a_record_and_its_entry_are_read_now(kept):
    home, made = kept
    with Archive.open(home) as archive:
        proofs = [archive.proof(identity) for identity in made]
        places = [archive.place_of(identity) for identity in made]
    assert [proof.whole for proof in proofs] == [True, True]
    assert [(proof.warc, proof.offset) for proof in proofs] == [(place.file, place.offset) for place in places]
    lines = (home / "journal" / "journal.jsonl").read_text(encoding="utf-8").splitlines()
    for proof in proofs:
        entry = json.loads(lines[proof.sequence - 1])
        assert (entry["digest"], entry["payload"]["digest"]) == (proof.entry, proof.digest)


def test_a_damaged_record_is_said_and_not_raised(kept):
    home, made = kept
    with Archive.open(home) as archive:
        place = archive.place_of(made[0])
        path = home / "archive" / "warc" / place.file
        data = bytearray(path.read_bytes())
        data[place.offset + place.length // 2] ^= 0xFF
        path.write_bytes(bytes(data))
        assert not archive.proof(made[0]).whole
        assert archive.proof(made[0]).trouble
        assert archive.proof(made[1]).whole


def test_a_changed_entry_breaks_the_proof(kept):
    home, made = kept
    with Archive.open(home) as archive:
        path = home / "journal" / "journal.jsonl"
        text = path.read_text(encoding="utf-8")
        path.write_text(text.replace("https://harbor.example/1", "https://harbor.example/9"), encoding="utf-8")
        proof = archive.proof(made[0])
    assert not proof.trouble
    assert not proof.whole


def test_subscriptions_are_there_after_a_rebuild(kept):
    home, _ = kept
    with Archive.open(home) as archive:
        token = archive.subscriptions.make([Wanted(query="quay")], on=AT.date())
        archive.rebuild()
        assert archive.subscriptions.get(token).wishes == (Wanted(query="quay"),)
