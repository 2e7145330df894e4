"""What no other linter says: templates without inline style or script, style sheets without sides, no secrets."""

import re
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
_TEMPLATE = {
    r"\sstyle\s*=": "inline style: the content policy refuses it",
    r"\son[a-z]+\s*=\s*[\"']": "inline handler: the content policy refuses it",
    r"\shx-on\b": "hx-on is an inline handler: the content policy refuses it",
    r"<style\b": "inline style sheet: the content policy refuses it",
    r"<script(?![^>]*\bsrc=)(?![^>]*type=.application/json)": "inline script: the content policy refuses it",
    r"\bcount \w+=(\w+)\b[^%]*\bwith\b[^%]*\b\1=": "what is counted is given a text: the page fails",
    r"\|\s*safe\b": "|safe on text: show it as text",
    r"https?://": "an address of another host: nothing is fetched from outside",
}
_CODE = {
    r"\bmark_safe\(": "mark_safe: use format_html",
    r"\bcsrf_exempt\b": "csrf_exempt: no view goes without",
    r"\.extra\(|\bRawSQL\(": "raw SQL: say it with the ORM",
    r"forms\.IntegerField\((?!.*HIDDEN|.*HiddenInput)": "takes the digits 0 to 9 alone: use foundation.web.NumberField",
    r"(?<!import )\bnumber_format\((?!.*force_grouping)": "groups no digits: use foundation.numbers.format_number",
}
_STYLE = {
    r"(?:margin|padding|border)-(?:left|right)\b": "physical side: use -inline-start or -inline-end",
    r"(?<![\w-])(?:left|right)\s*:": "physical side: use inset-inline-start or -end",
    r"text-align\s*:\s*(?:left|right)": "physical side: use start or end",
    r"float\s*:\s*(?:left|right)": "physical side: use inline-start or inline-end",
    r"https?://": "an address of another host: nothing is fetched from outside",
}
_SECRET = {
    r"-----BEGIN [A-Z ]*PRIVATE KEY-----": "a private key: it belongs into no repository",
    r"(?<![\w/+-])[\w/+-]{43}=(?![\w=])": "a key of 32 bytes: it belongs into the settings file of one office",
    r"(?<![\w/+-])(?=\S{,63}[A-Z])(?=\S{,63}\d)[\w/+-]{64}(?![\w/+=-])": "a key of 48 bytes: as above",
    r"://[^\s/:@]+:(?!PASSWORD@)[^\s/@{}]+@": "a password in an address",
}
_TEXTS = re.compile(r".*\.(?:py|md|txt|toml|html|js|json|sh|conf|service|timer|in|env)|[^.]+")  # names of files
_NOT_OURS = {"var", "__pycache__"}  # nor what begins with a dot
_NAMESPACE = "http://www.w3.org/"  # names of XML namespaces are not fetched


def findings(root: Path) -> Iterator[str]:
    """One line for each fault: file, line, what is wrong."""
    yield from _faults(sorted((root / "templates").rglob("*.html")), _TEMPLATE, root)
    for app in ("config", "foundation", "membership", "recruitment", "reports"):
        yield from _faults(sorted((root / app).rglob("*.py")), _CODE, root)
    own = [path for path in sorted((root / "static").rglob("*.css")) if "vendor" not in path.parts]
    yield from _faults(own, _STYLE, root)
    yield from _faults(list(_texts(root)), _SECRET, root)


def _texts(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.iterdir()):
        if path.name.startswith(".") or path.name in _NOT_OURS:
            continue
        if path.is_dir():
            yield from _texts(path)
        elif _TEXTS.fullmatch(path.name):
            yield path


def _faults(paths: list[Path], wrong: dict[str, str], root: Path) -> Iterator[str]:
    for path in paths:
        for number, line in enumerate(path.read_text(errors="replace").splitlines(), start=1):
            text = line.replace(_NAMESPACE, "")
            for pattern, why in wrong.items():
                if re.search(pattern, text):
                    yield f"{path.relative_to(root)}:{number}: {why}"


if __name__ == "__main__":
    found = list(findings(ROOT))
    sys.stdout.writelines(f"{line}\n" for line in found)
    sys.exit(bool(found))
