from datetime import timedelta

import pytest

from licet.archive.collecting import submissions
from licet.archive.collecting.submissions import submit
from licet.errors import LicetError, LimitReached


def test_an_address_is_taken_once(tmp_path, at):
    assert submit(tmp_path, "https://n.example/1#c", at=at, sender="a") == ("https://n.example/1", "waiting")
    assert submit(tmp_path, "https://n.example/1?utm_source=x", at=at, sender="b").state == "known"


@pytest.mark.parametrize(
    "url",
    [
        "file:///etc/passwd",
        "http://127.0.0.1/",
        "http://localhost/",
        "http://[::1]/",
        "http://169.254.169.254/latest/meta-data/",
        "http://2130706433/",
        "http://0x7f000001/",
        "http://127.1/",
        "http://printer.local/",
        "http://intranet/",
        "http://user:pw@n.example/",
        "https://n.example:8443/",
        "https://n.example/" + "a" * 2000,
        "nonsense",
        "",
    ],
)
def test_what_a_reader_may_not_submit(tmp_path, at, url):
    with pytest.raises(LicetError) as raised:
        submit(tmp_path, url, at=at, sender="a")
    assert raised.value.fix or raised.value.message


def test_a_sender_is_limited_for_an_hour_and_is_not_kept_by_name(tmp_path, at):
    for number in range(submissions.PER_HOUR):
        submit(tmp_path, f"https://n.example/{number}", at=at, sender="reader-7")
    with pytest.raises(LimitReached, match="within the hour"):
        submit(tmp_path, "https://n.example/more", at=at, sender="reader-7")
    assert submit(tmp_path, "https://n.example/more", at=at, sender="reader-8").state == "waiting"
    assert submit(tmp_path, "https://n.example/later", at=at + timedelta(hours=1, seconds=1), sender="reader-7")
    assert b"reader-7" not in b"".join(path.read_bytes() for path in tmp_path.iterdir())


def test_the_queue_is_bounded(tmp_path, at, monkeypatch):
    monkeypatch.setattr(submissions, "WAITING", 3)
    for number in range(3):
        submit(tmp_path, f"https://n.example/{number}", at=at, sender=str(number))
    with pytest.raises(LimitReached, match="are waiting"):
        submit(tmp_path, "https://n.example/more", at=at, sender="x")
