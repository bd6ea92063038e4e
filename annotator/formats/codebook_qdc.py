"""Codebooks of REFI-QDA (`.qdc`), as NVivo, ATLAS.ti, MAXQDA, QualCoder and Taguette exchange them.

A code is a label: its name, its description, its colour and the code above it. Colours that could not be read as text
are brought nearer to black or white. The standard has no attributes, no relations and no keys: keys are made of names.
A codebook out of a project (`project.qde`) is read, too. Sets of codes are passed over.

Source: https://www.qdasoftware.org, Codebook Exchange 1.0.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from annotator.core.codebook import Codebook
from annotator.core.codebook_edits import new_label, with_entry
from annotator.core.errors import CodebookError, DatasetError
from annotator.core.ids import derived_id, is_id
from annotator.core.palette import readable
from annotator.formats.datasets.refi_qda.writing import code_elements
from annotator.formats.datasets.refi_qda.xml import Element, children, elements, guid, text_in

NAMESPACE = "urn:QDA-XML:codebook:1.0"
_MOST_CODES = 2_000
_LONGEST_NAME = 80
_IDS = "8f6f2f0e-8c3b-5b0e-9d53-5c6f3f1f7a10"
_COLOUR = re.compile(r"#(?:[0-9a-fA-F]{3}|[0-9a-fA-F]{6})")


@dataclass(frozen=True, slots=True)
class _Code:
    identity: str
    name: str
    colour: str
    description: str
    parent: str | None


def read_qdc(content: bytes, path: Path) -> Codebook:
    """Return the codebook of a file. Raises CodebookError that names it and says what is wrong."""
    codes: list[_Code] = []
    try:
        for element in elements(io.BytesIO(content), ("Codes",), str(path)):
            codes += _codes_in(element, None)
    except DatasetError as error:
        raise CodebookError("{reason}", reason=str(error)) from error
    if not codes:
        raise CodebookError("{file} holds no codes: it is no REFI-QDA codebook. Choose another file.", file=path)
    if len(codes) > _MOST_CODES:
        raise CodebookError(
            "{file} holds {count} codes; {limit} are read.", file=path, count=len(codes), limit=_MOST_CODES
        )
    name = path.stem[:_LONGEST_NAME] or "Codebook"
    return _codebook(Codebook(derived_id(_IDS, *(code.identity for code in codes)), name, 1, (), (), ()), codes)


def _codes_in(parent: Element, above: str | None) -> Iterator[_Code]:
    for element in children(parent, "Code"):
        identity, name = guid(element.get("guid")), " ".join((element.get("name") or "").split())
        colour = element.get("color") or ""
        if name:
            yield _Code(identity, name, colour, text_in(element, "Description").strip(), above)
        yield from _codes_in(element, identity if name else above)


def _codebook(codebook: Codebook, codes: list[_Code]) -> Codebook:
    known: dict[str, str] = {}
    for code in codes:
        label = new_label(codebook, code.name[:_LONGEST_NAME], known.get(code.parent or ""))
        identity = code.identity if is_id(code.identity) and code.identity not in known else label.id
        known[code.identity] = identity
        label = replace(label, id=identity, definition=code.description)
        if _COLOUR.fullmatch(code.colour):
            digits = code.colour[1:].lower()
            colour = "#" + (digits if len(digits) == 6 else "".join(2 * digit for digit in digits))
            label = replace(label, light=readable(colour, dark=False), dark=readable(colour, dark=True))
        codebook = with_entry(codebook, label)
    return codebook


def qdc_text(codebook: Codebook) -> str:
    """Return the labels of a codebook that are in use as a REFI-QDA codebook."""
    shown = [label for label in codebook.labels if not label.retired]
    if not shown:
        raise CodebookError("A REFI-QDA codebook needs a label at least. Make one, or export another format.")
    codes = "".join(code_elements(shown))
    return (
        f'<?xml version="1.0" encoding="utf-8"?>\n<CodeBook xmlns="{NAMESPACE}" origin="Annotator">\n'
        f"<Codes>\n{codes}</Codes>\n</CodeBook>\n"
    )
