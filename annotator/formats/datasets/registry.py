"""The table of dataset formats.

How to add a format:
1. write `formats/datasets/NAME.py` with `held`, `write` and `read` side by side (see doccano.py): `held` says what the
   format keeps of a dataset line and counts the rest, `write` writes that, `read` gives it back;
2. add its row to `_FORMATS`;
3. add its row to `tests/formats/round_trips.py` and a test of its own, `tests/formats/test_dataset_NAME.py`;
4. describe it in `resources/guide/formats.md`.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from types import ModuleType

from annotator.core.errors import UserError


@dataclass(frozen=True, slots=True)
class FormatOption:
    """A choice that a format leaves to the person: `choices` are (value, title), the first one is usual."""

    name: str
    title: str
    choices: tuple[tuple[str, str], ...]

    @property
    def usual(self) -> str:
        """The value that is taken where nobody chooses."""
        return self.choices[0][0]


@dataclass(frozen=True, slots=True)
class DatasetFormat:
    """What the program knows of a format before it is used.

    `extensions` carry their dot, the usual one first; those of a format that makes a folder are of single files that it
    reads. `options` are asked for at exports. `has_card` says that the files of the format hold a data card. `needs` is
    a module of a library that does not come with every installation, `extra` what installs it.
    """

    name: str
    title: str
    extensions: tuple[str, ...]
    reads: bool
    writes: bool
    module: str
    options: tuple[FormatOption, ...] = ()
    is_folder: bool = False
    has_card: bool = False
    needs: str = ""
    extra: str = ""

    @property
    def missing(self) -> str:
        """The library that the format needs and that is not installed; empty where it can be used."""
        return self.needs if self.needs and find_spec(self.needs) is None else ""

    def implementation(self) -> ModuleType:
        """Return the format's module, imported on first use only. Raises UserError where its library is missing."""
        if self.missing:
            raise UserError(
                "{title} needs the library {library}, which is not installed. Install annotator[{extra}].",
                title=self.title,
                library=self.needs,
                extra=self.extra,
            )
        return import_module(self.module)

    @property
    def loses(self) -> tuple[str, ...]:
        """What a project holds and no file of this format can: the kinds of its loss reports, and what none has."""
        return import_module(self.module).LOSES

    def chosen(self, given: dict[str, str]) -> dict[str, str]:
        """Return a value for every option. Raises UserError for an option or a value that there is not."""
        known = {option.name: option for option in self.options}
        for name, value in given.items():
            values = [choice for choice, _ in known[name].choices] if name in known else []
            if value not in values:
                raise UserError(
                    "{title} has no option {name}={value}. There are: {known}.",
                    title=self.title,
                    name=name,
                    value=value,
                    known=self._known_options(),
                )
        return {option.name: given.get(option.name, option.usual) for option in self.options}

    def _known_options(self) -> str:
        found = (f"{option.name}={'|'.join(value for value, _ in option.choices)}" for option in self.options)
        return ", ".join(found) or "none"


_HERE = "annotator.formats.datasets"
_USE = FormatOption(
    "use",
    "For",
    (
        ("spreadsheet", "Spreadsheets: what would run as a formula gets an apostrophe"),
        ("programs", "R, pandas and other programs: every cell to the letter"),
    ),
)

_SHAPE = FormatOption(
    "shape",
    "A row has",
    (("documents", "A document with its spans"), ("tokens", "Words with tags, for token classification")),
)

