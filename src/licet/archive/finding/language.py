"""The language of queries: words, ``"a phrase"``, AND OR NOT (与 或 非), + and -, parentheses, ``source:财联社``.

What cannot be read as that is read as words, and a note says so: a reader who pastes a headline gets results. Only a
filter that nothing could ever meet, such as ``before:2025-13-40``, is an error.
"""

from __future__ import annotations

import re
from typing import NamedTuple

import msgspec

from licet.archive.finding.folding import fold
from licet.archive.finding.limits import FIELDS, Limit, read_limit
from licet.archive.finding.terms import runs
from licet.i18n import N_

LONGEST = 512
"""Characters of a query that are read."""

MOST = 64
"""Words, phrases and filters of a query that are read."""

DEEPEST = 16
"""Parentheses within parentheses."""

SENTENCE = 16
"""Characters of words from which a filter with a Chinese name is taken for a part of the text."""

_MARKS = str.maketrans("“”„‟«»「」『』＂（）：＋－﹣−", '"' * 11 + "():+---")
# What a reader pastes has quotation marks and parentheses inside its words: they count only where they stand free.
_TOKEN = re.compile(
    r"""(?<![^\s(])(?P<sign>[+-]*)(?:(?P<name>\w+):)?"(?P<phrase>[^"]*)(?:(?P<closed>")(?![^\s)])|$)"""
    r"""|(?<![^\s(+-])(?P<group>[+-]*)\("""
    r"""|(?P<closing>\))(?![^\s)])"""
    r"""|(?P<word>[^\s()]+|[()])"""
)
_PASTED = re.compile(r"。|\S\s*\n\s*\S|[！!…]\s*来源[:：]|(?:责编|责任编辑|编辑|美编|审核|记者|作者|转自)[:：]")
"""What a query does not have, but a text that was pasted has: it is read as words alone."""

_NUMBER = re.compile(r"[+-]+\d")
_OPERATORS = {"AND": "AND", "&&": "AND", "与": "AND", "OR": "OR", "||": "OR", "或": "OR", "NOT": "NOT", "非": "NOT"}
_NAMED = re.compile(r"([+-]*)(\w+):(.+)", re.DOTALL)


class Word(msgspec.Struct, frozen=True):
    """A bare word, folded; ``title`` where it must stand in the title."""

    text: str
    title: bool = False


class Phrase(msgspec.Struct, frozen=True):
    """Words that must stand one after the other, folded."""

    text: str
    title: bool = False


class Not(msgspec.Struct, frozen=True):
    """What must not be there."""

    part: Node


class All(msgspec.Struct, frozen=True):
    """All of these."""

    parts: tuple[Node, ...]


class Either(msgspec.Struct, frozen=True):
    """One of these at least."""

    parts: tuple[Node, ...]


Node = Word | Phrase | Limit | Not | All | Either


class Asked(msgspec.Struct, frozen=True):
    """A query, read.

    ``strict`` is what must hold whatever else; ``loose`` the bare words of a query without operators, all of which
    are asked for first, and some of them where no text has all. ``wanted`` are the words and phrases that rank and
    are marked, in their order. ``notes`` say what was read otherwise than it was written: message ids with values.
    """

    strict: tuple[Node, ...] = ()
    loose: tuple[str, ...] = ()
    wanted: tuple[str, ...] = ()
    phrases: tuple[str, ...] = ()
    notes: tuple[Note, ...] = ()

    @property
    def text(self) -> str:
        """All that is looked for, folded."""
        return " ".join(self.wanted)


class Note(msgspec.Struct, frozen=True):
    """How a query was read: an English message id (gettext) and the values that it names."""

    message: str
    values: dict[str, str] = {}

    def __str__(self) -> str:
        return self.message.format(**self.values)


class _Token(NamedTuple):
    kind: str  # word, phrase, limit, (, ), AND, OR, NOT
    text: str = ""
    sign: str = ""
    name: str = ""
    label: str = ""  # the name as it was written


def read_query(query: str) -> Asked:
    """Read a query; :class:`~licet.errors.BadValue` for a filter whose value is none."""
    reader = _Reader(query)
    node = reader.either(0)
    parts = node.parts if isinstance(node, All) else (node,) if node else ()
    loose: list[str] = []
    strict: list[Node] = []
    for part in parts:
        if isinstance(part, Word) and not part.title and not reader.explicit and part not in reader.must:
            loose.append(part.text)
        else:
            strict.append(part)
    words, phrases = reader.wanted(node)
    return Asked(tuple(strict), tuple(loose), tuple(words), tuple(phrases), tuple(reader.notes))


