"""The fields of a form: what one is, and the widget for a thing that is picked; lines and texts are Textual's own."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar

from textual import events
from textual.binding import BindingType
from textual.content import Content
from textual.geometry import Size
from textual.widget import Widget

from salescoach.text import cell_width, fold, pad
from salescoach.tui.screens.choice import ChoiceDialog, Option
from salescoach.tui.spans import plain
from salescoach.tui.widgets.panel import Panel

if TYPE_CHECKING:
    from salescoach.tui.screens.form import FormDialog
    from salescoach.tui.screens.lookup import Looked

Values = Mapping[str, str]
MANY_COLUMNS = 3
"""Columns in which a field of many shows its options, where they fit whole."""
TYPED_TOGETHER = 1.0
"""Seconds between two letters up to which they are the beginning of one word."""


@dataclass(frozen=True, slots=True)
class Field:
    """A line (or, with `lines` > 1, a text) to fill in, or with `options` a thing to pick; `many` lets several be picked."""

    name: str
    label: str
    value: str = ""
    hint: str = ""
    required: bool = False
    lines: int = 1
    options: Sequence[Option] = field(default_factory=tuple)
    many: bool = False
    echo: Callable[[str], str] | None = None
    """What a text in a line is understood as, told below it; raises FieldError, which is told when one leaves it."""
    told_at_once: bool = False
    """Whether that is told of the text that stands in the field at first, too."""
    lookup: Callable[[str], Looked] | None = None
    """Finds what is there already while the line is typed, in a thread; the id of what is taken is the value `<name>_id`."""


class FieldError(Exception):
    """A field that does not fit: its name and one line with the mend."""

    def __init__(self, name: str, message: str) -> None:
        super().__init__(message)
        self.name = name
        self.message = message


class Pick(Widget, can_focus=True):
    """A field whose value is picked: arrows change it, Enter lists all, a number takes one, letters jump to what begins so.

    Where several can be picked, arrows and letters move the mark, and Space or a number ticks.
    """

    DEFAULT_CSS = """
    Pick { height: 1; width: 1fr; text-wrap: nowrap; background: $surface; padding: 0 1; }
    Pick:focus { background: $primary-muted; text-style: bold; }
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        ("left", "change(-1)", ""),
        ("right", "change(1)", ""),
        ("space", "take", ""),
        ("enter", "list", ""),
    ]

    def __init__(self, spec: Field) -> None:
        super().__init__(id=f"field-{spec.name}")
        self.spec = spec
        self.value = spec.value
        self._at = 0
        self._letters = ""
        self._last_letter = 0.0

    @property
    def picked(self) -> list[str]:
        """The values that are picked."""
        return [value for value in self.value.split(",") if value]

    def on_resize(self) -> None:
        """Take as many lines as the options need."""
        if self.spec.many:
            self.styles.height = -(-len(self.spec.options) // self._columns())

    def _cell(self, index: int) -> str:
        option = self.spec.options[index]
        mark = ">" if index == self._at and self.has_focus else " "
        return f"{index + 1}{mark}[{'x' if option.value in self.picked else ' '}] {option.label}"

    def _columns(self) -> int:
        widest = max(cell_width(self._cell(index)) for index in range(len(self.spec.options)))
        return max(1, min(MANY_COLUMNS, (self.size.width - 2) // (widest + 1)))

    def _column(self) -> int:
        return (self.size.width - 2) // self._columns()

    def render(self) -> Content:
        """Return what is picked, or with several every option and whether it is."""
        if not self.spec.many:
            labels = [option.label for option in self.spec.options if option.value == self.value]
            return plain(f"< {labels[0] if labels else '-'} >")
        cells = [pad(self._cell(index), self._column()) for index in range(len(self.spec.options))]
        step = self._columns()
        rows = [cells[start : start + step] for start in range(0, len(cells), step)]
        return plain("\n".join(map("".join, rows)))

    def set(self, value: str) -> None:
        """Pick a value."""
        self.value = value
        self.refresh()

    def toggle(self, index: int) -> None:
        """Pick one of several, or no longer."""
        option = self.spec.options[index].value
        picked = self.picked
        picked = (
            [value for value in picked if value != option]
            if option in picked
            else [*picked, option]
        )
        order = [choice.value for choice in self.spec.options]
        # A value that the playbook no longer has stays picked, behind the others.
        self.set(
            ",".join(sorted(picked, key=lambda v: order.index(v) if v in order else len(order)))
        )

    def action_change(self, step: int) -> None:
        """Pick the next option, or move the mark to it."""
        if self.spec.many:
            self._at = (self._at + step) % len(self.spec.options)
            self.refresh()
            return
        values = [option.value for option in self.spec.options]
        index = values.index(self.value) if self.value in values else -1 if step > 0 else 0
        self.set(values[(index + step) % len(values)])

    def action_take(self) -> None:
        """Tick what the mark is on; where one is picked, pick the next."""
        if self.spec.many:
            self.toggle(self._at)
        else:
            self.action_change(1)

    @property
    def _form(self) -> FormDialog:
        from salescoach.tui.screens.form import FormDialog

        form = self.screen
        assert isinstance(form, FormDialog)  # noqa: S101 - a field is on a form
        return form

    def action_list(self) -> None:
        """Show all options to pick from; where several can be picked they are all there, and the next field comes."""
        form = self._form
        if self.spec.many:
            form.focus_next()
            return

        def chosen(value: str | None) -> None:
            if value is not None:
                self._take(value)

        self.app.push_screen(ChoiceDialog(self.spec.label, self.spec.options, self.value), chosen)

    def _take(self, value: str) -> None:
        """Pick a value that was pointed at, and go on to the next field."""
        self.set(value)
        if self._form.focused is self:
            self._form.focus_next()

    def on_key(self, event: events.Key) -> None:
        """Take a number, or jump to what begins with the letters."""
        if not event.is_printable or not event.character or not event.character.isalnum():
            return
        event.stop()
        index = int(event.character) - 1 if event.character.isdecimal() else -1
        if 0 <= index < len(self.spec.options):
            if self.spec.many:
                self._at = index
                self.toggle(index)
            else:
                self._take(self.spec.options[index].value)
            return
        together = self._letters if event.time - self._last_letter < TYPED_TOGETHER else ""
        self._last_letter = event.time
        if not self._jump(together + event.character) and together:
            self._jump(event.character)

    def on_paste(self, event: events.Paste) -> None:
        """Jump to what begins with a text that an input method or a paste sends at once."""
        event.stop()
        self._jump(event.text.strip())

    def _jump(self, letters: str) -> bool:
        """Go to the option that begins with `letters`, or has a word that does; say so where there is none."""
        found = find_option([option.label for option in self.spec.options], letters)
        if found is None:
            self._letters = ""
            told = self._form.words("dialogs.no-option", text=letters)
            self._form.say(told, severity="warning")
            return False
        self._letters = letters
        if self.spec.many:
            self._at = found
            self.refresh()
        else:
            self.set(self.spec.options[found].value)
        return True

    def on_click(self, event: events.Click) -> None:
        """Pick the next option, or tick the one that was pointed at."""
        if not self.spec.many:
            self.action_change(1)
            return
        index = event.y * self._columns() + (event.x - 1) // self._column()
        if 0 <= index < len(self.spec.options):
            self._at = index
            self.toggle(index)


def find_option(labels: Sequence[str], letters: str) -> int | None:
    """Return the index of the label that begins with `letters`, else of the one with a word that does or that has them."""
    wanted = fold(letters)
    if not wanted:
        return None
    folded = [fold(label) for label in labels]
    for fits in (
        lambda label: label.startswith(wanted),
        lambda label: any(word.startswith(wanted) for word in label.split()),
        lambda label: wanted in label,
    ):
        for index, label in enumerate(folded):
            if fits(label):
                return index
    return None


class Mistake(Panel, can_focus=False):
    """What is wrong with the field above, in as many lines as it takes."""

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """Return the lines that the text takes in `width` cells, also before it is shown for the first time."""
        return self.lines_at(width)