_FORMATS = (
    DatasetFormat("jsonl", "Annotator JSONL", (".jsonl",), True, True, f"{_HERE}.jsonl"),
    DatasetFormat(
        "sentences",
        "Sentences or paragraphs with labels, JSONL",
        (".jsonl",),
        True,
        True,
        f"{_HERE}.sentences",
        options=(
            FormatOption("level", "A line is", (("sentence", "A sentence"), ("paragraph", "A paragraph"))),
            FormatOption(
                "rule",
                "A line has the labels of",
                (
                    ("any", "Every span that it shares a character with"),
                    ("half", "Spans that lie in it by half"),
                    ("start", "Spans that begin in it"),
                ),
            ),
            FormatOption(
                "unread",
                "Lines without labels that nobody has read",
                (("keep", "Go along, marked as not read"), ("leave", "Stay out: they may hold what nobody saw")),
            ),
        ),
    ),
    DatasetFormat(
        "doccano",
        "doccano JSONL",
        (".jsonl", ".json"),
        True,
        True,
        f"{_HERE}.doccano",
        options=(
            FormatOption(
                "form", "Form", (("entities", "Entities and relations"), ("triples", "Labels as triples, no relations"))
            ),
        ),
    ),
    DatasetFormat(
        "label-studio",
        "Label Studio JSON",
        (".json",),
        True,
        True,
        f"{_HERE}.label_studio",
        options=(
            FormatOption(
                "people",
                "Annotations belong to",
                (("importer", "Whoever imports them there"), ("email", "Members there, by name or id")),
            ),
        ),
    ),
    DatasetFormat("prodigy", "Prodigy JSONL", (".jsonl", ".json"), True, True, f"{_HERE}.prodigy"),
    DatasetFormat(
        "spacy",
        "spaCy DocBin",
        (),
        True,
        True,
        f"{_HERE}.spacy",
        options=(
            FormatOption(
                "spans_key",
                "Spans stand under",
                (
                    ("sc", "“sc”, the key that spaCy's span categorizer looks for"),
                    ("layer", "The name of their layer"),
                    ("label", "Their label"),
                ),
            ),
        ),
        is_folder=True,
        needs="spacy",
        extra="nlp",
    ),
    DatasetFormat(
        "huggingface",
        "Hugging Face dataset",
        (".parquet", ".arrow"),
        True,
        True,
        f"{_HERE}.huggingface.folder",
        options=(FormatOption("files", "Files", (("jsonl", "JSON Lines"), ("parquet", "Parquet"))), _SHAPE),
        is_folder=True,
        has_card=True,
        extra="parquet",
    ),
    DatasetFormat(
        "parquet",
        "Parquet, a Hugging Face dataset",
        (),
        True,
        True,
        f"{_HERE}.huggingface.folder",
        options=(FormatOption("files", "Files", (("parquet", "Parquet"), ("jsonl", "JSON Lines"))), _SHAPE),
        is_folder=True,
        has_card=True,
        needs="pyarrow",
        extra="parquet",
    ),
    DatasetFormat(
        "conll",
        "CoNLL (words with tags)",
        (".conll", ".conllu", ".iob", ".bio"),
        True,
        True,
        f"{_HERE}.conll",
        options=(
            FormatOption(
                "columns",
                "Columns",
                (
                    ("2003", "Four, as in CoNLL-2003"),
                    ("two", "Two, with a tab between word and tag"),
                    ("conllu", "CoNLL-U, with tags in MISC"),
                ),
            ),
            FormatOption(
                "scheme",
                "Tags",
                (
                    ("iob2", "IOB2 (BIO)"),
                    ("bilou", "BILOU"),
                    ("bioes", "BIOES"),
                    ("iob1", "IOB1, as in the files of 2003"),
                ),
            ),
            FormatOption(
                "overlaps",
                "Where spans overlap",
                (
                    ("longest", "The longest one stays"),
                    ("codebook", "The one stays whose label comes first in the codebook"),
                    ("columns", "Each label has a column of its own"),
                ),
            ),
            FormatOption(
                "documents",
                "Files that are read without marks of documents are",
                (("file", "One document"), ("sentence", "A document for each sentence")),
            ),
        ),
    ),
    DatasetFormat("brat", "brat standoff", (".ann",), True, True, f"{_HERE}.brat", is_folder=True),
    DatasetFormat("cas-xmi", "UIMA CAS, XMI", (".xmi",), True, True, f"{_HERE}.cas.xmi_folder", is_folder=True),
    DatasetFormat("cas-json", "UIMA CAS, JSON", (".json",), True, True, f"{_HERE}.cas.json_folder", is_folder=True),
    DatasetFormat("webanno-tsv", "WebAnno TSV 3", (".tsv",), True, False, f"{_HERE}.cas.webanno_tsv"),
    DatasetFormat("w3c", "W3C Web Annotation, JSON-LD", (".jsonld",), True, True, f"{_HERE}.w3c", is_folder=True),
    DatasetFormat("refi-qda", "REFI-QDA project", (".qdpx",), True, True, f"{_HERE}.refi_qda"),
    DatasetFormat("qualcoder", "QualCoder project", (".qda",), True, False, f"{_HERE}.qualcoder"),
    DatasetFormat("dna", "Discourse Network Analyzer", (".dna",), True, False, f"{_HERE}.dna"),
    DatasetFormat(
        "csv",
        "CSV table of spans",
        (".csv", ".tsv"),
        True,
        True,
        f"{_HERE}.csv",
        options=(
            _USE,
            FormatOption(
                "separator", "Separator", (("comma", "Comma"), ("semicolon", "Semicolon"), ("tab", "Tab stop"))
            ),
        ),
    ),
    DatasetFormat("xlsx", "XLSX table of spans", (".xlsx", ".xlsm"), True, True, f"{_HERE}.xlsx", options=(_USE,)),
)


def dataset_formats() -> tuple[DatasetFormat, ...]:
    """Return every format in the order in which lists show them."""
    return _FORMATS


def format_named(name: str) -> DatasetFormat:
    """Return the format of this name. Raises UserError that lists the names there are."""
    for entry in _FORMATS:
        if entry.name == name:
            return entry
    known = ", ".join(entry.name for entry in _FORMATS)
    raise UserError("There is no dataset format “{name}”. Choose one of: {known}.", name=name, known=known)
