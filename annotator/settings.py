"""Typed preferences of the person at this computer.

How to add a setting:
1. add a field with its default to `Settings`;
2. name its check in `_CHECKS`, and its limits in `tests/test_settings.py`;
3. read it where it is needed from the `Settings` that `app` or `cli` passes down.

The file is JSON in `paths.config_folder()`. A broken file is kept aside and defaults are used.
"""

from __future__ import annotations

import getpass
import json
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any

from annotator.core.errors import UserError
from annotator.core.ids import is_id, new_id
from annotator.core.text import is_storable
from annotator.core.trimming import TRIMS
from annotator.paths import config_folder

RECENT_LIMIT = 10
THEMES = ("system", "light", "dark")
SNAPPINGS = ("words", "sentences", "characters")


@dataclass
class Place:
    """Where somebody was in a project: the document, and the first visible code point."""

    document: str = ""
    position: int = 0


@dataclass
class Settings:
    """Preferences; `save` writes them.

    `places` is keyed by project id, as is `exports`, which holds how a dataset was made last, as JSON. `window` holds
    the window's geometry and its splitters as base64 text. `show_on_screen` says whether a line shows what was on
    screen. `reading_size` is in points, `reading_line_height` a factor, `reading_columns` in characters. `snapping` is
    what dragging selects by, `trim` what is cut off at the ends of a span (see core.trimming); `ask_attributes` says
    whether tagging asks for the attributes that the codebook wants to be asked.
    """

    annotator_id: str = ""
    annotator_name: str = ""
    theme: str = "system"
    recent: list[str] = field(default_factory=list)
    places: dict[str, Place] = field(default_factory=dict)
    window: dict[str, str] = field(default_factory=dict)
    reading_family: str = ""
    reading_size: float = 11.25
    reading_line_height: float = 1.6
    reading_columns: int = 80
    snapping: str = "words"
    trim: str = "quotes"
    ask_attributes: bool = True
    export_folder: str = ""
    exports: dict[str, str] = field(default_factory=dict)
    show_on_screen: bool = True

    def remember(self, project: Path) -> None:
        """Put a project at the head of the recent ones."""
        name = str(project.resolve())
        self.recent = [name, *(other for other in self.recent if other != name)][:RECENT_LIMIT]

    def folder_for_files(self, otherwise: Path) -> Path:
        """Return the folder that files were last written to, or another one where that is gone."""
        kept = Path(self.export_folder)
        return kept if self.export_folder and kept.is_dir() else otherwise

    def save(self) -> None:
        """Write the preferences; the file is replaced whole or not at all."""
        path = settings_file()
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary = path.with_name(f"{path.name}.{os.getpid()}.part")
        temporary.write_text(json.dumps(asdict(self), ensure_ascii=False, indent=2), "utf-8")
        temporary.replace(path)


def settings_file() -> Path:
    """Return where the preferences are."""
    return config_folder() / "settings.json"


def load_settings() -> Settings:
    """Return the preferences, made at the first call: a new annotator's id and the login name.

    A file that cannot be understood is renamed to `settings.broken.json`, and defaults are used; where only some
    values are wrong they become defaults, the others stay, and the file is kept as `settings.broken.json` too.

    Raises UserError where the preferences cannot be read or written.
    """
    path = settings_file()
    with _failures_explained(path):
        settings = _read(path)
        if not is_id(settings.annotator_id) or not settings.annotator_name.strip():
            settings.annotator_id = settings.annotator_id if is_id(settings.annotator_id) else new_id()
            settings.annotator_name = settings.annotator_name.strip() or _login_name()
            settings.save()
    return settings


def _read(path: Path) -> Settings:
    try:
        data = json.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        return Settings()
    except (ValueError, RecursionError):
        data = None
    settings, sound = _checked(data) if isinstance(data, dict) else (Settings(), False)
    if not sound:
        path.with_name("settings.broken.json").write_bytes(path.read_bytes())
        settings.save()
    return settings


def _checked(data: Mapping[str, Any]) -> tuple[Settings, bool]:
    """Return settings from parsed JSON, and whether every value in it was one that its setting takes."""
    settings, sound = Settings(), True
    for setting in fields(Settings):
        if setting.name not in data:
            continue
        try:
            setattr(settings, setting.name, _CHECKS[setting.name](data[setting.name]))
        except (TypeError, ValueError):
            sound = False
    return settings, sound


def _text(value: Any) -> str:
    if not isinstance(value, str) or not is_storable(value):
        raise TypeError("no text")
    return value


def _one_of(known: Sequence[str]) -> Callable[[Any], Any]:
    def check(value: Any) -> Any:
        if value not in known:
            raise ValueError("none of these")
        return value

    return check


def _flag(value: Any) -> bool:
    if not isinstance(value, bool):
        raise TypeError("no yes or no")
    return value


def _between(least: float, most: float) -> Callable[[Any], Any]:
    def check(value: Any) -> Any:
        if isinstance(value, bool) or not isinstance(value, int | float) or value != value:
            raise TypeError("no number")
        return type(least)(min(max(value, least), most))

    return check


def _texts(value: Any) -> list[str]:
    if not isinstance(value, list):
        raise TypeError("no list")
    return [_text(item) for item in value][:RECENT_LIMIT]


def _texts_by_name(value: Any) -> dict[str, str]:
    return {_text(name): _text(item) for name, item in dict(value).items()}


def _places(value: Any) -> dict[str, Place]:
    places = {_text(project): Place(**place) for project, place in dict(value).items()}
    for place in places.values():
        _text(place.document)
        if not isinstance(place.position, int) or place.position < 0:
            raise ValueError("no position")
    return places


_CHECKS: dict[str, Callable[[Any], Any]] = {
    "annotator_id": _text,
    "annotator_name": _text,
    "theme": _one_of(THEMES),
    "recent": _texts,
    "places": _places,
    "window": _texts_by_name,
    "reading_family": _text,
    "reading_size": _between(8.0, 32.0),
    "reading_line_height": _between(1.2, 2.4),
    "reading_columns": _between(40, 120),
    "snapping": _one_of(SNAPPINGS),
    "trim": _one_of(TRIMS),
    "ask_attributes": _flag,
    "export_folder": _text,
    "exports": _texts_by_name,
    "show_on_screen": _flag,
}


@contextmanager
def _failures_explained(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise UserError(
            "Your preferences cannot be kept in “{folder}”: {reason}. Set ANNOTATOR_CONFIG to a folder of your own.",
            folder=str(path.parent),
            reason=error.strerror or str(error),
        ) from error


def _login_name() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return "analyst"
