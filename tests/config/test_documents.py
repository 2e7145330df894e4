"""The documents name files, headings, pictures and commands that are there, and each picture is shown somewhere."""

import re
from pathlib import Path

import pytest
from django.core.management import get_commands

from scripts import catalogues, screenshots

ROOT = screenshots.ROOT
DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
LINK = re.compile(r"\]\(([^)\s]+)\)")
ROLES = ("secretary", "clerk", "official", "administrator")
LANGUAGES = ["English", "Tiếng Việt", "العربيّة"]
BY_HAND = {"floors.svg", "request.svg"}


def headings(document: Path) -> set[str]:
    """As a link names them: small letters, hyphens for spaces, no other marks."""
    found = re.findall(r"^#+ (.+)$", document.read_text(), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading).lower().replace(" ", "-") for heading in found}


def linked(document: Path) -> list[tuple[Path, str]]:
    """The files and headings that the document links."""
    links = [link.partition("#") for link in LINK.findall(document.read_text())]
    return [((document.parent / path).resolve() if path else document, heading) for path, _mark, heading in links]


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda document: str(document.relative_to(ROOT)))
def test_every_link_leads_somewhere(document):
    lost = [(path, heading) for path, heading in linked(document) if not path.exists()]
    lost += [(path, heading) for path, heading in linked(document) if heading and heading not in headings(path)]
    assert lost == []


def test_each_picture_is_made_and_shown():
    kept = {path.name for path in screenshots.PICTURES.iterdir()}
    shown = {
        path.name
        for document in DOCUMENTS
        for path, _heading in linked(document)
        if path.parent == screenshots.PICTURES
    }
    assert kept == screenshots.files() | BY_HAND
    assert kept - shown == set()


def test_the_commands_are_there():
    text = "\n".join(document.read_text() for document in DOCUMENTS)
    makefile = (ROOT / "Makefile").read_text()
    targets = set(re.findall(r"^([a-z-]+):", makefile, re.MULTILINE))
    assert set(re.findall(r"manage\.py ([a-z_]+)", text)) - set(get_commands()) == set()
    assert set(re.findall(r"`(?:[A-Z]+=\S+ )?make ([a-z-]+)", text)) - targets == set()


def test_the_files_that_are_named_are_there():
    name = re.compile(r"`((?:[a-z]+/)+[\w.-]+\.[a-z]+)(?:[: ,][^`]*)?`")
    named = {word for document in DOCUMENTS for word in name.findall(document.read_text())}
    elsewhere = ("var/", "opt/", "etc/")
    assert sorted(word for word in named if not word.startswith(elsewhere) and not _somewhere(word)) == []


def _somewhere(name: str) -> bool:
    """In the folder that the text speaks of: the root, or one of the floors."""
    return any((folder / name).exists() for folder in (ROOT, ROOT / "recruitment", ROOT / "static"))


@pytest.mark.parametrize("folder", ["docs", "docs/vi"])
def test_what_stands_in_bold_for_a_role_are_words_of_the_program(folder):
    messages = catalogues.read(ROOT / "locale" / "vi" / "LC_MESSAGES" / "django.po")
    texts = [text for one in messages for text in (_english(one) if folder == "docs" else one.forms)]
    words = re.compile("|".join(sorted({_pattern(text) for text in [*texts, *LANGUAGES] if text})), re.IGNORECASE)
    bold = [
        re.sub(r"\s+", " ", part)
        for role in ROLES
        for found in re.findall(r"\*\*([^*]+)\*\*", (ROOT / folder / f"{role}.md").read_text())
        for part in found.split(" → ")
    ]
    assert len(bold) > 50
    assert [part for part in bold if not words.fullmatch(part.replace("’", "'").rstrip(":."))] == []


def _english(message: catalogues.Message) -> list[str]:
    return [message.source, message.parts.get("msgid_plural", "")]


def _pattern(text: str) -> str:
    fixed = re.split(r"%\(\w+\)s", text.replace("’", "'").rstrip(":.?"))
    if len(fixed) > 1 and len("".join(fixed)) < 8:
        return "nothing"  # else any text would do
    return ".+".join(re.escape(part) for part in fixed) + r"\??"
