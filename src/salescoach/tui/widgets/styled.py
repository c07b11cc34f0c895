"""The named styles of a line and a mixin that turns spans into strips with them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from rich.segment import Segment
from rich.style import Style
from textual.color import Color
from textual.scroll_view import ScrollView
from textual.strip import Strip
from textual.widget import Widget

from salescoach.text import cell_width

if TYPE_CHECKING:
    from salescoach.tui.spans import Span

NAMES = (
    "muted",
    "alert",
    "warning",
    "success",
    "accent",
    "heading",
    "strong",
    "key",
    "tab",
    "cursor",
    "quiet-cursor",
)


COMPONENTS = {f"s--{name}" for name in NAMES}
_CSS = """
    & .s--muted { text-style: none; }
    & .s--alert { color: $text-error; text-style: bold; }
    & .s--warning { color: $text-warning; }
    & .s--success { color: $text-success; }
    & .s--accent { color: $text-accent; }
    & .s--heading { color: $text-primary; text-style: bold; }
    & .s--strong { text-style: bold; }
    & .s--key { color: $text-accent; text-style: bold; }
    & .s--tab { text-style: bold reverse; }
    & .s--cursor { background: $primary-muted; color: $foreground; text-style: bold; }
    & .s--quiet-cursor { background: $surface-lighten-1; }
"""


class Spans(Widget):
    """Draws lines from spans; mixed into a widget that names COMPONENTS and the styles' CSS."""

    _styles_by_name: dict[str, Style] | None = None

    def named_style(self, name: str) -> Style:
        """Return the rich style for a span's style name, over the widget's own colours; the empty name is the plain one."""
        cache = self._styles_by_name
        if cache is None:
            cache = self._styles_by_name = {}
        style = cache.get(name)
        if style is None:
            if name == "muted":
                style = self._muted()
            elif name:
                style = self.rich_style + self.get_component_rich_style(f"s--{name}", partial=True)
            else:
                style = self.rich_style
            cache[name] = style
        return style

    def _muted(self) -> Style:
        """Return the plain style with its colour nearer to the background; dimmed where the terminal's colours hold."""
        plain = self.rich_style
        background = self.background_colors[1]
        if plain.color is None or plain.color.triplet is None or background.ansi is not None:
            return plain + Style(dim=True)
        mixed = background.blend(Color.from_rich_color(plain.color), 0.68)
        return plain + Style(color=mixed.rich_color)

    def notify_style_update(self) -> None:
        """Forget the drawn styles: the theme or the widget's state has changed."""
        self._styles_by_name = None
        super().notify_style_update()

    def to_strip(self, spans: Iterable[Span], width: int, over: str = "") -> Strip:
        """Return `spans` as a strip of exactly `width` cells, the style named `over` laid over all of them.

        The spans must not be wider than `width`.
        """
        segments: list[Segment] = []
        used = 0
        on_top = self.get_component_rich_style(f"s--{over}", partial=True) if over else None
        for text, style_name, _action in spans:
            style = self.named_style(style_name)
            segments.append(Segment(text, style + on_top if on_top is not None else style))
            used += cell_width(text)
        if used < width:
            style = self.named_style("")
            segments.append(
                Segment(" " * (width - used), style + on_top if on_top is not None else style)
            )
        return Strip(segments, width)


class Styled(Spans):
    """A widget that draws its lines from spans."""

    COMPONENT_CLASSES = COMPONENTS
    DEFAULT_CSS = "Styled {" + _CSS + "}"


class StyledScroll(ScrollView, Spans):
    """A scrolling widget that draws its visible lines from spans."""

    COMPONENT_CLASSES = COMPONENTS
    DEFAULT_CSS = "StyledScroll {" + _CSS + "}"
