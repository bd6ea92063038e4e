"""Codebooks of REFI-QDA: as other programs write them, as pyrefiqda reads ours, and what is refused."""

from __future__ import annotations

from pathlib import Path

import pytest
from pyrefiqda import RefiCodebook

from annotator.core.codebook_edits import checked
from annotator.core.errors import CodebookError
from annotator.core.palette import LEAST_CONTRAST, label_contrast
from annotator.formats.codebooks import default_codebook, read_codebook, write_codebook

OTHERS = """<?xml version="1.0" encoding="utf-8"?>
<CodeBook xmlns="urn:QDA-XML:codebook:1.0" origin="NVivo 12"><Codes>
<Code guid="{AAAAAAAA-0000-4000-8000-000000000001}" name="Обіцянка" isCodable="true" color="#0F0">
  <Description>What somebody
will do &amp; when.</Description>
  <Code guid="aaaaaaaa-0000-4000-8000-000000000002" name="Firm" isCodable="true"/>
</Code>
<Code guid="aaaaaaaa-0000-4000-8000-000000000003" name="Topic" isCodable="false">
  <Code guid="aaaaaaaa-0000-4000-8000-000000000004" name="Firm" isCodable="true" color="not a colour"/>
  <Code guid="aaaaaaaa-0000-4000-8000-000000000004" name="Twice" isCodable="true"/>
</Code></Codes><Sets><Set guid="aaaaaaaa-0000-4000-8000-000000000005" name="s"/></Sets></CodeBook>"""


def test_codes_of_others_become_labels(tmp_path: Path) -> None:
    (tmp_path / "theirs.QDC").write_text(OTHERS, encoding="utf-8")
    codebook = checked(read_codebook(tmp_path / "theirs.QDC"))
    assert [(one.key, one.name) for one in codebook.labels] == [
        ("obitsianka", "Обіцянка"),
        ("firm", "Firm"),
        ("topic", "Topic"),
        ("firm_2", "Firm 2"),
        ("twice", "Twice"),
    ]
    first, second, topic, *below = codebook.labels
    assert first.id == "aaaaaaaa-0000-4000-8000-000000000001"
    assert first.definition == "What somebody\nwill do & when."
    assert (second.parent, {one.parent for one in below}) == (first.id, {topic.id})
    assert first.dark == "#00ff00"
    assert label_contrast(first.light, dark=False) >= LEAST_CONTRAST
    assert len({one.id for one in codebook.labels}) == 5


def test_pyrefiqda_reads_what_is_written(tmp_path: Path) -> None:
    write_codebook(default_codebook(), tmp_path / "ours.qdc")
    codes = RefiCodebook.load(tmp_path / "ours.qdc").codes.code
    assert [(one.name, one.color) for one in codes] == [(one.name, one.light) for one in default_codebook().labels]
    assert (codes[0].description or "").startswith(default_codebook().labels[0].definition)


def test_labels_come_back_with_their_ids_names_and_colours(tmp_path: Path) -> None:
    write_codebook(default_codebook(), tmp_path / "ours.qdc")
    found = read_codebook(tmp_path / "ours.qdc")
    assert [(one.id, one.key, one.name, one.light) for one in found.labels] == [
        (one.id, one.key, one.name, one.light) for one in default_codebook().labels
    ]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "the XML is broken"),
        ("<CodeBook", "the XML is broken"),
        ("<CodeBook><Codes/></CodeBook>", "holds no codes"),
        ('<!DOCTYPE c [<!ENTITY a "b">]><CodeBook><Codes><Code name="&a;"/></Codes></CodeBook>', "document type"),
        ("<CodeBook><Codes>" + '<Code name="x"/>' * 2001 + "</Codes></CodeBook>", "holds 2001 codes"),
    ],
)
def test_what_is_no_codebook_is_refused(content: str, message: str, tmp_path: Path) -> None:
    path = tmp_path / "bad.qdc"
    path.write_text(content)
    with pytest.raises(CodebookError, match=rf"bad\.qdc.*{message}"):
        read_codebook(path)
