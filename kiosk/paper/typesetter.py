"""From sheets to PDF: the one place that knows typst.

A PDF is tagged (PDF/UA-1) and, for the same sheet, the same bytes. A character no installed font
has is never dropped or printed as a box: 〓 stands for it and the foot of the sheet names it.
"""

import json
from collections.abc import Mapping
from contextlib import ExitStack
from functools import lru_cache
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
_ALWAYS_THERE = range(0x20, 0x7F)


class TypesetError(Exception):
    """The paper could not be made; the message is for the log and holds no content."""


class Typesetter:
    """Keeps the fonts it has found: the first sheet takes 0.3 s, the next a few milliseconds."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._open = ExitStack()
        folder = resources.files("kiosk.paper")
        self._root: Path = self._open.enter_context(resources.as_file(folder))
        self._displayable = lru_cache(maxsize=4096)(self._has_glyph)
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
            lost = sorted(
                {each for text in texts_of(sheet.content) for each in text if not self._has(each)}
            )
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
        return typst.Compiler(str(self._root / f"{template}.typ"), root=str(self._root))

    def _has(self, character: str) -> bool:
        return ord(character) in _ALWAYS_THERE or bool(self._displayable(character))

    def _has_glyph(self, character: str) -> bool:
        try:
            self._probe.compile(
                format="pdf", sys_inputs={"character": character}, pdf_standards=[STANDARD]
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
