"""Templates of the papers that an obligation asks for: what a certificate must say is law, and is data too.

They lie beside the acts of a system, in ``law/SYSTEM/drafts/ID.yaml``, and are read when a paper is wanted.
"""

from __future__ import annotations

import datetime as dt  # noqa: TC003 - msgspec reads the annotations
import hashlib
import re
from functools import cache
from typing import TYPE_CHECKING, Literal, NoReturn

import msgspec

from licet.clauses import source as sources
from licet.errors import LawError, UnknownName
from licet.home import home, law_folder
from licet.statutes import forms

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from licet.clauses.vocabulary import Vocabulary

PaperKind = Literal["certification", "email", "notice", "snap_r", "record", "application", "report"]

FOLDER = "drafts"
MOST_TEMPLATES = 200
MOST_PARAGRAPHS = 60
MOST_NAMES = 80
LONGEST_PARAGRAPH = 2_000

_PLACEHOLDER = re.compile(r"\{([a-z][a-z0-9_]{0,60})\}")


class FieldForm(forms.Strict, frozen=True, forbid_unknown_fields=True):
    """Something to be filled in that is no fact of the vocabulary; ``by_hand``: on the paper only, as a signature."""

    title: forms.Words
    question: forms.Words
    by_hand: bool = False


class ParagraphForm(forms.Strict, frozen=True, forbid_unknown_fields=True):
    """One statement of a paper, and the paragraph of the law that asks for it."""

    cite: str
    text: forms.Words


class DraftForm(forms.Strict, frozen=True, forbid_unknown_fields=True):
    """A paper with blanks ``{name}``.

    ``addressee``: to whom it goes; ``signer``: who makes it out; ``subject``: the line that the rule gives an e-mail or
    a package; ``facts``: the facts of the vocabulary that it wants; ``fields``: what else; ``since``: the day from
    which the text that it was made from holds; ``note``: what an editor of the law should know.
    """

    draft: str
    title: forms.Words
    cite: str
    seen: forms.Seen
    form: PaperKind
    addressee: forms.Words
    signer: forms.Words
    paragraphs: tuple[ParagraphForm, ...]
    subject: str = ""
    facts: tuple[str, ...] = ()
    fields: dict[str, FieldForm] = msgspec.field(default_factory=dict)
    since: dt.date | None = None
    note: str = ""


class Template(msgspec.Struct, frozen=True):
    """A template as read; ``names``: what its text asks for, in order; ``private``: it is one of the user's own."""

    form: DraftForm
    names: tuple[str, ...]
    digest: str
    private: bool = False

    @property
    def id(self) -> str:
        """The id of the template."""
        return self.form.draft


def pieces(text: str) -> Iterator[tuple[str, str]]:
    """Yield a template's text in pieces: words, and the name of the blank that follows them (empty at the end)."""
    start = 0
    for found in _PLACEHOLDER.finditer(text):
        yield text[start : found.start()], found[1]
        start = found.end()
    yield text[start:], ""


def load(
    system: str, vocabulary: Vocabulary, folder: Path | None = None, overlay: Path | None = None
) -> Mapping[str, Template]:
    """Read the templates of a system of law, by id.

    By default those that come with Licet; one of the user's own in ``LICET_HOME/law/SYSTEM/drafts`` stands in the
    place of one of the same id. Raises :class:`LawError` naming file and line of the first thing that is wrong.
    """
    private = overlay if overlay is not None or folder is not None else home() / "law"
    return _load(system, vocabulary, folder or law_folder(), private)


@cache
def _load(system: str, vocabulary: Vocabulary, folder: Path, overlay: Path | None) -> Mapping[str, Template]:
    found: dict[str, Template] = {}
    for root in (folder, overlay):
        paths = sorted((root / system / FOLDER).glob("*.yaml")) if root else []
        if len(paths) > MOST_TEMPLATES:
            raise LawError(f"more than {MOST_TEMPLATES} templates", where=FOLDER, fix="split the system of law")
        for path in paths:
            template = read_template(sources.read(path), vocabulary, private=root is overlay)
            if path.stem != template.id:
                raise LawError(
                    f"the template {template.id[:60]} is in {path.name}",
                    where=f"{path.name}:1",
                    fix="name the file after it",
                )
            found[template.id] = template
    return found


def template(templates: Mapping[str, Template], name: str, where: str) -> Template:
    """Return a template that a clause at ``where`` names. Raises :class:`LawError`."""
    if name not in templates:
        raise LawError(f"no template is called '{name[:60]}'", where=where, fix=f"write drafts/{name[:60]}.yaml")
    return templates[name]


def known_names(templates: Mapping[str, Template]) -> frozenset[str]:
    """Return every name of what the templates want that is no fact."""
    return frozenset(name for found in templates.values() for name in found.form.fields)


