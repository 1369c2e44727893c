"""Decision records at the desk: a page to print, a file that proves itself, and, by an officer, the journal's entry."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING, Annotated, Any
from urllib.parse import parse_qsl

from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.enums import RequestEncodingType
from litestar.params import Body, FromPath
from litestar.response import Redirect

from licet.desk import labels
from licet.desk.answer import Answering
from licet.desk.decided.questions import key_of, question_of
from licet.desk.forms import MOST_FIELDS, read_form
from licet.desk.otherwise import whole
from licet.desk.people.guards import checked_form, needs, who
from licet.desk.render import address, page
from licet.desk.seals import PARAMETER, asked, read_asked, read_seal
from licet.desk.state import Desk
from licet.desk.threads import threaded
from licet.desk.tongue import tongue_of
from licet.errors import BadFile, BadInput, UnknownName
from licet.evidence import records
from licet.evidence.checking import RECORDED, Held, check_record

if TYPE_CHECKING:
    from pathlib import Path

    from licet.desk.forms import Form
    from licet.desk.seals import Asked
    from licet.desk.tongue import Tongue

READS = needs("reader", "determinations")
WRITES = needs("officer", "determinations")
Sent = Annotated[dict[str, str], Body(media_type=RequestEncodingType.URL_ENCODED)]
LONGEST_QUESTION = 8000
_NAME = re.compile(r"[0-9a-f]{64}")
_FILE = "application/json"


@get("/record", include_in_schema=False)
@threaded
def record_page(request: Request[Any, Any, Any], desk: NamedDependency[Desk]) -> Response[Any]:
    """Show the record of the answer at an address, or give it as a file."""
    tongue = tongue_of(request)
    form, seal = read_asked(request, desk, tongue)
    whole(form)
    found = asked(desk, form, seal)
    if seal is None:
        return Redirect(address("/record", [*form.parameters(), (PARAMETER, str(found.seal))]), status_code=302)
    record = _made(desk, form, found)
    if request.query_params.get("format") == "json":
        return _file(record)
    return _page(request, desk, form, found, record, tongue)


@post("/records", include_in_schema=False, guards=[WRITES], status_code=200)
@threaded
def record_answer(request: Request[Any, Any, Any], desk: NamedDependency[Desk], data: Sent) -> Response[Any]:
    """Enter the record of an answer into the journal, and keep its file. The same record is entered once."""
    checked_form(request, data)
    form, found = posted(desk, data, tongue_of(request))
    record = _made(desk, form, found)
    name = record["digest"].removeprefix("sha256:")
    path = _path(desk, name)
    if not path.is_file():
        entry = desk.journal.append(
            RECORDED,
            {
                "record": record["digest"],
                "question": key_of(found.verdict),
                "title": data.get("title", "")[:300],
                "address": address("/", [*form.parameters(), (PARAMETER, str(found.seal))]),
                "person": who(request).name,
            },
            time=desk.now().isoformat(timespec="seconds"),
        )
        _keep(path, records.written(records.with_entry(record, entry)))
    return Redirect(f"/records/{name}", status_code=303)


@get("/records", include_in_schema=False, guards=[READS])
@threaded
def records_page(request: Request[Any, Any, Any], desk: NamedDependency[Desk]) -> Response[str]:
    """List what has been recorded, the newest first."""
    return page(request, desk, "records.html", records=desk.decided.records())


@get("/records/{name:str}", include_in_schema=False, guards=[READS])
@threaded
def recorded_page(request: Request[Any, Any, Any], desk: NamedDependency[Desk], name: FromPath[str]) -> Response[Any]:
    """Show a record that is kept, checked as it is shown; or give its file."""
    tongue = tongue_of(request)
    path = _path(desk, name.removesuffix(".json"))
    if not path.is_file():
        raise UnknownName("no such record is kept here", fix="see /records")
    data = path.read_bytes()
    record = records.read_record(data)
    if name.endswith(".json"):
        return _file(record, data)
    report = check_record(data, Held(desk.statutes, desk.editions, desk.archive, desk.journal))
    form = _form_of(desk, record, tongue)
    if form is None:
        raise BadFile("this record is damaged", fix="run licet verify; restore it from a copy of the data folder")
    seal = read_seal(_seal_in(record))
    return _page(request, desk, form, asked(desk, form, seal), record, tongue, report=report)


def posted(desk: Desk, data: dict[str, str], tongue: Tongue) -> tuple[Form, Asked]:
    """Return the question that a form sends as ``asked``, the query of its address, and its answer.

    Raises :class:`BadInput`.
    """
    try:
        pairs = parse_qsl(data.get("asked", "")[:LONGEST_QUESTION], max_num_fields=MOST_FIELDS)
    except ValueError as error:
        raise BadInput("the question has too many fields", fix="open the answer again and send its form") from error
    seal = read_seal(dict(pairs).get(PARAMETER, ""))
    form = read_form(pairs, desk.statutes, tongue)
    if form.trouble and seal is not None and (old := desk.editions.find(seal.edition)) is not None:
        form = read_form(pairs, old, tongue)
    whole(form)
    return form, asked(desk, form, seal)


def _made(desk: Desk, form: Form, found: Asked) -> dict[str, Any]:
    return records.make_record(found.statutes, question_of(form), edition=found.edition, archive=desk.archive)


def _page(  # noqa: PLR0913, PLR0917 - what one page is made of
    request: Request[Any, Any, Any],
    desk: Desk,
    form: Form,
    found: Asked,
    record: dict[str, Any],
    tongue: Tongue,
    *,
    report: Any = None,
) -> Response[str]:
    answer = Answering(found, form, tongue).answer()
    sealed = answer.sealed
    name = record["digest"].removeprefix("sha256:")
    return page(
        request,
        desk,
        "record.html",
        answer=answer,
        record=record,
        report=report,
        file=f"/records/{name}.json" if report else address("/record", [*sealed, ("format", "json")]),
        kept=f"/records/{name}" if _path(desk, name).is_file() else "",
        parameters=sealed,
        asked=address("", sealed).removeprefix("?"),
        titles={act.id: tongue.pick(act.head.titles) for act in found.statutes.acts(found.verdict.law.system)},
        seen={key: tongue.text(words) for key, words in labels.SEEN.items()},
        not_examined={key: tongue.text(words) for key, words in labels.NOT_EXAMINED.items()},
    )


def _form_of(desk: Desk, record: dict[str, Any], tongue: Tongue) -> Form | None:
    """Return the question of a kept record as a form; None where it is damaged."""
    question = record.get("question")
    if not isinstance(question, dict) or not isinstance(question.get("facts"), dict):
        return None
    pairs = [(str(name), str(value)) for name, value in question["facts"].items()]
    pairs += [(name, str(question[name])) for name in ("on", "basis", "known") if question.get(name)]
    pairs += [(f"reading.{name}", str(choice)) for name, choice in dict(question.get("readings") or {}).items()]
    pairs += [("with", str(name)) for name in question.get("proposals") or ()]
    form = read_form(pairs, desk.statutes, tongue)
    edition = str(record["law"].get("edition", "")) if isinstance(record.get("law"), dict) else ""
    old = desk.editions.find(edition) if form.trouble and edition else None
    form = read_form(pairs, old, tongue) if old is not None else form
    return None if form.trouble or form.on is None else form


def _seal_in(record: dict[str, Any]) -> str:
    """Return the seal in the address that the journal's entry of a record has."""
    entry = record.get("journal")
    stored = entry.get("payload", {}).get("address", "") if isinstance(entry, dict) else ""
    return str(stored).rpartition(f"{PARAMETER}=")[2]


def _file(record: dict[str, Any], data: bytes = b"") -> Response[bytes]:
    name = f"licet-record-{record['digest'].removeprefix('sha256:')[:16]}.json"
    headers = {"content-disposition": f'attachment; filename="{name}"'}
    return Response(data or records.written(record), media_type=_FILE, headers=headers)


def _path(desk: Desk, name: str) -> Path:
    """Return where a record is kept. Raises :class:`UnknownName` for what is no digest."""
    if not _NAME.fullmatch(name):
        raise UnknownName("no such record is kept here", fix="see /records")
    return desk.home / "records" / f"{name}.json"


def _keep(path: Path, data: bytes) -> None:
    """Write a record whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f"{path.name}.{os.getpid()}")
    with beside.open("wb") as stream:
        stream.write(data)
        stream.flush()
        os.fsync(stream.fileno())
    beside.replace(path)


HANDLERS = (record_page, record_answer, records_page, recorded_page)
