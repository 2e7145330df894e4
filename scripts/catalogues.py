"""Whether the catalogues have every text of the program, translated and compiled as it stands. Needs no gettext."""

import ast
import gettext
import re
import sys
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parent.parent
SOURCES = ("config", "foundation", "membership", "recruitment", "reports", "templates", "scripts")
COMPLETE = ("vi", "ar")  # languages in which no message may be missing
_LINE = re.compile(r'(?:(msgctxt|msgid_plural|msgid|msgstr(?:\[\d+\])?)\s+)?(".*")')
_PLACEHOLDER = re.compile(r"%\(\w+\)[#0\- +]*[a-z]|%[a-z%]|\{\w*\}")
_TAG = re.compile(r"</?\w[^<>]*>")
_LATIN_MARK = re.compile("[\u0621-\u0652][,;?]")
_ARABIC = re.compile("[\u0621-\u0652]")
_ADRIFT = re.compile("(?<!\u2068)%\\((?:person|unit|cell|parent|body|office|names?|whom?|account|username|code)\\)s")
# Functions that mark a text, with how many of their first arguments are context and texts.
_MARKS = {
    name + lazy: kind
    for name, kind in {"gettext": "1", "ngettext": "12", "pgettext": "c1", "npgettext": "c12"}.items()
    for lazy in ("", "_lazy")
} | {"_": "1", "gettext_noop": "1"}
_STRING = r"""u?(?:'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")"""
_IN_TEMPLATE = re.compile(rf"\b(_|n?p?gettext)\(({_STRING}(?:,\s*{_STRING})*)")


@dataclass
class Message:
    """One entry of a .po file; `forms` are its translations, one for each plural form."""

    parts: dict[str, str] = field(default_factory=dict)
    fuzzy: bool = False

    @property
    def source(self) -> str:
        """The English text."""
        return self.parts.get("msgid", "")

    @property
    def forms(self) -> list[str]:
        """The translations in the order of the plural forms."""
        return [text for name, text in sorted(self.parts.items()) if name.startswith("msgstr")]

    @property
    def keys(self) -> list[str | tuple[str, int]]:
        """How a compiled catalogue finds each form."""
        context = self.parts.get("msgctxt")
        key = self.source if context is None else f"{context}\x04{self.source}"
        return [(key, place) for place in range(len(self.forms))] if "msgid_plural" in self.parts else [key]


def read(po: Path) -> list[Message]:
    """Every entry of the .po file, its head included (the entry of the empty text); obsolete ones are left out."""
    messages = []
    for block in re.split(r"\n\s*\n", po.read_text(encoding="utf-8")):
        message, name = Message(fuzzy=bool(re.search(r"^#,.*\bfuzzy\b", block, re.MULTILINE))), ""
        for line in block.splitlines():
            if found := _LINE.fullmatch(line.strip()):
                name = found[1] or name
                message.parts[name] = message.parts.get(name, "") + ast.literal_eval(found[2])
        if message.parts:
            messages.append(message)
    return messages


def faults(po: Path, complete: bool) -> Iterator[str]:
    """One sentence for each fault of a catalogue; `complete`: a missing translation is one."""
    messages = read(po)
    head, *texts = messages
    plurals = re.search(r"nplurals\s*=\s*(\d+)", head.forms[0])
    for message in texts:
        said = f"{po.parent.parent.name}: “{message.source[:60]}”"
        if message.fuzzy:
            yield f"{said} is fuzzy"
        elif not all(message.forms):
            if complete or any(message.forms):
                yield f"{said} is not translated"
        else:
            found = [*_differences(message, int(plurals[1]) if plurals else 0), *_manners(message)]
            yield from (f"{said}: {fault}" for fault in found)
    if compiled(po.with_suffix(".mo")) != expected(messages):
        yield f"{po.with_suffix('.mo').name} of {po.parent.parent.name} is stale: run `make messages`"


