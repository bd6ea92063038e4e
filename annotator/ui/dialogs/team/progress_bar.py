"""How far somebody is, as a bar of statuses with numbers beneath."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter, QPainterPath

from annotator.ui.theme import Theme
from annotator.ui.words import grouped, status_name, tr

if TYPE_CHECKING:
    from annotator.session.work_lists import PersonProgress

BAR_ORDER = ("approved", "done", "returned", "in_progress")
HEIGHT = 8


def progress_text(row: PersonProgress, *, spans: bool) -> str:
    """Return in words how far somebody is."""
    if not row.total:
        return tr("Nothing assigned")
    parts = [tr("{done} of {total} done").format(done=grouped(row.finished), total=grouped(row.total))]
    parts += [
        f"{grouped(row.statuses[status])} {status_name(status).lower()}"
        for status in ("approved", "returned", "in_progress", "new")
        if row.statuses[status]
    ]
    if row.empty:
        parts.append(tr("{count} without spans").format(count=grouped(row.empty)))
    if spans:
        parts.append(tr("{count} spans").format(count=grouped(row.spans)))
    return " · ".join(parts)


def paint_bar(painter: QPainter, rect: QRectF, row: PersonProgress, theme: Theme) -> None:
    """Draw the bar into a rectangle."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    outline = QPainterPath()
    outline.addRoundedRect(rect, rect.height() / 2, rect.height() / 2)
    painter.setClipPath(outline)
    painter.fillRect(rect, theme.color("border"))
    left = rect.left()
    for status in BAR_ORDER:
        width = rect.width() * row.statuses[status] / row.total if row.total else 0.0
        painter.fillRect(QRectF(left, rect.top(), width, rect.height()), theme.color(f"status_{status}"))
        left += width
    painter.restore()
