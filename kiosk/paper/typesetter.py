"""From sheets to PDF: the one place that knows typst.

A PDF is tagged (PDF/UA-1) and, for the same sheet, the same bytes. A character no installed font
has is never dropped or printed as a box: 〓 stands for it and the foot of the sheet names it.
"""

import json
from collections.abc import Iterable, Mapping
from contextlib import ExitStack
from importlib import resources
from pathlib import Path
from threading import Lock
from typing import Final

import typst

from kiosk.paper.sheet import Sheet, rewritten, texts_of
from kiosk.session.paper import Form

STANDARD: Final = "ua-1"
MISSING = "〓"
_COUNTY = "county"
TEMPLATES: Final = {
    **{form: form.value for form in Form},
    Form.COUNTY_TRANSFER: _COUNTY,
    Form.COUNTY_SURPLUS: _COUNTY,
}
"""The template of each form; what differs between counties is in their tables."""
_NOT_DISPLAYED = "could not be displayed"
_ALWAYS_THERE = frozenset(map(chr, range(0x20, 0x7F)))
_REMEMBERED: Final = 4_096
"""Characters whose glyph is not looked for again."""


class TypesetError(Exception):
    """The paper could not be made; the message is for the log and holds no content."""


class Typesetter:
    """Keeps the fonts it has found: they take most of the first sheet, the next ones are quick."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._open = ExitStack()
        folder = resources.files("kiosk.paper")
        self._root: Path = self._open.enter_context(resources.as_file(folder))
        self._fonts = typst.Fonts()  # looked for once, not once a template
        self._there: frozenset[str] = _ALWAYS_THERE
        self._probe = self._compiler("probe")
        self._compilers = {name: self._compiler(name) for name in sorted(set(TEMPLATES.values()))}

    def close(self) -> None:
        """Let go of the templates."""
        self._open.close()

    def typeset(self, sheet: Sheet) -> bytes:
        """The sheet as PDF.

        Raises:
            TypesetError: The template does not fit the content.
        """
        with self._lock:
            lost = self._lost(texts_of(sheet.content))
            content = rewritten(sheet.content, {ord(each): MISSING for each in lost})
            missing = [f"U+{ord(each):04X}" for each in lost]
            data = json.dumps({"missing": missing, **_values(content)})
            try:
                return _bytes_of(
                    self._compilers[TEMPLATES[sheet.form]].compile(
                        format="pdf", sys_inputs={"data": data}, pdf_standards=[STANDARD]
                    )
                )
            except typst.TypstError as error:
                raise TypesetError(f"{sheet.form}: {type(error).__name__}") from None

    def _compiler(self, template: str) -> typst.Compiler:
        template_file = str(self._root / f"{template}.typ")
        return typst.Compiler(template_file, root=str(self._root), font_paths=self._fonts)

    def _lost(self, texts: Iterable[str]) -> list[str]:
        """Characters no font has. All are tried at once; only if that fails, each by itself."""
        new = sorted(set().union(*texts) - self._there)
        lost = [] if self._shows(new) else [each for each in new if not self._shows([each])]
        known = self._there if len(self._there) < _REMEMBERED else _ALWAYS_THERE
        self._there = known.union(new).difference(lost)
        return lost

    def _shows(self, characters: list[str]) -> bool:
        try:
            self._probe.compile(
                format="pdf",
                sys_inputs={"characters": "\n".join(characters)},
                pdf_standards=[STANDARD],
            )
        except typst.TypstError as error:
            if _NOT_DISPLAYED in str(error):
                return False
            raise
        return True


def _values(content: object) -> Mapping[str, object]:
    if not isinstance(content, Mapping):
        raise TypesetError(type(content).__name__)
    return content


def _bytes_of(pdf: object) -> bytes:
    if not isinstance(pdf, bytes):
        raise TypesetError(type(pdf).__name__)
    return pdf