class _Reader:
    """Reads tokens into a tree, by recursive descent; OR binds less than AND, NOT most."""

    def __init__(self, query: str) -> None:
        self.notes: list[Note] = []
        self.must: set[Node] = set()
        self.explicit = False
        self._at = 0
        if len(query) > LONGEST:
            self._note(N_("only the first {count} characters were read"), count=str(LONGEST))
        self._tokens = self._lex(query[:LONGEST])

    def either(self, depth: int) -> Node | None:
        """Read up to a closing parenthesis or the end."""
        parts: list[Node] = []
        while True:
            part = self._all(depth)
            if part is not None:
                parts.append(part)
            token = self._peek()
            if token and token.kind == "OR":
                self._at += 1
                self._joined(token, found=part is not None and self._follows())
                continue
            break
        return Either(tuple(parts)) if len(parts) > 1 else parts[0] if parts else None

    def wanted(self, node: Node | None) -> tuple[list[str], list[str]]:
        """Return the words and phrases of a tree that are looked for, in their order, and the phrases among them."""
        if isinstance(node, Word):
            return [node.text], []
        if isinstance(node, Phrase):
            return [node.text], [node.text]
        words: list[str] = []
        phrases: list[str] = []
        for part in node.parts if isinstance(node, All | Either) else ():
            more_words, more_phrases = self.wanted(part)
            words += more_words
            phrases += more_phrases
        return words, phrases

    def _all(self, depth: int) -> Node | None:
        parts: list[Node] = []
        while token := self._peek():
            if token.kind == ")" and depth == 0:
                self._at += 1
                self._note(N_("a parenthesis without its other half was left out"))
                continue
            if token.kind in ("OR", ")"):
                break
            if token.kind == "AND":
                self._at += 1
                self._joined(token, found=bool(parts) and self._follows())
                continue
            part = self._one(depth)
            if isinstance(part, All) and not self.explicit:
                parts += part.parts
            elif part is not None:
                parts.append(part)
        return All(tuple(parts)) if len(parts) > 1 else parts[0] if parts else None

    def _one(self, depth: int) -> Node | None:
        token = self._next()
        if token.kind == "NOT":
            following = self._peek()
            if following is None or following.kind in ("AND", "OR", ")"):
                self._joined(token, found=False)
                return None
            self.explicit = True
            part = self._one(depth)
            return None if part is None else Not(part)
        part = self._group(depth) if token.kind == "(" else self._leaf(token)
        if part is None:
            return None
        if token.sign.count("-") % 2:
            return Not(part)
        if token.sign:
            self.must.add(part)
        return part

    def _group(self, depth: int) -> Node | None:
        if depth >= DEEPEST:
            self._note(N_("parentheses deeper than {count} were left out"), count=str(DEEPEST))
            return None
        part = self.either(depth + 1)
        closing = self._peek()
        if closing is None:
            self._note(N_("a parenthesis without its other half was left out"))
        else:
            self._at += 1
        return part

    def _leaf(self, token: _Token) -> Node | None:
        if token.kind == "limit":
            return read_limit(token.name, token.text)
        text = fold(token.text).strip()
        if not runs(text):
            return None
        return (Phrase if token.kind == "phrase" else Word)(text, title=token.name == "title")

    def _joined(self, token: _Token, *, found: bool) -> None:
        """Note that an operator stands between two parts; or that it does not, and was left out."""
        if found:
            self.explicit = True
        else:
            self._note(N_("{word} joins nothing and was left out"), word=token.text)

    def _follows(self) -> bool:
        token = self._peek()
        return token is not None and token.kind not in ("AND", "OR", ")")

    def _peek(self) -> _Token | None:
        return self._tokens[self._at] if self._at < len(self._tokens) else None

    def _next(self) -> _Token:
        self._at += 1
        return self._tokens[self._at - 1]

    def _note(self, message: str, **values: str) -> None:
        note = Note(message, values)
        if note not in self.notes:
            self.notes.append(note)

    def _lex(self, query: str) -> list[_Token]:
        tokens: list[_Token] = []
        if _PASTED.search(query):
            return [_Token("word", word) for word in query.split()][:MOST]
        for match in _TOKEN.finditer(query.translate(_MARKS)):
            if match["phrase"] is not None:
                if not match["closed"]:
                    self._note(N_("a quotation mark is not closed: the phrase was read to the end"))
                tokens.append(_quoted(match["sign"], match["name"], match["phrase"]))
            elif match["group"] is not None:
                tokens.append(_Token("(", sign=match["group"]))
            elif match["closing"]:
                tokens.append(_Token(")"))
            else:
                tokens.append(_bare(match["word"]))
        asked = [number for number, token in enumerate(tokens) if token.kind in ("word", "phrase", "limit")]
        if len(asked) > MOST:
            self._note(N_("only the first {count} words were read"), count=str(MOST))
            tokens = tokens[: asked[MOST]]
        return _credits_as_words(tokens)


def _credits_as_words(tokens: list[_Token]) -> list[_Token]:
    """Read ``来源:`` after a sentence as the credit line of a text that was pasted, not as a filter."""
    said = sum(len(token.text) for token in tokens if token.kind == "word")
    if said <= SENTENCE:
        return tokens
    return [
        token._replace(kind="word") if token.kind == "limit" and not token.label.isascii() else token
        for token in tokens
    ]


def _quoted(sign: str, name: str | None, phrase: str) -> _Token:
    field = FIELDS.get((name or "").lower())
    if field == "title":
        return _Token("phrase", phrase, sign, "title")
    if field and phrase.strip():
        return _Token("limit", phrase, sign, field, name or "")
    return _Token("phrase", f"{name} {phrase}" if name and not field else phrase, sign)


def _bare(word: str) -> _Token:
    if word in _OPERATORS:
        return _Token(_OPERATORS[word], word)
    named = _NAMED.fullmatch(word)
    field = FIELDS.get(named[2].lower()) if named else None
    if named and field == "title":
        return _Token("word", named[3], named[1], "title")
    if named and field:
        return _Token("limit", named[3], named[1], field, named[2])
    if _NUMBER.match(word):
        return _Token("word", word)
    sign = word[: len(word) - len(word.lstrip("+-"))]
    return _Token("word", word[len(sign) :], sign)
