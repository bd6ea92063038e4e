"""Typed preferences of the person at this computer.

How to add a setting:
1. add a field with its default to `Settings`;
2. name it in `tests/test_settings.py` if it has limits, and check them in `_checked`;
3. read it where it is needed from the `Settings` that `app` or `cli` passes down.

The file is JSON in `paths.config_folder()`. A broken file is kept aside and defaults are used.
"""

from __future__ import annotations

import getpass
import json
import os
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any

from annotator.core.ids import is_id, new_id
from annotator.paths import config_folder

RECENT_LIMIT = 10
THEMES = ("system", "light", "dark")


@dataclass
class Place:
    """Where somebody was in a project: the document, and the first visible code point."""

    document: str = ""
    position: int = 0


@dataclass
class Settings:
    """Preferences; `save` writes them.

    `places` is keyed by project id. `window` holds the window's geometry and its splitters as base64 text.
    `reading_size` is in points, `reading_line_height` a factor, `reading_columns` in characters.
    """

    annotator_id: str = ""
    annotator_name: str = ""
    theme: str = "system"
    recent: list[str] = field(default_factory=list)
    places: dict[str, Place] = field(default_factory=dict)
    window: dict[str, str] = field(default_factory=dict)
    reading_family: str = ""
    reading_size: float = 12.0
    reading_line_height: float = 1.6
    reading_columns: int = 72
    export_folder: str = ""

    def remember(self, project: Path) -> None:
        """Put a project at the head of the recent ones."""
        name = str(project.resolve())
        self.recent = [name, *(other for other in self.recent if other != name)][:RECENT_LIMIT]

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

    A file that cannot be understood is renamed to `settings.broken.json`, and defaults are used.
    """
    path = settings_file()
    try:
        settings = _checked(json.loads(path.read_text("utf-8")))
    except FileNotFoundError:
        settings = Settings()
    except (ValueError, TypeError, OSError):
        if path.exists():
            path.replace(path.with_name("settings.broken.json"))
        settings = Settings()
    if not is_id(settings.annotator_id) or not settings.annotator_name.strip():
        settings.annotator_id = settings.annotator_id if is_id(settings.annotator_id) else new_id()
        settings.annotator_name = settings.annotator_name.strip() or _login_name()
        settings.save()
    return settings


def _checked(data: Any) -> Settings:
    """Return settings from parsed JSON. Raises TypeError or ValueError where a value has the wrong shape."""
    if not isinstance(data, dict):
        raise TypeError("the settings are not an object")
    known = {f.name for f in fields(Settings)}
    settings = Settings(**{name: value for name, value in data.items() if name in known})
    defaults = Settings()
    for name in known:
        if not isinstance(
            getattr(settings, name), type(getattr(defaults, name)) | (int if name == "reading_size" else str)
        ):
            raise TypeError(f"{name} has the wrong type")
    settings.places = {key: Place(**value) for key, value in settings.places.items()}
    if settings.theme not in THEMES or not all(isinstance(path, str) for path in settings.recent):
        raise ValueError("unknown theme or path")
    settings.reading_size = min(max(float(settings.reading_size), 8.0), 32.0)
    settings.reading_line_height = min(max(float(settings.reading_line_height), 1.2), 2.4)
    settings.reading_columns = min(max(settings.reading_columns, 40), 120)
    return settings


def _login_name() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return "analyst"
