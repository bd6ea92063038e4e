"""What a person corrects in a candidate before it is stored: its text, its title, and what is known of it."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import replace

from annotator.analysis.document_sentences import DocumentSentences
from annotator.analysis.duplicates import sketch
from annotator.core.errors import DocumentReadError
from annotator.core.structure import Structure
from annotator.core.text import has_surrogates, normalise_newlines
from annotator.core.text_edits import Moves, Side, TextEdit
from annotator.formats.documents.revise import revise
from annotator.formats.documents.source import ReadDocument, storable, tidy_title
from annotator.session.findings import Candidate


def corrected(
    candidate: Candidate,
    edits: Sequence[TextEdit] = (),
    *,
    title: str | None = None,
    date: str | None = None,
    language: str | None = None,
    url: str | None = None,
) -> Candidate:
    """Return the candidate with its text edited and with other values.

    The edits are those of the text as it was read. Sentences are split anew on the lines that were edited. A value that
    is None stays as it was read, and so does the title where a blank one is given. It may take some seconds for a long
    text, so the window asks for it on another thread.

    Raises:
        DocumentReadError: Nothing of the text is left, or new text holds half a character.
        BugError: The edits are out of order or outside the text.
    """
    edits = storable_edits(edits, candidate.file.name)
    read = edited(candidate.read, edits, candidate.file.name)
    given = {"title": tidy_title(title or "") or None, "date": date, "language": language, "url": url}
    values = {name: storable(value).strip() for name, value in given.items() if value is not None}
    twins = tuple(replace(twin, same=twin.same and not edits) for twin in candidate.twins)
    return replace(candidate, read=replace(read, **values), twins=twins)


def storable_edits(edits: Sequence[TextEdit], file: str) -> list[TextEdit]:
    """Return the edits with LF newlines, as every text has them; `file` names the text.

    Raises DocumentReadError for new text that holds half a character (a lone surrogate).
    """
    if any(has_surrogates(edit.text) for edit in edits):
        raise DocumentReadError("“{file}”: the new text holds half a character. Type it again.", file=file)
    return [replace(edit, text=normalise_newlines(edit.text)) for edit in edits]


def edited(read: ReadDocument, edits: Sequence[TextEdit], file: str) -> ReadDocument:
    """Return what was read with its text edited, everything that points into it moved along; `file` names it.

    Raises DocumentReadError and BugError as `corrected` does.
    """
    if edits:
        read = _with_sentences(revise(read, edits), edits)
        read = replace(read, sketch=sketch(read.text))
    if not read.text.strip():
        raise DocumentReadError("“{file}”: all of its text is left out. Keep a paragraph.", file=file)
    return read


def _with_sentences(read: ReadDocument, edits: Sequence[TextEdit]) -> ReadDocument:
    """Return the document with the sentences of the edited lines split anew."""
    text, structure = read.text, read.structure
    sentences = list(structure.sentences)
    anew = DocumentSentences(text, read.language, structure.ranges)
    for start, end in reversed(_edited_lines(text, edits)):
        low, high = bisect_left(sentences, (start, 0)), bisect_left(sentences, (end, 0))
        sentences[low:high] = anew.between(start, end)
    return replace(read, structure=Structure(structure.ranges, tuple(sentences)))


def _edited_lines(text: str, edits: Sequence[TextEdit]) -> list[tuple[int, int]]:
    """Return the stretches of whole lines of the edited text that hold something new, in order and apart."""
    moves = Moves(edits)
    lines: list[tuple[int, int]] = []
    for edit in edits:
        low, high = moves.moved(edit.start, Side.BEFORE), moves.moved(edit.end, Side.AFTER)
        start = text.rfind("\n", 0, low) + 1
        end = text.find("\n", high)
        end = len(text) if end < 0 else end
        if lines and start <= lines[-1][1]:
            start = lines.pop()[0]
        lines.append((start, end))
    return lines
