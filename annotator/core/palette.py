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
