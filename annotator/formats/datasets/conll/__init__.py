"""CoNLL: a word and its tag on each line, in columns as in 2003, in two columns, or as CoNLL-U with tags in MISC.

Columns have no place for white space, and most programs that read them take a comment for a word (spaCy, the loaders of
Hugging Face, `conlleval`). So the texts stand in a file beside them, NAME.texts.jsonl, a line for each document: with
it, every span comes back to its characters; without it, other programs read the columns as always. CoNLL-U says white
space itself (`SpaceAfter`, `SpacesAfter`) and has comments, so it needs no second file.

Words are cut where a span begins or ends inside of one, so no span moves. A word has one tag: where spans overlap, the
option `overlaps` says which of them stay. No sentence ends inside of a span.

Read are columns with spaces or tabs in any of IOB1, IOB2, BILOU and BIOES, as `conlleval` takes them: CoNLL-2002 and
2003, GermEval, WNUT, several columns of nested tags; and CoNLL-U with `NER=`, `NE=`, `name=` or a bare tag.
Source: https://www.clips.uantwerpen.be/conll2003/ner/, https://universaldependencies.org/format.html and
https://ufal.mff.cuni.cz/udpipe/1/users-manual (the escapes of white space).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from annotator.formats.datasets.conll.choosing import LABELS, NO_WORD, OVERLAPS, WHITE, on_words
from annotator.formats.datasets.conll.columns import write_columns
from annotator.formats.datasets.conll.conllu import conllu_entries, write_conllu
from annotator.formats.datasets.conll.reading import column_entries
from annotator.formats.datasets.conll.rows import Rows
from annotator.formats.datasets.entries import BadEntry, Entry, FormatContext, Line
from annotator.formats.datasets.holding import OF_DOCUMENTS, OF_SOURCES, Holds, kept, loses
from annotator.formats.datasets.output import Output

HOLDS = Holds(frozenset(OF_DOCUMENTS), frozenset(OF_SOURCES))

LOSES = loses(HOLDS, more=(OVERLAPS, WHITE, NO_WORD, LABELS))


def held(line: Line, context: FormatContext) -> Entry:
    """Return what the tags keep of a line: labels and edges of spans that begin and end with a word."""
    return on_words(kept(line, HOLDS, context.losses), context)


def write(entries: Iterable[Entry], output: Output, context: FormatContext) -> None:
    """Write the words with their tags, and the texts beside them where the columns cannot say them."""
    if context.options["columns"] == "conllu":
        write_conllu(entries, output, context)
    else:
        write_columns(entries, output, context)


def read(path: Path, context: FormatContext) -> Iterator[tuple[int, Entry | BadEntry]]:
    """Yield (line of its first word, entry) for each document.

    Raises:
        DatasetError: The file has no words with tags.
        UserError: The file cannot be opened.
    """
    rows = Rows(path)
    return conllu_entries(rows, context) if rows.layout.is_conllu else column_entries(rows, context)
