"""Which paragraph, heading or list item the marked stretches of a page belong to, where the file is tagged.

Tags are a hint of the program that wrote the file, and often wrong: `reading` decides whether they are followed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from pdfminer.pdftypes import PDFObjRef
from pdfminer.psparser import PSLiteral

from annotator.formats.documents.pdf.open import resolved

_INLINE = frozenset(
    """Span Link Reference Quote Em Strong Annot NonStruct Code Sub Ruby RB RT RP Warichu WT WP BibEntry Lbl LBody
    Private Form Formula""".split()  # noqa: SIM905
)
_WHOLES = frozenset(
    {"Document", "DocumentFragment", "Part", "Art", "Sect", "Div", "StructTreeRoot", "L", "Table", "TR"}
)
_DEEPEST = 12
_MOST_NODES = 50_000


class StructureTree:
    """The tags of a document. Elements are known by the numbers of their objects."""

    def __init__(self, document: Any) -> None:
        root = resolved(document.catalog.get("StructTreeRoot"))
        self._root: Mapping[str, Any] = root if isinstance(root, dict) else {}
        roles = resolved(self._root.get("RoleMap"))
        self._roles: Mapping[str, Any] = roles if isinstance(roles, dict) else {}
        self._parents: dict[int, Any] | None = None
        self._blocks: dict[int, int] = {}
        self.kinds: dict[int, str] = {}

    def elements(self, page: Any) -> Sequence[Any]:
        """Return the elements of a page's marked stretches, by their numbers; `mark` makes sense of one."""
        key = resolved(page.attrs.get("StructParents"))
        if not self._root or not isinstance(key, int):
            return []
        if self._parents is None:
            self._parents = _number_tree(self._root.get("ParentTree"))
        return _list(self._parents.get(key))

    def mark(self, element: Any) -> int:
        """Return the number of the paragraph or the like that an element is or belongs to, 0 where there is none."""
        passed: list[int] = []
        found = 0
        for _ in range(_DEEPEST):
            if not isinstance(element, PDFObjRef):
                break
            if element.objid in self._blocks:
                found = self._blocks[element.objid]
                break
            passed.append(element.objid)
            values = resolved(element)
            kind = self._kind(values) if isinstance(values, dict) else ""
            if not kind or kind in _WHOLES:
                break
            if kind not in _INLINE:
                found = element.objid
                self.kinds[found] = kind
                break
            element = values.get("P")
        self._blocks.update(dict.fromkeys(passed, found))
        return found

    def _kind(self, values: Mapping[str, Any]) -> str:
        kind = _name(values.get("S"))
        for _ in range(_DEEPEST):
            if kind not in self._roles:
                break
            kind = _name(self._roles[kind])
        return kind


def _list(value: Any) -> Sequence[Any]:
    found = resolved(value)
    return found if isinstance(found, list) else ()


def _name(value: Any) -> str:
    value = resolved(value)
    return str(value.name) if isinstance(value, PSLiteral) else ""


def _number_tree(root: Any) -> dict[int, Any]:
    """Return the values of a number tree by their keys."""
    found: dict[int, Any] = {}
    waiting = [root]
    for _ in range(_MOST_NODES):
        if not waiting:
            break
        node = resolved(waiting.pop())
        if not isinstance(node, dict):
            continue
        numbers = _list(node.get("Nums"))
        found.update(
            (key, value) for key, value in zip(numbers[::2], numbers[1::2], strict=False) if isinstance(key, int)
        )
        waiting.extend(_list(node.get("Kids"))[:_MOST_NODES])
    return found
