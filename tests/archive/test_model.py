"""The store against a model of it: any order of captures, of restarts, of torn writes and of rebuilds."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from licet.archive import Archive
from tools.captures import URL, exchange, later, page, state

SITES = st.integers(0, 1)
HOURS = st.integers(0, 12)
TEXTS = st.integers(0, 2)
NOTES = st.integers(0, 1)


class Store(RuleBasedStateMachine):
    """Visits are remembered as (hour, text, note); texts by the hours at which they were seen."""

    @initialize()
    def begin(self):
        self.home = Path(tempfile.mkdtemp())
        self.archive = Archive.open(self.home)
        self.visits: dict[int, dict[tuple[int, int, int], str]] = {0: {}, 1: {}}
        self.hidden: set[tuple[int, int]] = set()

    def teardown(self):
        assert self.archive.verify() == []
        self.archive.close()
        shutil.rmtree(self.home)

    @rule(site=SITES, hour=HOURS, text=TEXTS, note=NOTES)
    def take(self, site, hour, text, note):
        known = self.visits[site]
        taken = self.archive.take(self._page(site, text, note), at=later(hour))
        if (text, note) in {(t, n) for _, t, n in known}:
            expected = "same bytes"
        elif text in {t for _, t, _ in known}:
            expected = "same text"
        else:
            expected = "version" if known else "new"
        assert taken.outcome == expected
        first = next((identity for (_, t, _), identity in known.items() if t == text), taken.snapshot.id)
        assert taken.snapshot.id == first
        known.setdefault((hour, text, note), first)

    @rule(site=SITES, text=TEXTS)
    def hide(self, site, text):
        for (_, t, _), identity in self.visits[site].items():
            if t == text:
                hide = (site, text) not in self.hidden
                with self.archive._catalogue.writing():
                    self.archive._catalogue.set_state(identity, "hidden" if hide else "public")
                (self.hidden.add if hide else self.hidden.remove)((site, text))
                return

    @rule()
    def reopen(self):
        self.archive.close()
        self.archive = Archive.open(self.home)

    @rule(rest=st.binary(min_size=1, max_size=40))
    def tear(self, rest):
        for path in (self.home / "archive" / "warc").glob("*.warc.gz"):
            with path.open("ab") as stream:
                stream.write(rest)

    @precondition(lambda self: not self.hidden)  # what hides is told by takedowns, not by this test
    @rule()
    def rebuild(self):
        before = state(self.archive)
        self.archive.rebuild()
        assert state(self.archive) == before

    @invariant()
    def what_is_asked_is_what_was_taken(self):
        if not hasattr(self, "archive"):
            return
        for site, known in self.visits.items():
            shown = {key: i for key, i in known.items() if (site, key[1]) not in self.hidden}
            found = self.archive.captures_of(self._url(site))
            assert sorted((m.at, m.snapshot) for m in found) == sorted((later(h), i) for (h, _, _), i in shown.items())
            latest = self.archive.by_address(self._url(site))
            newest = max((hour for hour, _, _ in shown), default=None)
            assert (latest is None) == (newest is None)
            if latest:
                assert latest.id in {i for (hour, _, _), i in shown.items() if hour == newest}
                versions = self.archive.versions(latest.id)
                assert {v.id for v in versions} == set(shown.values())
                assert [v.version for v in versions] == sorted(v.version for v in versions)
                assert [v.captured_at for v in versions] == sorted(v.captured_at for v in versions)

    def _page(self, site, text, note):
        return page(f"第{text}次盘点:{site}号仓库完成了年度盘点", url=self._url(site), note=str(note))

    @staticmethod
    def _url(site):
        return f"{URL}/{site}"


class Visited(Store):
    """The same with answers of 304, which are visits of what was seen last."""

    @precondition(lambda self: any(self.visits.values()))
    @rule(site=SITES)
    def not_modified(self, site):
        known = self.visits[site]
        if not known:
            return
        last = self.archive._captures.last(self._url(site))
        self.archive.not_modified(self._url(site), at=later(40), exchange=exchange("304 Not Modified"))
        text, note = next((t, n) for _, t, n in known if self._page(site, t, n).digest == last.digest)
        if not any(hour == 40 for hour, _, _ in known):
            known[40, text, note] = last.snapshot

    @rule(site=SITES, hour=HOURS, text=TEXTS, note=NOTES)
    def take(self, site, hour, text, note):
        super().take(site, hour, text, note)


TestStore = Store.TestCase
TestStore.settings = settings(max_examples=12, stateful_step_count=12, deadline=None)
TestVisited = Visited.TestCase
TestVisited.settings = settings(max_examples=8, stateful_step_count=12, deadline=None)
