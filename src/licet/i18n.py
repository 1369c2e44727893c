"""Two languages, from catalogues: English (the message ids) and simplified Chinese.

A catalogue is one gettext ``.po`` file per room in ``locale/<language>/``; they are read and joined once per language,
so no compiled file has to be built or shipped.
"""

from __future__ import annotations

from functools import cache
from gettext import GNUTranslations
from io import BytesIO
from pathlib import Path

from licet import cache as kept

LANGUAGES = ("en", "zh")
_LOCALES = {"en": "en", "zh": "zh_Hans_CN"}
_FOLDER = Path(__file__).parent / "locale"


def locale_name(language: str) -> str:
    """Return the CLDR locale of a language of :data:`LANGUAGES` (``zh`` is ``zh_Hans_CN``)."""
    return _LOCALES[language]


@cache
def translations(language: str) -> GNUTranslations:
    """Return the joined catalogues of ``language``; English has none, its message ids are the text."""
    paths = sorted((_FOLDER / language).glob("*.po"))
    compiled = kept.remembered(f"texts-{language}", bytes, lambda: _joined(language, paths), *paths, Path(__file__))
    return GNUTranslations(BytesIO(compiled))


def _joined(language: str, paths: list[Path]) -> bytes:
    """Return the catalogues of a language as one compiled one."""
    from babel.messages.catalog import Catalog  # noqa: PLC0415 - where the texts are kept, no file is parsed
    from babel.messages.mofile import write_mo  # noqa: PLC0415 - as above
    from babel.messages.pofile import read_po  # noqa: PLC0415 - as above

    joined = Catalog(locale=_LOCALES[language])
    for path in paths:
        with path.open("rb") as stream:
            for message in read_po(stream, locale=_LOCALES[language]):
                if message.id and message.string:
                    joined.add(message.id, message.string, context=message.context)
    compiled = BytesIO()
    write_mo(compiled, joined)
    return compiled.getvalue()


def N_(message: str) -> str:  # noqa: N802 (gettext's own name)
    """Mark a message for translation where it stands; it is translated where it is shown."""
    return message


def gettext(language: str, message: str) -> str:
    """Translate ``message``; what has no translation stays English."""
    return translations(language).gettext(message) if language != "en" else message


def ngettext(language: str, one: str, many: str, count: int) -> str:
    """Translate a message that counts something."""
    if language == "en":
        return one if count == 1 else many
    return translations(language).ngettext(one, many, count)


def pick(language: str, texts: dict[str, str]) -> str:
    """Return the text in ``language`` of an ``{en, zh}`` pair as the law data holds it, English where it lacks."""
    return texts.get(language) or texts["en"]
