from types import SimpleNamespace

import pytest

from licet.archive.collecting.queue import Queue
from licet.archive.collecting.sources import Duration, Source, Sources
from tools.certificate import make_certificate
from tools.virtual import Web


class Kept:
    """Stands for the archive: remembers what it was given, and says what became of it as the archive does."""

    def __init__(self):
        self.takes = []
        self.unchanged = []
        self.bodies = {}

    def take(self, capture, *, at, **known):
        before = self.bodies.get(capture.url)
        self.bodies[capture.url] = capture.payload
        outcome = "new" if before is None else "same bytes" if before == capture.payload else "version"
        self.takes.append(SimpleNamespace(capture=capture, at=at, outcome=outcome, **known))
        return SimpleNamespace(outcome=outcome, snapshot=SimpleNamespace(id=f"id{len(self.takes)}"))

    def not_modified(self, url, *, at, exchange):
        self.unchanged.append((url, at))

    def captures_of(self, url):
        return [SimpleNamespace(at=take.at.replace(microsecond=0)) for take in self.takes if take.capture.url == url]


@pytest.fixture
def kept():
    return Kept()


@pytest.fixture
def web():
    return Web()


@pytest.fixture
def queue(tmp_path):
    with Queue(tmp_path / "archive") as opened:
        yield opened


def source(kind="feed", address="https://news.example/feed", *, name="news", **values):
    spans = ("every", "most", "page_every", "page_most", "page_until", "delay")
    values = {key: Duration(value) if key in spans else value for key, value in values.items()}
    return Source(name=name, kind=kind, addresses=(address,), **{"requisites": False, **values})


@pytest.fixture
def sources():
    """Make sources: ``sources(source, …)``."""

    def made(*given, **values):
        return Sources(sources=given, **values)

    made.one = source
    return made


@pytest.fixture(scope="session")
def certificate(tmp_path_factory):
    """A key and a certificate of the host that speaks HTTP/2."""
    return make_certificate("h2.example", tmp_path_factory.mktemp("certificate") / "h2.pem")
