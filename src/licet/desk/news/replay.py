"""Replay: captured pages behind our banner, neutralised, and as captured; Memento's TimeGate and TimeMap."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from litestar import Request, Response, get, route
from litestar.datastructures import Cookie
from litestar.di import NamedDependency
from litestar.params import FromPath

from licet.archive.replaying import addresses, memento
from licet.archive.replaying.moments import header_date, read_date, read_stamp, stamp
from licet.desk.news.captured import Answered, answer
from licet.desk.news.places import behind, root_of
from licet.desk.problems import for_api, licet_error
from licet.desk.render import page
from licet.desk.security import FRAMED
from licet.desk.state import Desk
from licet.desk.tongue import COOKIE, COOKIE_SECONDS
from licet.errors import BadInput, NotAcceptable, UnknownName
from licet.i18n import LANGUAGES

if TYPE_CHECKING:
    import datetime as dt

    from licet.archive.model import Memento

READ = ("GET", "HEAD")
_SHORT = 3600


@route("/news/replay/{rest:path}", http_method=READ, include_in_schema=False, sync_to_thread=False)  # type: ignore[arg-type]
def replay_page(request: Request[Any, Any, Any], desk: NamedDependency[Desk], rest: FromPath[str]) -> Response[Any]:
    """Replay the capture that is nearest to the time in the address."""
    del rest  # read as it was sent, not decoded
    asked = addresses.read(behind(request, addresses.ROOT))
    wanted = read_stamp(asked.stamp)
    found = desk.archive.mementos(asked.url)
    if not found:
        return _missing(request, desk, asked.url)
    moments = [visit.at for visit in found]
    here = memento.nearest(moments, wanted)
    chosen = found[here]
    headers = {
        "memento-datetime": header_date(chosen.at),
        "link": memento.links(asked.url, moments, here, root_of(request, desk)),
        "x-robots-tag": "noindex",
    }
    exact = stamp(chosen.at)
    if asked.modifier in ("", "id_", "mp_") and exact != asked.stamp:
        return _redirect(addresses.replay(asked.url, exact, asked.modifier), {"link": headers["link"]})
    if asked.modifier:
        return answer(desk, Answered(chosen, asked, root_of(request, desk)), headers)
    return _banner(request, desk, asked.url, moments, here, chosen, headers)


def _banner(  # noqa: PLR0913, PLR0917 - what the banner says
    request: Request[Any, Any, Any],
    desk: Desk,
    url: str,
    moments: list[dt.datetime],
    here: int,
    chosen: Memento,
    headers: dict[str, str],
) -> Response[Any]:
    def led(at: int) -> str:
        return addresses.replay(url, stamp(moments[at])) if 0 <= at < len(moments) else ""

    found = page(
        request,
        desk,
        "replay.html",
        url=url,
        at=chosen.at,
        snapshot=chosen.snapshot,
        frame=addresses.replay(url, stamp(chosen.at), "mp_"),
        raw=addresses.replay(url, stamp(chosen.at), "id_"),
        lookup=url,
        count=len(moments),
        number=here + 1,
        earlier=led(here - 1),
        later=led(here + 1),
    )
    found.headers.update({**headers, "content-security-policy": FRAMED})
    return found


def _missing(request: Request[Any, Any, Any], desk: Desk, url: str) -> Response[Any]:
    if for_api(request) or "text/html" not in request.headers.get("accept", "text/html"):
        raise UnknownName(
            "nothing that may be replayed was captured at this address", fix="look for another form of it"
        )
    return page(request, desk, "replay_missing.html", status=404, url=url)


def _redirect(path: str, headers: dict[str, str]) -> Response[Any]:
    return Response(None, status_code=302, headers={**headers, "location": path})


@route("/news/timegate/{rest:path}", http_method=READ, include_in_schema=False, sync_to_thread=False)  # type: ignore[arg-type]
def timegate(request: Request[Any, Any, Any], desk: NamedDependency[Desk], rest: FromPath[str]) -> Response[Any]:
    """Lead to the capture nearest to ``Accept-Datetime``, the latest without one (RFC 7089, pattern 2.1)."""
    del rest
    url = addresses.original(behind(request, addresses.TIMEGATE))
    given = request.headers.get("accept-datetime")
    vary = {"vary": "accept-datetime"}
    try:
        wanted = read_date(given) if given is not None else None
        found = desk.archive.mementos(url)
        if not found:
            raise UnknownName("nothing was captured at this address", fix="look for another form of it")
    except BadInput as error:
        refused = licet_error(request, error)
        refused.headers.update(vary)
        return refused
    moments = [visit.at for visit in found]
    here = memento.nearest(moments, wanted)
    headers = {**vary, "link": memento.links(url, moments, None, root_of(request, desk))}
    return _redirect(root_of(request, desk) + addresses.replay(url, stamp(moments[here])), headers)


@route("/news/timemap/{rest:path}", http_method=READ, include_in_schema=False, sync_to_thread=False)  # type: ignore[arg-type]
def timemap(request: Request[Any, Any, Any], desk: NamedDependency[Desk], rest: FromPath[str]) -> Response[Any]:
    """List the captures of an address: ``/link/…`` in link format, ``/json/…`` as JSON, else as ``Accept`` says."""
    del rest
    sent = behind(request, addresses.TIMEMAP)
    form, number, url = _which(request, sent)
    moments = [visit.at for visit in desk.archive.mementos(url)]
    if not moments or not 1 <= number <= memento.pages_of(len(moments)):
        raise UnknownName("nothing was captured at this address, or not so many pages", fix="check the address")
    root = root_of(request, desk)
    headers = {"vary": "accept", "cache-control": f"max-age={_SHORT}"}
    if form == "json":
        body = json.dumps(memento.timemap_data(url, moments, root, number), ensure_ascii=False, indent=1)
        return Response(body.encode(), headers={**headers, "content-type": "application/json"})
    text = memento.timemap_text(url, moments, root, number)
    return Response(text.encode("ascii", "replace"), headers={**headers, "content-type": memento.LINK_FORMAT})


def _which(request: Request[Any, Any, Any], sent: str) -> tuple[str, int, str]:
    """Return the form, the page and the original address that the address of a TimeMap names."""
    form, _, rest = sent.partition("/")
    if form not in ("link", "json"):
        return _acceptable(request), 1, addresses.original(sent)
    first, _, behind_it = rest.partition("/")
    if first.isascii() and first.isdigit() and len(first) < 7 and behind_it:
        return form, int(first), addresses.original(behind_it)
    return form, 1, addresses.original(rest)


def _acceptable(request: Request[Any, Any, Any]) -> str:
    accepts = request.headers.get("accept", "*/*").lower()
    if memento.LINK_FORMAT in accepts or "*/*" in accepts or "application/*" in accepts:
        return "link"
    if "json" in accepts:
        return "json"
    raise NotAcceptable("a TimeMap comes as application/link-format or as JSON", fix="ask for one of these")


@get("/news/in/{code:str}/{rest:path}", include_in_schema=False, sync_to_thread=False)
def replay_in(request: Request[Any, Any, Any], code: FromPath[str], rest: FromPath[str]) -> Response[Any]:
    """Choose the language of the banner: the query of a replayed page is its own."""
    del rest
    if code not in LANGUAGES:
        raise UnknownName("the desk does not speak this language", fix=f"choose one of {', '.join(LANGUAGES)}")
    found = _redirect(addresses.ROOT + behind(request, f"/news/in/{code}/"), {})
    found.cookies.append(
        Cookie(key=COOKIE, value=code, max_age=COOKIE_SECONDS, path="/", samesite="lax", httponly=True)
    )
    return found


HANDLERS = (replay_page, timegate, timemap, replay_in)
