"""The house: imports go one way, SQL stays in storage, Qt stays in the window."""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "annotator"
MODULES = sorted(PACKAGE.rglob("*.py"))

MAY_IMPORT = {
    "core": set(),
    "storage": {"core"},
    "formats": {"core"},
    "analysis": {"core"},
    "workers": {"core", "formats", "analysis"},
    "session": {"core", "storage", "formats", "analysis", "workers"},
    "ui": {"core", "analysis", "session"},
    "commands": {"core", "storage", "formats", "session", "ui"},
}
SHARED = {"paths", "settings", "__init__"}


@cache
def imports(module: Path) -> set[str]:
    names = set()
    for node in ast.walk(ast.parse(module.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            names |= {node.module or ""} | {f"{node.module}.{alias.name}" for alias in node.names}
    return names


def layer(module: Path) -> str:
    parts = module.relative_to(PACKAGE).parts
    return parts[0] if len(parts) > 1 else ""


@pytest.mark.parametrize("module", MODULES, ids=lambda m: str(m.relative_to(PACKAGE)))
def test_imports_go_one_way(module: Path) -> None:
    own = layer(module)
    if not own:
        return
    used = {name.split(".")[1] for name in imports(module) if name.startswith("annotator.") and name.count(".") >= 1}
    packages = {name for name in used if (PACKAGE / name).is_dir()}
    assert packages - {own} <= MAY_IMPORT[own]


@pytest.mark.parametrize("module", MODULES, ids=lambda m: str(m.relative_to(PACKAGE)))
def test_qt_and_peewee_stay_where_they_belong(module: Path) -> None:
    roots = {name.split(".")[0] for name in imports(module)}
    if layer(module) != "ui" and module.name not in ("app.py", "display.py"):
        assert "PySide6" not in roots
    if layer(module) != "storage":
        assert not {"peewee", "playhouse", "sqlite3"} & roots
    assert "pickle" not in roots


def test_core_is_the_standard_library_alone() -> None:
    import sys

    for module in MODULES:
        if layer(module) == "core":
            roots = {name.split(".")[0] for name in imports(module)} - {"annotator", ""}
            assert roots <= set(sys.stdlib_module_names), module


def test_sql_is_written_in_storage_alone() -> None:
    words = ("SELECT ", "INSERT INTO", "DELETE FROM", "PRAGMA ", "CREATE TABLE")
    for module in MODULES:
        if layer(module) != "storage":
            assert not [word for word in words if word in module.read_text("utf-8")], module