def _differences(message: Message, plurals: int) -> Iterator[str]:
    """What the translation has that the source has not, and the other way round."""
    plural = "msgid_plural" in message.parts
    if plural and len(message.forms) != plurals:
        yield f"has {len(message.forms)} plural forms, not {plurals}"
    sources = [message.source, message.parts["msgid_plural"]] if plural else [message.source]
    for form in message.forms:
        for what, pattern in (("placeholders", _PLACEHOLDER), ("tags", _TAG)):
            wanted = {one for source in sources for one in pattern.findall(source)}
            found = set(pattern.findall(form))
            if found - wanted or (wanted - found and (what == "tags" or not plural)):
                yield f"{what} differ: {sorted(found ^ wanted)}"
        if (form[:1].isspace(), form[-1:].isspace()) != (sources[0][:1].isspace(), sources[0][-1:].isspace()):
            yield "blanks at its ends differ"


def _manners(message: Message) -> Iterator[str]:
    """What no translation should have, whatever its language."""
    text = " ".join(message.forms)
    if not unicodedata.is_normalized("NFC", text):
        yield "is not in NFC"
    if found := _LATIN_MARK.search(text):
        yield f"Latin mark in Arabic: {found[0]}"
    if "\u064b\u0627" in text:
        yield "the two strokes stand after the alif: اً"
    if _ARABIC.search(text) and (found := _ADRIFT.search(text)):
        yield f"{found[0]} is a name and not isolated"
    if text.count("\u2068") != text.count("\u2069"):
        yield "a name is isolated without end"


def marked(root: Path) -> dict[tuple[str | None, str], Path]:
    """Every text, with its context, that the sources below `root` mark as to be translated; and a file it stands in."""
    found: dict[tuple[str | None, str], Path] = {}
    for source in SOURCES:
        for path in sorted((root / source).rglob("*.py")):
            found |= dict.fromkeys(_in_code(path.read_text(encoding="utf-8")), path)
        for path in sorted((root / source).rglob("*.html")):
            found |= dict.fromkeys(_in_template(path.read_text(encoding="utf-8")), path)
    return found


def _in_code(text: str) -> Iterator[tuple[str | None, str]]:
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name | ast.Attribute):
            name = node.func.id if isinstance(node.func, ast.Name) else node.func.attr
            given = [one.value for one in node.args if isinstance(one, ast.Constant) and isinstance(one.value, str)]
            yield from _key(name, given)


def _in_template(text: str) -> Iterator[tuple[str | None, str]]:
    for name, given in _IN_TEMPLATE.findall(templatize(text)):
        yield from _key(name, [ast.literal_eval(one) for one in re.findall(_STRING, given)])


def _key(name: str, given: list[str]) -> Iterator[tuple[str | None, str]]:
    kind = _MARKS.get(name, "")
    if kind and len(given) >= len(kind):
        yield (given[0] if kind[0] == "c" else None, given[kind.index("1")])


def unmatched(po: Path, texts: dict[tuple[str | None, str], Path]) -> Iterator[str]:
    """One sentence for each text that the catalogue lacks, has twice, or has without need."""
    keys = [(message.parts.get("msgctxt"), message.source) for message in read(po) if message.source]
    language = po.parent.parent.name
    for key in sorted(texts.keys() - set(keys), key=str):
        yield f"{language}: “{key[1][:60]}” of {texts[key].name} is not in the catalogue: run `make messages`"
    for key in sorted(set(keys) - texts.keys(), key=str):
        yield f"{language}: “{key[1][:60]}” stands nowhere in the program: run `make messages`"
    for key in sorted({key for key in keys if keys.count(key) > 1}, key=str):
        yield f"{language}: “{key[1][:60]}” is in the catalogue twice"


def compiled(mo: Path) -> dict[str | tuple[str, int], str]:
    """What the compiled catalogue answers."""
    with mo.open("rb") as stream:
        return dict(gettext.GNUTranslations(stream)._catalog)  # type: ignore[attr-defined]


def expected(messages: list[Message]) -> dict[str | tuple[str, int], str]:
    """What it would answer, were it compiled now."""
    told = [message for message in messages if not message.fuzzy and all(message.forms)]
    return {key: text for message in told for key, text in zip(message.keys, message.forms, strict=True)}


if __name__ == "__main__":
    catalogues = sorted(ROOT.glob("locale/*/LC_MESSAGES/django.po"))
    texts = marked(ROOT)
    found = [fault for po in catalogues for fault in faults(po, po.parent.parent.name in COMPLETE)]
    found += [fault for po in catalogues for fault in unmatched(po, texts)]
    sys.stdout.writelines(f"{line}\n" for line in found)
    sys.exit(bool(found))
