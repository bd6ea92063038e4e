from pathlib import Path

import pytest

from annotator.core.errors import DatasetError
from annotator.formats.samples import FORMAT, SampleRelation, SampleSpan, locate, read_tags

HEAD = f'format = "{FORMAT}"\n'
SPAN = '[[spans]]\nkey = "a"\nlabel = "pledge"\nquote = "we will"\n'


def written(folder: Path, content: str) -> Path:
    path = folder / "text.tags.toml"
    path.write_text(content, encoding="utf-8")
    return path


def test_tags_are_read(tmp_path: Path) -> None:
    second = '[[spans]]\nkey = "b"\nlabel = "condition"\nquotes = ["if", "so"]\noccurrence = 2\nnote = "n"\n'
    second += 'attributes = { status = "open" }\n'
    relation = '[[relations]]\ntype = "conditions"\nfrom = "b"\nto = "a"\n'
    tags = read_tags(written(tmp_path, HEAD + SPAN + second + relation))
    assert tags.spans == (
        SampleSpan("a", "pledge", ("we will",)),
        SampleSpan("b", "condition", ("if", "so"), 2, {"status": "open"}, "n"),
    )
    assert tags.relations == (SampleRelation("conditions", "b", "a"),)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("", "holds no tags"),
        (HEAD + "x", "line 2: not TOML"),
        (HEAD + "other = 1", "the file has the unknown field “other”"),
        (HEAD + "spans = 1", "“spans” must be a list of tables"),
        (HEAD + SPAN + SPAN, "two spans have the key “a”"),
        (HEAD + SPAN + "colour = 1", "span 1 has the unknown field “colour”"),
        (HEAD + SPAN + 'quotes = ["x"]', "span 1 must have either"),
        (HEAD + '[[spans]]\nkey = "a"\nlabel = "pledge"', "span 1 must have either"),
        (HEAD + '[[spans]]\nkey = "a"\nlabel = "pledge"\nquotes = []', "“quotes” of span 1 must be a list"),
        (HEAD + '[[spans]]\nkey = "a"\nlabel = "pledge"\nquote = ""', "“quotes” of span 1 must be a list"),
        (HEAD + '[[spans]]\nkey = "a"\nquote = "x"', "“label” of span 1 must be a word"),
        (HEAD + SPAN + "occurrence = 0", "“occurrence” of span 1 must be a whole number"),
        (HEAD + SPAN + "attributes = 1", "“attributes” of span 1 must be a table"),
        (HEAD + SPAN + "note = 1", "“note” of span 1 must be text"),
        (HEAD + SPAN + '[[relations]]\ntype = "x"\nfrom = "a"\nto = "c"', "relation 1 names the span “c”"),
        (HEAD + SPAN + '[[relations]]\nfrom = "a"\nto = "a"', "“type” of relation 1 must be a word"),
    ],
)
def test_wrong_tags_are_refused(tmp_path: Path, content: str, says: str) -> None:
    path = written(tmp_path, content)
    with pytest.raises(DatasetError, match=says) as refusal:
        read_tags(path)
    assert str(path) in str(refusal.value)


def test_fragments_are_sought_in_order() -> None:
    text = "we, if we may, will; we will"
    assert locate(SampleSpan("a", "pledge", ("we", "will")), text) == ((0, 2), (15, 19))
    assert locate(SampleSpan("a", "pledge", ("we",), 2), text) == ((7, 9),)
    assert locate(SampleSpan("a", "pledge", ("we", "will"), 3), text) == ((21, 23), (24, 28))


@pytest.mark.parametrize("span", [SampleSpan("a", "pledge", ("we",), 2), SampleSpan("a", "pledge", ("will", "we"))])
def test_missing_quote_is_refused(span: SampleSpan) -> None:
    with pytest.raises(DatasetError, match=r"does not hold .* of span “a”"):
        locate(span, "we will")
