"""Fields of a Word file that are spread over runs: instruction, separator, result. Only results are text."""

from __future__ import annotations

from dataclasses import dataclass, field

from lxml import etree

from annotator.formats.documents.office.docx_package import W
from annotator.formats.documents.office.text import field_address
from annotator.formats.documents.office.xml import elements, local_name

_DEEPEST = 100


@dataclass(slots=True)
class _Field:
    instruction: list[str] = field(default_factory=list)
    in_result: bool = False
    url: str = ""


class FieldStack:
    """The fields that are open at a place of the text."""

    def __init__(self) -> None:
        self._open: list[_Field] = []

    def take(self, element: etree._Element) -> bool:
        """Take the next element of a run; return whether it is text that is shown."""
        name = local_name(element)
        if name == "fldChar":
            self._turn(element.get(W + "fldCharType", ""))
        elif name == "instrText" and self._open and not self._open[-1].in_result:
            self._open[-1].instruction.append(element.text or "")
        return all(opened.in_result for opened in self._open)

    def skim(self, run: etree._Element) -> None:
        """Take the elements of a run that is not shown itself."""
        for element in elements(run):
            self.take(element)

    def url(self) -> str:
        """Return the address that the innermost link field leads to, or an empty string."""
        return next((opened.url for opened in reversed(self._open) if opened.url), "")

    def _turn(self, kind: str) -> None:
        if kind == "begin" and len(self._open) < _DEEPEST:
            self._open.append(_Field())
        elif kind == "separate" and self._open:
            self._open[-1].in_result = True
            self._open[-1].url = field_address("".join(self._open[-1].instruction))
        elif kind == "end" and self._open:
            self._open.pop()
