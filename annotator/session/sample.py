"""The sample project: three texts of our own, imported and tagged by the same verbs that a person uses."""

from __future__ import annotations

from pathlib import Path

from annotator import paths
from annotator.core.errors import BugError
from annotator.core.records import Annotation, Document
from annotator.formats.codebooks import default_codebook
from annotator.formats.samples import SampleTags, locate, read_tags
from annotator.session.people import Person
from annotator.session.session import Session, create_project

TITLE = "Sample project"


def make_sample(path: Path, person: Person) -> None:
    """Make the sample project, whole or not at all. Raises UserError where the file exists or cannot be made."""
    create_project(path, default_codebook(), person, TITLE)
    try:
        _fill(path, person)
    except BaseException:
        path.unlink(missing_ok=True)
        raise


def _fill(path: Path, person: Person) -> None:
    folder = paths.resources() / "samples"
    with Session(path, person) as session:
        result = session.documents.import_files(sorted(folder.glob("*.md")))
        if result.failed or not result.imported:
            raise BugError(f"the sample texts did not import: {result.failed}")
        for imported in result.imported:
            tags = read_tags(folder / f"{Path(imported.file).stem}.tags.toml")
            with session.group(f"Tag “{imported.document.title}”"):
                _tag(session, imported.document, tags)


def _tag(session: Session, document: Document, tags: SampleTags) -> None:
    codebook = session.queries.codebook()
    text = session.queries.content(document.id).text
    made: dict[str, Annotation] = {}
    for span in tags.spans:
        label = codebook.label_by_key(span.label)
        made[span.key] = session.annotations.tag(document.id, label.id, locate(span, text), span.attributes, span.note)
    for relation in tags.relations:
        session.relations.relate(made[relation.source].id, relation.type, made[relation.target].id)