def check_name(name: str, templates: Mapping[str, Template]) -> None:
    """Refuse a name that no template has. Raises :class:`UnknownName` with near names."""
    known = known_names(templates)
    if name not in known:
        import difflib  # noqa: PLC0415 - only on the way to an error

        near = difflib.get_close_matches(name.lower(), known, n=3, cutoff=0.6)
        message = f"no fact and no blank of a paper is called '{name[:60]}'"
        raise UnknownName(message, near=near, fix="" if near else "'licet drafts' lists the blanks of each paper")


def read_template(source: sources.Source, vocabulary: Vocabulary, *, private: bool = False) -> Template:
    """Make a template of a law file, checked against the vocabulary. Errors as :func:`load`."""
    form = sources.shape(source, source.value, DraftForm, "")
    _check_head(source, form, vocabulary)
    wanted = {*form.facts, *form.fields}
    found: dict[str, None] = {}
    for number, paragraph in enumerate(form.paragraphs):
        found |= dict.fromkeys(_check_paragraph(source, paragraph, f"paragraphs[{number}]", wanted))
    if idle := wanted - set(found):
        name = min(idle)
        path = f"fields.{name}" if name in form.fields else "facts"
        _wrong(source, path, f"'{name}' is asked for and stands in no paragraph", "use it, or leave it out")
    digest = hashlib.sha256(msgspec.json.encode(source.value, order="sorted")).hexdigest()
    return Template(form, tuple(found), digest, private)


def _check_head(source: sources.Source, form: DraftForm, vocabulary: Vocabulary) -> None:
    if not re.fullmatch(r"[a-z][a-z0-9_]{0,60}", form.draft):
        _wrong(source, "draft", f"'{form.draft[:60]}' is no id of a template", "use a-z, 0-9 and _")
    if not 0 < len(form.paragraphs) <= MOST_PARAGRAPHS:
        _wrong(source, "paragraphs", f"{len(form.paragraphs)} paragraphs", f"give 1 to {MOST_PARAGRAPHS}")
    if len(form.facts) + len(form.fields) > MOST_NAMES:
        _wrong(source, "fields", f"more than {MOST_NAMES} blanks", "split the paper")
    for key in ("title", "addressee", "signer"):
        _both(source, getattr(form, key), key)
    if not form.cite or not form.subject.isprintable():
        _wrong(source, "cite", "a paper names the paragraph that asks for it, and a subject is one line", "mend it")
    for number, name in enumerate(form.facts):
        if name not in vocabulary:
            _wrong(source, f"facts[{number}]", f"no fact is called '{name[:60]}'", "make it a field, or mend the name")
    for name, field in form.fields.items():
        if name in vocabulary or not re.fullmatch(r"[a-z][a-z0-9_]{0,60}", name):
            _wrong(source, f"fields.{name}", f"'{name[:60]}' cannot be a field", "name a fact under 'facts:'; use a-z")
        _both(source, field.title, f"fields.{name}.title")
        _both(source, field.question, f"fields.{name}.question")


def _check_paragraph(source: sources.Source, paragraph: ParagraphForm, path: str, wanted: set[str]) -> tuple[str, ...]:
    """Return the names in a paragraph, which are the same in both languages and all wanted."""
    _both(source, paragraph.text, f"{path}.text")
    if not paragraph.cite:
        _wrong(source, f"{path}.cite", "the statement has no paragraph of the law", "say which asks for it")
    names: dict[str, tuple[str, ...]] = {}
    for language, text in paragraph.text.items():
        where = f"{path}.text.{language}"
        split = tuple(pieces(text))
        if any("{" in words or "}" in words for words, _ in split):
            _wrong(source, where, "a brace that makes no placeholder", "write {name}, with a-z, 0-9 and _")
        if len(text) > LONGEST_PARAGRAPH or not text.isprintable():
            _wrong(source, where, f"a paragraph is one line of at most {LONGEST_PARAGRAPH} characters", "split it")
        names[language] = tuple(dict.fromkeys(name for _, name in split if name))
        for name in names[language]:
            if name not in wanted:
                _wrong(source, where, f"'{name}' is no fact or field of this paper", "add it to 'facts:' or 'fields:'")
    if set(names["en"]) != set(names["zh"]):
        odd = min(set(names["en"]) ^ set(names["zh"]))
        _wrong(source, f"{path}.text", f"'{odd}' stands in one language only", "use it in both")
    return names["en"]


def _both(source: sources.Source, words: forms.Words, path: str) -> None:
    if set(words) != {"en", "zh"} or not all(text.strip() for text in words.values()):
        _wrong(source, path, f"{path} is not in both languages", "give en and zh")


def _wrong(source: sources.Source, path: str, what: str, fix: str) -> NoReturn:
    raise LawError(what, where=source.at(path), fix=fix)
