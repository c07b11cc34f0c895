"""Styled pieces of a line: the one way that text, foreign text included, reaches the screen without becoming markup."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from textual.content import Content

from salescoach.text import cell_width, clean, pad, truncate


class Span(NamedTuple):
    """A piece of a line with the name of its style (see `widgets.styled`) and, if it can be clicked, an action."""

    text: str
    style: str = ""
    action: str = ""


def plain(value: str) -> Content:
    """Return `value` as content that no widget parses: for titles, labels and anything else Textual draws itself."""
    return Content(clean(value, multiline=True))


def width_of(spans: Iterable[Span]) -> int:
    """Return the cells that `spans` take."""
    return sum(cell_width(span.text) for span in spans)


def fit(spans: Sequence[Span], cells: int) -> list[Span]:
    """Cut `spans` to at most `cells` cells, with an ellipsis where something was cut."""
    fitted: list[Span] = []
    left = cells
    for span in spans:
        width = cell_width(span.text)
        if width <= left:
            fitted.append(span)
            left -= width
            continue
        if left > 0:
            fitted.append(span._replace(text=truncate(span.text, left)))
        break
    return fitted


def columns(parts: Sequence[tuple[str, str, int]], *, gap: int = 1) -> list[Span]:
    """Lay `(text, style, cells)` out in columns with `gap` cells between; a negative width aligns to the right."""
    spans: list[Span] = []
    for index, (text, style, cells) in enumerate(parts):
        if not cells:
            continue
        if index:
            spans.append(Span(" " * gap))
        if cells < 0:
            short = truncate(text, -cells)
            spans.append(Span(" " * (-cells - cell_width(short)) + short, style))
        else:
            spans.append(Span(pad(text, cells), style))
    return spans
