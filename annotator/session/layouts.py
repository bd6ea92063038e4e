"""The stored page layouts of documents, checked when they are read: a project file may come from anybody."""

from __future__ import annotations

from annotator.core.errors import ProjectFileError
from annotator.core.pages import PageLayout, check_layout, read_pages
from annotator.core.records import Document
from annotator.storage.repository import Repository


def layout_of(repository: Repository, document: Document, rest: float = 0.0) -> PageLayout | None:
    """Return where a document's words stand on its pages, or None where it has none; `rest` is as in `read_pages`.

    Raises ProjectFileError where what is stored is missing, damaged, or no layout of this text.
    """
    if document.pages is None:
        return None
    data = repository.blobs.get(document.pages)
    try:
        layout = read_pages(data, rest)
        check_layout(layout, document.characters)
    except (ValueError, TypeError, KeyError, IndexError, AttributeError, OverflowError, RecursionError) as error:
        template = "The project file is damaged: the pages of “{title}” are not what was stored. Restore a backup."
        raise ProjectFileError(template, title=document.title) from error
    return layout
