"""Colours as #rrggbb text: luminance, contrast and tints."""

from __future__ import annotations

Channels = tuple[int, int, int]


def channels(colour: str) -> Channels:
    """Return red, green and blue (0 to 255) of #rrggbb. Raises ValueError for anything else."""
    if len(colour) != 7 or colour[0] != "#":
        raise ValueError(f"not a #rrggbb colour: {colour!r}")
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def relative_luminance(colour: str) -> float:
    """Return the relative luminance, 0 (black) to 1 (white).

    Source: WCAG 2.2, definition of "relative luminance".
    """
    red, green, blue = (_linear(channel / 255) for channel in channels(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4


def contrast_ratio(one: str, other: str) -> float:
    """Return the contrast of two colours, 1 to 21.

    Source: WCAG 2.2, definition of "contrast ratio".
    """
    darker, lighter = sorted((relative_luminance(one), relative_luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def tint(colour: str, background: str, share: float) -> str:
    """Return the background with `share` (0 to 1) of the colour laid over it."""
    pairs = zip(channels(colour), channels(background), strict=True)
    return "#" + "".join(f"{round(below + (above - below) * share):02x}" for above, below in pairs)


LABEL_COLOURS: tuple[tuple[str, str], ...] = (
    ("#0b7a5c", "#3ecf9f"),
    ("#8a5a0c", "#e2a93b"),
    ("#b93a0e", "#ff8a5c"),
    ("#5f3dc4", "#a58bff"),
    ("#1d5fc4", "#6aa9ff"),
    ("#b02a6f", "#f783b5"),
    ("#0b7285", "#4ac6d9"),
    ("#5c6b00", "#b8cc3a"),
    ("#b3261e", "#ff7b72"),
    ("#4f5d73", "#a9b6c9"),
    ("#7a4a2b", "#d9a07a"),
    ("#8a2fb0", "#d68bf5"),
)
"""Pairs of a colour for light and one for dark ground that a label may have; each can be read as text."""

LEAST_CONTRAST = 4.5
"""What a label's colour needs against the ground it stands on."""

LIGHT_GROUNDS = ("#ffffff", "#f6f7f9", "#eef2f8")
DARK_GROUNDS = ("#1b1f26", "#15181d", "#191d23", "#232933")
"""The grounds of the themes on which label colours stand."""


def label_contrast(colour: str, *, dark: bool) -> float:
    """Return the least contrast of a label's colour on the grounds of the dark or the light theme."""
    return min(contrast_ratio(colour, ground) for ground in (DARK_GROUNDS if dark else LIGHT_GROUNDS))


def readable(colour: str, *, dark: bool) -> str:
    """Return the colour nearest to this one that can be read on the dark or the light theme: itself, or one that is
    nearer to white or to black.
    """
    if label_contrast(colour, dark=dark) >= LEAST_CONTRAST:
        return colour
    end = "#ffffff" if dark else "#000000"
    shares = (step / 100 for step in range(1, 101))
    candidates = (tint(end, colour, share) for share in shares)
    return next(c for c in candidates if label_contrast(c, dark=dark) >= LEAST_CONTRAST)
