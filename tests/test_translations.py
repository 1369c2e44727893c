"""Every message that a reader can see has a Chinese text, and every Chinese text is a message's."""

from __future__ import annotations

import re
import runpy
from functools import cache
from io import BytesIO
from pathlib import Path

import pytest
from babel.messages.extract import extract
from babel.messages.pofile import read_po

from licet import i18n

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "src" / "licet"
CATALOGUES = PACKAGE / "locale" / "zh"

# gettext(language, "message"), _("message") in Python and templates, N_("message") where it is translated later.
KEYWORDS: dict[str, tuple[int, ...] | None] = {"gettext": (2,), "_": None, "N_": None, "ngettext": (1, 2)}
TEMPLATE_KEYWORDS: dict[str, tuple[int, ...] | None] = {"gettext": None, "_": None, "ngettext": (1, 2)}
TEMPLATES = {".html", ".jinja", ".j2"}
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|\{\w*\}")


def messages_of(path: Path) -> set[str]:
    """The message ids marked in one source file."""
    method, keywords = ("python", KEYWORDS) if path.suffix == ".py" else ("jinja2.ext:babel_extract", TEMPLATE_KEYWORDS)
    found = extract(
        method, BytesIO(path.read_bytes()), keywords=keywords, options={"silent": "false", "trimmed": "true"}
    )
    ids = (message for _, message, _, _ in found)
    return {message if isinstance(message, str) else message[0] for message in ids if message}


@cache
def marked() -> dict[str, str]:
    """Message id -> the file that it is marked in."""
    sources = [path for path in PACKAGE.rglob("*.py") if path != PACKAGE / "i18n.py"]
    templates = [
        path
        for path in PACKAGE.rglob("*")
        if path.suffix in TEMPLATES and "templates" in path.relative_to(PACKAGE).parts
    ]
    return {message: path.relative_to(ROOT).as_posix() for path in sources + templates for message in messages_of(path)}


@cache
def translated() -> list[tuple[str, str, str, bool]]:
    """Rows of the Chinese catalogues: file, message id, Chinese text, fuzzy."""
    rows = []
    for path in sorted(CATALOGUES.glob("*.po")):
        for message in read_po(BytesIO(path.read_bytes()), locale=i18n.locale_name("zh"), abort_invalid=True):
            if message.id:
                first = message.id if isinstance(message.id, str) else message.id[0]
                text = message.string if isinstance(message.string, str) else message.string[0]
                rows.append((path.name, first, text, message.fuzzy))
    return rows


def test_every_message_has_a_chinese_text():
    chinese = {message for _, message, text, fuzzy in translated() if text and not fuzzy}
    assert {message: path for message, path in marked().items() if message not in chinese} == {}


def test_no_entry_of_the_catalogues_is_unused():
    assert [(file, message) for file, message, _, _ in translated() if message not in marked()] == []


def test_a_message_has_one_chinese_text():
    texts: dict[str, set[str]] = {}
    for _, message, text, _ in translated():
        texts.setdefault(message, set()).add(text)
    assert {message: found for message, found in texts.items() if len(found) > 1} == {}


def test_both_texts_have_the_same_placeholders():
    wrong = [
        (file, message)
        for file, message, text, _ in translated()
        if sorted(PLACEHOLDER.findall(message)) != sorted(PLACEHOLDER.findall(text))
    ]
    assert wrong == []


def test_messages_are_found_in_python(tmp_path):
    source = tmp_path / "a.py"
    source.write_text('gettext(language, "One")\n_("Two")\nN_("Three")\ngettext(language, name)\n', encoding="utf-8")
    assert messages_of(source) == {"One", "Two", "Three"}


def test_messages_are_found_in_templates(tmp_path):
    source = tmp_path / "a.html"
    source.write_text('{% trans %}One{% endtrans %} {{ _("Two") }} {{ gettext("Three") }}', encoding="utf-8")
    assert messages_of(source) == {"One", "Two", "Three"}


def test_a_catalogue_is_read_and_joined(tmp_path, monkeypatch):
    folder = tmp_path / "zh"
    folder.mkdir()
    (folder / "a.po").write_text('msgid "License required"\nmsgstr "需要许可证"\n', encoding="utf-8")
    (folder / "b.po").write_text('msgid "Prohibited"\nmsgstr "禁止"\n', encoding="utf-8")
    monkeypatch.setattr(i18n, "_FOLDER", tmp_path)
    i18n.translations.cache_clear()
    try:
        assert i18n.gettext("zh", "License required") == "需要许可证"
        assert i18n.gettext("zh", "Prohibited") == "禁止"
        assert i18n.gettext("zh", "Not there") == "Not there"
        assert i18n.gettext("en", "Prohibited") == "Prohibited"
    finally:
        i18n.translations.cache_clear()


# Between two Chinese characters stands Chinese punctuation.
HALF_WIDTH = re.compile(r"[\u4e00-\u9fff][,:;?!][\u4e00-\u9fff]")


def chinese_texts() -> list[Path]:
    texts = [*CATALOGUES.glob("*.po"), *(ROOT / "law").rglob("*.yaml"), PACKAGE / "demo" / "stories.yaml"]
    texts += (PACKAGE / "catalog").glob("*.yaml")
    return [*texts, *ROOT.glob("*.zh.md"), *(ROOT / "docs").rglob("*.zh.md")]


def test_chinese_text_has_chinese_punctuation():
    found = [
        f"{path.relative_to(ROOT).as_posix()}:{number}: {match[0]}"
        for path in chinese_texts()
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if (match := HALF_WIDTH.search(line))
    ]
    assert found == [], "run: python docs/tools/chinese_punctuation.py FILE…"


@pytest.mark.parametrize(
    ("written", "repaired"),
    [
        ("级,多数", "级\uff0c多数"),
        ("用H100,还有", "用H100\uff0c还有"),
        ("例外(LPP),不占", "例外\uff08LPP\uff09\uff0c不占"),
        ("740.29(a)的规定", "740.29(a)的规定"),
        ("zh: 瑞士, en: Switzerland", "zh: 瑞士, en: Switzerland"),
        ("[财经, b]", "[财经, b]"),
        ("a, b: c (d)", "a, b: c (d)"),
    ],
)
def test_the_repair_of_punctuation_keeps_to_chinese_text(written, repaired):
    repair = runpy.run_path(str(ROOT / "docs" / "tools" / "chinese_punctuation.py"))["repair"]
    assert repair(written) == repaired
    assert repair(repaired) == repaired
