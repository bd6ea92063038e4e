"""Themes: tokens read from resources/themes/*.toml, a palette and one style sheet made of them.

No widget names a colour of its own; it asks the theme for a token. Views that paint themselves have `set_theme`.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from string import Template
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFont, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication

from annotator import paths
from annotator.core.errors import BugError
from annotator.core.palette import tint

THEMES = ("light", "dark")


@dataclass(frozen=True)
class Theme:
    """The tokens of one theme. Colours are #rrggbb; sizes are logical pixels."""

    name: str
    dark: bool
    colors: Mapping[str, str]
    numbers: Mapping[str, float]
    spacing: Mapping[str, int]
    radius: Mapping[str, int]
    type: Mapping[str, Any]
    reading: Mapping[str, Any]

    def hex(self, token: str) -> str:
        """Return a colour token as #rrggbb. Raises BugError for an unknown token."""
        try:
            return self.colors[token]
        except KeyError:
            raise BugError(f"no colour token {token!r} in the theme {self.name!r}") from None

    def color(self, token: str) -> QColor:
        """Return a colour token. Raises BugError for an unknown token."""
        return QColor(self.hex(token))

    def label_color(self, light: str, dark: str) -> QColor:
        """Return a label's colour in this theme."""
        return QColor(dark if self.dark else light)

    def label_tint(self, light: str, dark: str, background: str = "reading") -> QColor:
        """Return the opaque tint of a label's colour on a background token."""
        return QColor(tint(dark if self.dark else light, self.hex(background), self.numbers["tint_share"]))

    def font(self, size: str = "body", *, bold: bool = False) -> QFont:
        """Return the window's font at a step of the type scale (small, body, large, title)."""
        font = QFont(list(self.type["families"]))
        font.setPixelSize(int(self.type[size]))
        font.setBold(bold)
        return font

    def reading_font(self) -> QFont:
        """Return the font of the text that is read."""
        font = QFont(list(self.reading["families"]))
        font.setStyleHint(QFont.StyleHint.Serif)
        font.setPixelSize(int(self.reading["size"]))
        return font


@cache
def load_theme(name: str) -> Theme:
    """Return a theme that ships. Raises BugError for an unknown name."""
    if name not in THEMES:
        raise BugError(f"no theme {name!r}")
    tokens = tomllib.loads((paths.resources() / "themes" / f"{name}.toml").read_text(encoding="utf-8"))
    return Theme(**tokens)


def theme_name(wanted: str) -> str:
    """Return the theme to load for a preference; "system" stands for that of the desktop."""
    if wanted != "system":
        return wanted
    scheme = QGuiApplication.styleHints().colorScheme()
    return "dark" if scheme == Qt.ColorScheme.Dark else "light"


def label_color(theme: Theme, light: str, dark: str) -> QColor:
    """Return a label's colour in this theme."""
    return theme.label_color(light, dark)


def apply_theme(app: QApplication, theme: Theme) -> None:
    """Give the application the theme's palette, font and style sheet.

    The palette is set here because `setColorScheme` does nothing on some platforms.
    """
    app.setStyle("Fusion")
    app.setFont(theme.font())
    app.setPalette(palette(theme))
    app.setStyleSheet(style_sheet(theme))


def palette(theme: Theme) -> QPalette:
    """Return the theme's colours in Qt's roles."""
    role, group = QPalette.ColorRole, QPalette.ColorGroup
    roles = {
        role.Window: "window",
        role.WindowText: "text",
        role.Base: "surface",
        role.AlternateBase: "surface_alt",
        role.Text: "text",
        role.PlaceholderText: "text_faint",
        role.Button: "surface",
        role.ButtonText: "text",
        role.BrightText: "error",
        role.Highlight: "selection",
        role.HighlightedText: "text",
        role.Link: "link",
        role.LinkVisited: "link",
        role.ToolTipBase: "tooltip",
        role.ToolTipText: "tooltip_text",
        role.Light: "surface",
        role.Midlight: "hover",
        role.Mid: "border",
        role.Dark: "border_strong",
        role.Shadow: "shadow",
        role.Accent: "accent",
    }
    result = QPalette()
    for place, token in roles.items():
        result.setColor(place, theme.color(token))
    for place in (role.WindowText, role.Text, role.ButtonText):
        result.setColor(group.Disabled, place, theme.color("border_strong"))
    return result


def style_sheet(theme: Theme) -> str:
    """Return the application's one style sheet, made of tokens."""
    values = {f"color_{key}": value for key, value in theme.colors.items()}
    values |= {f"space_{key}": f"{value}px" for key, value in theme.spacing.items()}
    values |= {f"radius_{key}": f"{value}px" for key, value in theme.radius.items()}
    values |= {f"type_{key}": f"{value}px" for key, value in theme.type.items() if key != "families"}
    values |= {"name": theme.name, "icons": (paths.resources() / "icons").as_posix()}
    sheet = (paths.resources() / "themes" / "window.qss").read_text(encoding="utf-8")
    return Template(sheet).substitute(values)
