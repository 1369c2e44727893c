"""What was taken down stays so when the catalogue is made anew."""

from __future__ import annotations

import shutil
from datetime import timedelta

import pytest

from licet.archive import Archive
from licet.errors import TakenDown
from tools.takedowns import LATER


def known(archive):
    rows = archive._catalogue.rows("SELECT id, version, state, latest, ground, state_at FROM snapshots ORDER BY id")
    cases = [(c.reference, c.status, c.snapshots, c.ground) for c in archive.takedowns.cases()]
    return rows, cases, [s.id for s in archive.recent(99)], archive.takedowns.holds()


@pytest.mark.parametrize("lost", [True, False])
@pytest.mark.parametrize("erase", [True, False])
def test_hidden_and_erased_snapshots_stay_so(opened, granted, home, lost, erase):
    granted(opened.first.id)
    opened.takedowns.hold(opened.other.id, by="counsel", at=LATER, reason="a case is pending")
    if erase:
        assert opened.takedowns.erase(LATER + timedelta(days=400)).erased == (opened.first.id,)
    before = known(opened.archive)
    assert opened.archive.verify() == []
    opened.archive.close()
    if lost:
        for path in (home / "archive").glob("catalogue.sqlite*"):
            path.unlink()
        shutil.rmtree(home / "archive" / "index")
    with Archive.open(home) as archive:
        assert archive.rebuild().lost == []
        assert known(archive) == before
        assert archive.verify() == []
        with pytest.raises(TakenDown):
            archive.snapshot(opened.first.id)
        assert archive.snapshot(opened.second.id).version == 2
