"""The documents name files, headings, pictures and commands that are there, and each picture is shown somewhere."""

import re
from pathlib import Path

import pytest
from django.core.management import get_commands

from scripts import screenshots

ROOT = screenshots.ROOT
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
LINK = re.compile(r"\]\(([^)\s]+)\)")
BY_HAND = {"floors.svg", "request.svg"}


def headings(page: Path) -> set[str]:
    """As a link names them: small letters, hyphens for spaces, no other marks."""
    found = re.findall(r"^#+ (.+)$", page.read_text(), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading).lower().replace(" ", "-") for heading in found}


def linked(page: Path) -> list[tuple[Path, str]]:
    """The files and headings that the page links."""
    links = [link.partition("#") for link in LINK.findall(page.read_text())]
    return [((page.parent / path).resolve() if path else page, heading) for path, _mark, heading in links]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_leads_somewhere(page):
    lost = [(path, heading) for path, heading in linked(page) if not path.exists()]
    lost += [(path, heading) for path, heading in linked(page) if heading and heading not in headings(path)]
    assert lost == []


def test_each_picture_is_made_and_shown():
    kept = {path.name for path in screenshots.PICTURES.iterdir()}
    shown = {path.name for page in PAGES for path, _heading in linked(page) if path.parent == screenshots.PICTURES}
    assert kept == screenshots.files() | BY_HAND
    assert kept - shown == set()


def test_the_commands_are_there():
    text = "\n".join(page.read_text() for page in PAGES)
    makefile = (ROOT / "Makefile").read_text()
    targets = set(re.findall(r"^([a-z-]+):", makefile, re.MULTILINE))
    assert set(re.findall(r"manage\.py ([a-z_]+)", text)) - set(get_commands()) == set()
    assert set(re.findall(r"`(?:[A-Z]+=\S+ )?make ([a-z-]+)", text)) - targets == set()


def test_the_files_that_are_named_are_there():
    name = re.compile(r"`((?:[a-z]+/)+[\w.-]+\.[a-z]+)(?:[: ,][^`]*)?`")
    named = {word for page in PAGES for word in name.findall(page.read_text())}
    elsewhere = ("var/", "opt/", "etc/")
    assert sorted(word for word in named if not word.startswith(elsewhere) and not _somewhere(word)) == []


def _somewhere(name: str) -> bool:
    """In the folder that the text speaks of: the root, or one of the floors."""
    return any((folder / name).exists() for folder in (ROOT, ROOT / "recruitment", ROOT / "static"))
