"""Whether the translations are complete and the compiled catalogues are those of their sources. Needs no gettext."""

import ast
import gettext
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
COMPLETE = ("vi", "ar")  # languages in which no message may be missing
_LINE = re.compile(r'(?:(msgctxt|msgid_plural|msgid|msgstr(?:\[\d+\])?)\s+)?(".*")')
_PLACEHOLDER = re.compile(r"%\(\w+\)[#0\- +]*[a-z]|%[a-z%]|\{\w*\}")
_TAG = re.compile(r"</?\w[^<>]*>")


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
            yield from (f"{said}: {fault}" for fault in _differences(message, int(plurals[1]) if plurals else 0))
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


def compiled(mo: Path) -> dict[str | tuple[str, int], str]:
    """What the compiled catalogue answers, without its head."""
    with mo.open("rb") as stream:
        found = dict(gettext.GNUTranslations(stream)._catalog)  # type: ignore[attr-defined]
    return {key: text for key, text in found.items() if key != ""}


def expected(messages: list[Message]) -> dict[str | tuple[str, int], str]:
    """What it would answer, were it compiled now."""
    told = [message for message in messages if message.source and not message.fuzzy and all(message.forms)]
    return {key: text for message in told for key, text in zip(message.keys, message.forms, strict=True)}


if __name__ == "__main__":
    catalogues = sorted(ROOT.glob("locale/*/LC_MESSAGES/django.po"))
    found = [fault for po in catalogues for fault in faults(po, po.parent.parent.name in COMPLETE)]
    sys.stdout.writelines(f"{line}\n" for line in found)
    sys.exit(bool(found))
