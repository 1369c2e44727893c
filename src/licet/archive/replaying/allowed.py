"""What of a captured page is shown: elements and attributes that can neither run, load, send nor cover anything.

Everything that is not named here is taken away. Named elements stay in HTML's own namespace and hold no raw text but
``style``, whose text is cleaned by :mod:`licet.archive.replaying.styles`; so what is written reads as it was meant.
"""

from __future__ import annotations


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


ELEMENTS = _words(
    "html head body title style a abbr acronym address article aside b bdi bdo big blockquote br button caption center"
    " cite code col colgroup data dd del details dfn dialog dir div dl dt em fieldset figcaption figure font footer"
    " h1 h2 h3 h4 h5 h6 header hgroup hr i img input ins kbd label legend li link main map mark menu meter nav nobr ol"
    " optgroup option output p picture pre progress q rb rp rt rtc ruby s samp search section select small span strike"
    " strong sub summary sup table tbody td textarea tfoot th thead time tr tt u ul var wbr"
)
"""Elements that stay. Of an unknown element the content stays."""

WITHOUT_CONTENT = _words(
    "script iframe frame frameset object embed applet portal fencedframe svg math template noembed noframes xmp"
    " plaintext audio video canvas source track param basefont bgsound keygen base meta"
)
"""Elements that go with all that is in them."""

VOID = _words("br hr img input link col wbr")
"""Elements without an end tag."""

CONTROLS = _words("button input select textarea fieldset optgroup option")
"""Elements that stay but cannot be used."""

INPUT_TYPES = _words("text search checkbox radio submit button reset number date email tel url range")

EVERYWHERE = _words("class id lang dir title role align valign width height hidden")
"""Attributes that any element may have; ``aria-…`` as well."""

ATTRIBUTES: dict[str, frozenset[str]] = {
    "a": frozenset({"name"}),
    "bdo": frozenset({"dir"}),
    "blockquote": frozenset(),
    "body": frozenset({"bgcolor", "text", "link", "vlink", "alink"}),
    "button": frozenset({"value"}),
    "col": frozenset({"span"}),
    "colgroup": frozenset({"span"}),
    "data": frozenset({"value"}),
    "del": frozenset({"datetime"}),
    "details": frozenset({"open"}),
    "font": frozenset({"color", "face", "size"}),
    "hr": frozenset({"color", "noshade", "size"}),
    "img": frozenset({"alt", "border", "hspace", "vspace"}),
    "input": frozenset({"value", "placeholder", "checked", "size"}),
    "ins": frozenset({"datetime"}),
    "li": frozenset({"value", "type"}),
    "meter": frozenset({"value", "min", "max", "low", "high", "optimum"}),
    "ol": frozenset({"start", "type", "reversed"}),
    "optgroup": frozenset({"label"}),
    "option": frozenset({"value", "label", "selected"}),
    "progress": frozenset({"value", "max"}),
    "select": frozenset({"multiple", "size"}),
    "style": frozenset({"media"}),
    "link": frozenset({"media"}),
    "table": frozenset({"border", "cellpadding", "cellspacing", "bgcolor", "summary", "rules", "frame"}),
    "td": frozenset({"colspan", "rowspan", "bgcolor", "nowrap", "headers", "abbr"}),
    "textarea": frozenset({"rows", "cols", "placeholder"}),
    "th": frozenset({"colspan", "rowspan", "bgcolor", "nowrap", "headers", "abbr", "scope"}),
    "time": frozenset({"datetime"}),
    "tr": frozenset({"bgcolor"}),
    "ul": frozenset({"type"}),
}
"""Attributes of single elements that are neither addresses nor styles."""
