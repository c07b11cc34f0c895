"""The named styles of a line and a mixin that turns spans into strips with them, and strips into what is painted."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from rich.color import Color as RichColor
from rich.segment import Segment
from rich.style import Style
from textual.color import Color
from textual.containers import Horizontal
from textual.geometry import Region, Size
from textual.scroll_view import ScrollView
from textual.scrollbar import ScrollBar
from textual.strip import Strip
from textual.widget import Widget

from salescoach.text import cell_width

if TYPE_CHECKING:
    from salescoach.tui.spans import Span

# By name: the theme's variables for colour and background (empty: as the widget has it), bold, reverse. They are read
# from the theme and are no component classes of the widgets: the stylesheet makes and matches a node for each class
# of each widget whenever a screen is shown, which takes longer than painting it.
_LOOKS: Mapping[str, tuple[str, str, bool | None, bool | None]] = {
    "alert": ("text-error", "", True, None),
    "warning": ("text-warning", "", None, None),
    "success": ("text-success", "", None, None),
    "accent": ("text-accent", "", None, None),
    "heading": ("text-primary", "", True, None),
    "strong": ("", "", True, None),
    "key": ("text-accent", "", True, None),
    "tab": ("", "", True, True),
    "cursor": ("foreground", "primary-muted", True, None),
    "quiet-cursor": ("", "surface-lighten-1", None, None),
}
NAMES = ("muted", *_LOOKS)
_KEPT = 600
"""Painted strips that are kept; more than any screen has lines."""


class Line(Strip):
    """A painted line that ends in a cell of its own, where a scroll bar may stand.

    Every line of a list is cut there at every paint; cutting it anywhere measures each of its characters again.
    """

    def divide(self, cuts: Iterable[int]) -> Sequence[Strip]:
        """Cut the line at these cells."""
        cuts, length = [*cuts], self.cell_length
        if cuts != [length - 1, length] or self._segments[-1].text != " ":
            return super().divide(cuts)
        parts = self._divide_cache.get((length - 1, length))
        if parts is None:
            parts = [Strip(self._segments[:-1], length - 1), Strip(self._segments[-1:], 1)]
            self._divide_cache[length - 1, length] = parts
        return parts


class Kept(Widget):
    """Keeps its painted lines until Textual is told that they changed.

    For whatever little part of the screen is painted, Textual asks every widget in view for all its lines.
    """

    _kept: tuple[Region, list[Strip]] | None = None

    def render_lines(self, crop: Region) -> list[Strip]:
        """Return the painted lines of `crop`."""
        kept = self._kept
        if kept is None or kept[0] != crop:
            kept = self._kept = (crop, self.paint_lines(crop))
        return kept[1]

    def paint_lines(self, crop: Region) -> list[Strip]:
        """Paint the lines of `crop`."""
        return super().render_lines(crop)

    def _set_dirty(self, *regions: Region) -> None:
        # It is where Textual's own cache of a widget's lines learns that they changed, too.
        self._kept = None
        super()._set_dirty(*regions)


# Textual styles a widget as what its first base is: the mixins come second.
class KeptBar(ScrollBar, Kept):
    """A scroll bar that keeps its lines."""


class Spans(Kept):
    """Draws lines from spans; mixed into a widget whose `render_line` returns the same strip for the same line."""

    _styles_by_name: dict[str, Style] | None = None
    _overs_by_name: dict[str, Style] | None = None
    _painted: dict[int, tuple[Strip, Strip]] | None = None
    _painted_width = -1
    _bordered = True

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
                style = self.rich_style + self._over(name)
            else:
                style = self.rich_style
            cache[name] = style
        return style

    def _over(self, name: str) -> Style:
        """Return what the style `name` lays over another one."""
        cache = self._overs_by_name
        if cache is None:
            cache = self._overs_by_name = {}
        style = cache.get(name)
        if style is None:
            color, background, bold, reverse = _LOOKS[name]
            style = cache[name] = Style(
                color=self._theme_color(color),
                bgcolor=self._theme_color(background),
                bold=bold,
                reverse=reverse,
            )
        return style

    def _theme_color(self, variable: str) -> RichColor | None:
        if not variable:
            return None
        # A share behind the colour is for themes that mix; the terminal's own colours cannot be mixed.
        color = Color.parse(self.app.theme_variables[variable].partition(" ")[0])
        return color.rich_color if color.a else None

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
        self._styles_by_name = self._overs_by_name = self._painted = self._kept = None
        super().notify_style_update()

    def to_strip(self, spans: Iterable[Span], width: int, over: str = "") -> Strip:
        """Return `spans` as a strip of exactly `width` cells, the style named `over` laid over all of them.

        The spans must not be wider than `width`.
        """
        segments: list[Segment] = []
        used = 0
        on_top = self._over(over) if over else None
        for text, style_name, *_ in spans:
            style = self.named_style(style_name)
            segments.append(Segment(text, style + on_top if on_top is not None else style))
            used += cell_width(text)
        if used < width:
            style = self.named_style("")
            segments.append(
                Segment(" " * (width - used), style + on_top if on_top is not None else style)
            )
        return Strip(segments, width)

    def paint_lines(self, crop: Region) -> list[Strip]:
        """Return the painted lines of `crop`, the same strip objects as long as the lines stay the same.

        Textual's own cache is keyed by the line's place, so that a list scrolled by one line is made, filtered,
        divided and turned into escape codes anew; strips that stay keep all of that.
        """
        painted = self._painted
        if painted is None:
            painted = self._painted = {}
            styles = self.styles
            edges = (*styles.border, *styles.outline)
            self._bordered = any(edge for edge, _ in edges) or bool(styles.tint.a)
        if self._bordered or self.opacity != 1:
            return super().paint_lines(crop)
        top, width = self.styles.padding.top, self.outer_size.width
        if width != self._painted_width:
            painted.clear()
            self._painted_width = width
        strips: list[Strip] = []
        above = min(max(0, top - crop.y), crop.height)
        lines = [self._blank()] * above
        for line in lines + self.lines(crop.y + above - top, crop.height - above):
            kept = painted.get(id(line))
            if kept is None or kept[0] is not line:
                if len(painted) > _KEPT:
                    painted.clear()
                kept = painted[id(line)] = (line, self._paint(line, width))
            strips.append(kept[1])
        if crop.column_span != (0, width):
            strips = [strip.crop(*crop.column_span) for strip in strips]
        return strips

    def lines(self, first: int, count: int) -> list[Strip]:
        """Return what `render_line` does for `count` lines from `first` on."""
        return [self.render_line(y) for y in range(first, first + count)]

    def _blank(self) -> Strip:
        return self.to_strip([], 0)

    def _paint(self, line: Strip, width: int) -> Strip:
        """Return a line filled up to `width` with the widget's padding beside it and the app's colour filters over it."""
        left = self.styles.padding.left
        plain = self.named_style("")
        segments = [Segment(" " * left, plain), *line] if left else list(line)
        rest = width - left - line.cell_length
        if rest > 0:
            segments.append(Segment(" " * rest, plain))
        background = self.background_colors[1]
        for each in self.get_line_filters():
            segments = each.apply(segments, background)
        return Line(segments, left + line.cell_length + max(0, rest))


class Styled(Spans):
    """A widget that draws its lines from spans."""


class Ground(Spans):
    """The plain ground behind other widgets: mixed into screens and containers, whose every line is the same strip.

    Textual draws each of their lines, and cuts it where the widgets over it begin and end, although they hide it.
    """

    _line: Strip | None = None

    def lines(self, first: int, count: int) -> list[Strip]:
        """Return blank lines."""
        line, width = self._line, self.size.width
        if line is None or line.cell_length != width:
            line = self._line = self.to_strip([], width)
        return [line] * count

    def notify_style_update(self) -> None:
        """Draw again in the new style."""
        self._line = None
        super().notify_style_update()


class Body(Horizontal, Ground):
    """A list and a panel beside each other."""


class StyledScroll(ScrollView, Spans):
    """A scrolling widget that draws its visible lines from spans."""

    @property
    def vertical_scrollbar(self) -> ScrollBar:
        """The vertical scroll bar, made when it is first needed."""
        bar = self._vertical_scrollbar
        if bar is None:
            bar = self._vertical_scrollbar = KeptBar(
                vertical=True, name="vertical", thickness=self.scrollbar_size_vertical
            )
            bar.display = False
            self.app._start_widget(self, bar)  # noqa: SLF001 - as Widget.vertical_scrollbar does
        return bar

    def set_length(self, lines: int) -> None:
        """Tell how many lines there are, without laying the whole screen out again where nothing else changes."""
        length, height = Size(0, lines), self.scrollable_content_region.height
        fits, wanted = lines <= height, self.styles.height
        turns = self.styles.overflow_y != "scroll" and fits == self.show_vertical_scrollbar
        if (wanted is not None and wanted.is_auto) or turns or not height:
            self.virtual_size = length
            return
        self.set_reactive(StyledScroll.virtual_size, length)
        highest = max(0, lines - height)
        if self.scroll_offset.y > highest:
            self.scroll_to(y=highest, animate=False, immediate=True)
        if self.show_vertical_scrollbar:
            self.vertical_scrollbar.window_virtual_size = lines
