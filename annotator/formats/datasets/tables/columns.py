"""Which column of a table holds what: by its header, in the words that people and other programs use for it.

How to add a word: put it behind its role, in lower case, blanks and hyphens as “_”.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from annotator.core.codebook import Codebook
from annotator.formats.datasets.tables.cells import shown
from annotator.formats.datasets.tables.rows import ATTRIBUTE

_SHARED = {
    "document": """document document_id doc_id docid doc document_name doc_name text_id file_id filename file_name
        dokument dokument_id dokumentname dateiname documento nom_du_document nombre_del_documento документ документа
        назва_документа 文档 文書""",
    "title": """title document_title headline heading titel überschrift titre título titolo tytuł заголовок назва
        название 标题""",
    "date": "date published publication_date datum fecha data tarih дата 日期",
    "url": "url link uri source_url href adresse lien enlace посилання ссылка 链接",
    "language": "language lang locale sprache langue idioma lingua język мова язык 语言",
    "text": """text full_text fulltext document_text content body data article sentence volltext texte texto testo
        tekst текст 正文 文本""",
    "id": "id identifier uid nr №",
    "file": "file path datei fichier archivo файл",
    "split": "split subset fold",
    "layer": "layer ebene couche capa слой шар",
    "annotator": """annotator annotator_id annotated_by coder coder_id rater user username created_by owner kodierer
        codierer codierer_in codeur codeuse bearbeiter codificador кодувальник кодировщик аннотатор анотатор""",
    "created": "created created_at creation_date timestamp erstellt créé creado створено создано",
    "note": """note notes comment comments memo remark remarks notiz kommentar anmerkung commentaire remarque nota
        comentario комментарий коментар примітка 备注""",
    "part": "part",
}
_SPANS = {
    "span": "span span_id annotation_id quotation_id segment_id highlight_id",
    "label": """label tag code category class label_name tag_name code_name annotation codename etikett kategorie
        étiquette catégorie código etiqueta categoría codice etichetta kod etykieta мітка категорія метка категория
        тег код 标签 类别 entity_type entity type""",
    "labels": "labels tags codes categories kategorien catégories категорії категории",
    "start": """start begin start_offset begin_offset offset_start start_char char_start start_position startpos pos0
        index1 selfirst
        offset from von anfang beginn beginning début debut inicio inizio początek початок начало 开始""",
    "end": """end stop end_offset offset_end end_char char_end end_position endpos pos1 index2 selend to bis
        ende fin fine koniec кінець конец 结束""",
    "length": "length len länge laenge longueur longitud довжина длина",
    "quote": """quote quotation quotation_content quoted_text exact covered_text coveredtext span_text selected_text
        segment seltext excerpt snippet passage highlight coded_text zitat textstelle segmenttext citation extrait cita
        fragmento citazione cytat цитата фрагмент уривок отрывок 引文""",
    "fragments": "fragments",
    "annotator_name": "annotator_name coder_name name_of_annotator",
    "round": "round runde",
    "origin": "origin",
    "score": "score confidence probability",
    "codebook": "codebook codebook_version",
    "decided_from": "decided_from",
    "pages": "pages",
}
_DOCUMENTS = {
    "format": "format",
    "status": "status",
    "statuses": "statuses",
    "duplicate_group": "duplicate_group",
    "codebook": "codebook codebook_id",
    "codebook_version": "codebook_version",
    "read": "read",
    "sentences": "sentences",
}
_RELATIONS = {
    "relation": "relation relation_id",
    "type": "type relation_type relation_name beziehung",
    "from": "from from_id source source_id head von",
    "to": "to to_id target target_id tail nach",
}
_NOT_IN_RELATIONS = frozenset(("text", "title", "date", "url", "language", "file", "split"))


def _words(*roles: Mapping[str, str]) -> dict[str, tuple[str, int]]:
    """Return the role of each word with its rank, the best known words of a role first."""
    found: dict[str, tuple[str, int]] = {}
    for table in roles:
        for role, words in table.items():
            for rank, word in enumerate(words.split()):
                found.setdefault(word, (role, rank))
    return found


OF_SPANS = _words(_SPANS, _SHARED)
OF_DOCUMENTS = _words(_DOCUMENTS, _SHARED)
OF_RELATIONS = _words(_RELATIONS, {role: words for role, words in _SHARED.items() if role not in _NOT_IN_RELATIONS})


def key_of(header: str) -> str:
    """Return a header as the words of this module are written."""
    return re.sub(r"[\s\-]+", "_", header.strip(" \t\r\n\ufeff:*#\"'").casefold())


@dataclass(frozen=True)
class Columns:
    """Where in a row what stands: places by role, and of attributes by their key."""

    places: Mapping[str, int]
    attributes: Mapping[str, int] = field(default_factory=dict)
    unknown: tuple[str, ...] = ()

    def __contains__(self, role: str) -> bool:
        return role in self.places

    def cell(self, row: Sequence[Any], role: str) -> Any:
        """Return the cell of a role; None where there is no such column or the row ends before it."""
        place = self.places.get(role)
        return row[place] if place is not None and place < len(row) else None

    def text(self, row: Sequence[Any], role: str) -> str:
        """Return the cell of a role as text, nothing where it is empty."""
        place = self.places.get(role)
        if place is None or place >= len(row):
            return ""
        cell = row[place]
        return cell if cell.__class__ is str else shown(cell)


def recognised(
    header: Sequence[Any], words: Mapping[str, tuple[str, int]], codebook: Codebook | None = None
) -> Columns:
    """Return what the columns of a table hold. Where two could have a role, the better known word has it.

    Columns called “attribute.KEY”, and such as are called like an attribute of the codebook and nothing else, are that
    attribute's.
    """
    known_for: dict[str, list[tuple[int, int]]] = {}
    attributes: dict[str, int] = {}
    unknown = []
    known = _attribute_names(codebook)
    for place, cell in enumerate(header):
        name = shown(cell)
        key = key_of(name)
        prefix, dot, attribute = name.strip().partition(".")
        if dot and f"{prefix.casefold()}." == ATTRIBUTE and attribute:
            attributes.setdefault(attribute, place)
        elif key in words:
            role, rank = words[key]
            known_for.setdefault(role, []).append((rank, place))
        elif key in known:
            attributes.setdefault(known[key], place)
        elif key:
            unknown.append(name)
    for places in known_for.values():
        places.sort()
        unknown += [shown(header[place]) for _, place in places[1:]]
    return Columns({role: places[0][1] for role, places in known_for.items()}, attributes, tuple(unknown))


def _attribute_names(codebook: Codebook | None) -> dict[str, str]:
    found: dict[str, str] = {}
    for attribute in codebook.attributes if codebook else ():
        found.setdefault(key_of(attribute.key), attribute.key)
        found.setdefault(key_of(attribute.name), attribute.key)
    return found
