"""Styled pieces of a line: the one way that text, foreign text included, reaches the screen without becoming markup."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from textual.content import Content

from salescoach.text import cell_width, clean, pad, truncate, wrap

MEASURED = 100
"""Rows of a list that its columns are sized by: more are not looked at, and what is longer in them is cut."""


class Span(NamedTuple):
    """A piece of a line with the name of its style (see `widgets.styled`) and, if it can be clicked, an action."""

    text: str
    style: str = ""
    action: str = ""
    whole: str = ""
    """All of the text where `text` is cut to its column; empty where it is not."""


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
            whole = span.whole or span.text
            fitted.append(span._replace(text=truncate(span.text, left), whole=whole))
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
        whole = text if cell_width(text) > abs(cells) else ""
        if cells < 0:
            short = truncate(text, -cells)
            spans.append(Span(" " * (-cells - cell_width(short)) + short, style, "", whole))
        else:
            spans.append(Span(pad(text, cells), style, "", whole))
    return spans


def share(cells: int, wishes: Sequence[int], *, gap: int = 1) -> list[int]:
    """Divide `cells` among columns that would take as many as `wishes` says, with `gap` cells between them.

    Where that is too much the widest give way first, down to a common width; a column that wishes for none gets none.
    """
    room = cells - gap * max(0, sum(1 for wish in wishes if wish) - 1)
    got = [0] * len(wishes)
    left = sorted((wish, place) for place, wish in enumerate(wishes) if wish)
    while left:
        wish, place = left[0]
        fair = max(0, room) // len(left)
        if wish > fair:
            # All that are left want more than their part; the odd cells go to the first ones.
            odd = max(0, room) - fair * len(left)
            for number, (_, other) in enumerate(sorted(left, key=lambda one: one[1])):
                got[other] = fair + (1 if number < odd else 0)
            return got
        got[place] = wish
        room -= wish
        left.pop(0)
    return got


def grown(widths: list[int], place: int, cells: int, *, gap: int = 1) -> list[int]:
    """Return `widths` with the column `place` as much wider as `cells` leave over."""
    over = cells - sum(widths) - gap * max(0, sum(1 for width in widths if width) - 1)
    return [width + max(0, over) if at == place else width for at, width in enumerate(widths)]


def widest(texts: Iterable[str]) -> int:
    """Return the cells that the widest of `texts` takes; 0 without any."""
    return max(map(cell_width, texts), default=0)


def column(text: str, style: str, cells: int, whole: str = "") -> Span:
    """Lay one text out in `cells` cells; `whole` is what it stands for, if that is more than itself."""
    cut = (whole or text) != text or cell_width(text) > cells
    return Span(pad(text, cells), style, "", (whole or text) if cut else "")


def unfold(spans: Sequence[Span], limit: int) -> list[list[Span]]:
    """Return a line of `spans` as lines in which what was cut goes on under where it begins, at most `limit` lines.

    The last of them ends in an ellipsis where even they do not hold everything.
    """
    if not any(span.whole for span in spans):
        return [list(spans)]
    parts = [
        wrap(span.whole, cell_width(span.text)) if span.whole else [span.text] for span in spans
    ]
    count = min(limit, max(map(len, parts)))
    lines: list[list[Span]] = []
    for number in range(count):
        line: list[Span] = []
        for span, part in zip(spans, parts, strict=True):
            cells = cell_width(span.text)
            text = part[number] if number < len(part) else ""
            if number == count - 1 < len(part) - 1:
                text = " ".join(part[number:])
            line.append(span._replace(text=pad(text, cells), whole=""))
        lines.append(line)
    return lines
