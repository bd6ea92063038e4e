"""Where things are: from source, from a wheel, and in a frozen build."""

import os
import sys
from pathlib import Path

import platformdirs

_NAME = "annotator"


def resources() -> Path:
    """Return the folder of themes, icons, codebooks, samples and the guide."""
    frozen = getattr(sys, "_MEIPASS", None)
    if frozen:
        return Path(frozen) / "resources"
    package = Path(__file__).resolve().parent
    inside = package / "resources"
    return inside if inside.is_dir() else package.parent / "resources"


def default_projects() -> Path:
    """Return where new projects go: `projects/` of a checkout, else a folder among the user's documents."""
    checkout = Path(__file__).resolve().parent.parent
    if (checkout / "pyproject.toml").is_file() and (checkout / "projects").is_dir():
        return checkout / "projects"
    return Path(platformdirs.user_documents_dir()) / "Annotator"


def state_folder() -> Path:
    """Return the folder of what the program notes on this computer only; it is in an overridden `config_folder`."""
    override = os.environ.get("ANNOTATOR_CONFIG")
    return Path(override) / "state" if override else Path(platformdirs.user_state_dir(_NAME, appauthor=False))


def config_folder() -> Path:
    """Return the folder of the person's preferences; `ANNOTATOR_CONFIG` overrides it."""
    override = os.environ.get("ANNOTATOR_CONFIG")
    return Path(override) if override else Path(platformdirs.user_config_dir(_NAME, appauthor=False))
