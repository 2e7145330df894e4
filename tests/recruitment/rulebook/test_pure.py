import ast
from pathlib import Path

import pytest

from recruitment import rulebook

FILES = sorted(Path(rulebook.__path__[0]).rglob("*.py"))
ALLOWED = ("recruitment.rulebook", "django.utils.translation", "dateutil", "holidays")
STANDARD = {
    "__future__",
    "bisect",
    "collections",
    "dataclasses",
    "datetime",
    "enum",
    "functools",
    "importlib",
    "json",
} | {*("operator", "pkgutil", "typing")}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_the_rule_book_asks_no_database_and_no_clock(path):
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        modules = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        modules += [node.module] if isinstance(node, ast.ImportFrom) else []
        for module in modules:
            assert module.split(".")[0] in STANDARD or module.startswith(ALLOWED), module
        if isinstance(node, ast.Attribute) and node.attr in ("today", "now"):
            assert ast.unparse(node.value) in ("facts", "self")
