"""Templates without their indentation: it is for those who write them, and a third of what would travel."""

import re

from django.template import Origin
from django.template.loaders import filesystem

_INDENTED = re.compile(r"\n\s+")
_SILENT = "if|elif|else|endif|for|empty|endfor|with|endwith|block|endblock|load"
_ALONE = re.compile(rf"\n(?=\{{% (?:{_SILENT})\b[^%\n]*%\}}\n)")


class Loader(filesystem.Loader):
    """Reads templates as Django does; what is white space to a reader stays one white space.

    So what is preformatted (`pre`, `textarea`) comes from a value, never from a template's own indented lines.
    """

    def get_contents(self, origin: Origin) -> str:
        """The template's text: no indentation, no empty lines, none for a tag alone on its line that shows nothing."""
        return _ALONE.sub("", _INDENTED.sub("\n", super().get_contents(origin)))
