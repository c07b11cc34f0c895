"""One dialog for everything that is typed: a few labelled fields, checked as a whole, each mistake told beside its field."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.geometry import Size
from textual.widget import Widget
from textual.widgets import Input, TextArea

from salescoach.text import cell_width, clean, pad
from salescoach.tui.commands import Command, bindings
from salescoach.tui.screens.base import Dialog
from salescoach.tui.screens.choice import ChoiceDialog, Option
from salescoach.tui.spans import Span, plain
from salescoach.tui.widgets.bar import Bar
from salescoach.tui.widgets.keybar import KeyBar
from salescoach.tui.widgets.panel import Panel, Para

if TYPE_CHECKING:
    from textual.await_complete import AwaitComplete
    from textual.timer import Timer

Values = Mapping[str, str]
MANY_COLUMNS = 3
"""Columns in which a field of many shows its options, where they fit whole."""
KEEP_AFTER = 1.0
"""Seconds after a key until what is typed is in the recovery note."""


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


class FieldError(Exception):
    """A field that does not fit: its name and one line with the mend."""

    def __init__(self, name: str, message: str) -> None:
        super().__init__(message)
        self.name = name
        self.message = message


class _Pick(Widget, can_focus=True):
    """A field whose value is picked: left and right change it, Enter lists all, a number ticks one of many."""

    DEFAULT_CSS = """
    _Pick { height: 1; width: 1fr; text-wrap: nowrap; background: $surface; padding: 0 1; }
    _Pick:focus { background: $primary-muted; text-style: bold; }
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        ("left,h", "change(-1)", ""),
        ("right,l,space", "change(1)", ""),
        ("enter", "list", ""),
    ]

    def __init__(self, spec: Field) -> None:
        super().__init__(id=f"field-{spec.name}")
        self.spec = spec
        self.value = spec.value

    @property
    def picked(self) -> list[str]:
        return [value for value in self.value.split(",") if value]

    def on_resize(self) -> None:
        if self.spec.many:
            self.styles.height = -(-len(self.spec.options) // self._columns())

    def _cell(self, index: int) -> str:
        option = self.spec.options[index]
        return f"{index + 1} [{'x' if option.value in self.picked else ' '}] {option.label}"

    def _columns(self) -> int:
        widest = max(cell_width(self._cell(index)) for index in range(len(self.spec.options)))
        return max(1, min(MANY_COLUMNS, (self.size.width - 2) // (widest + 1)))

    def _column(self) -> int:
        return (self.size.width - 2) // self._columns()

    def render(self) -> Content:
        if not self.spec.many:
            labels = [option.label for option in self.spec.options if option.value == self.value]
            return plain(f"< {labels[0] if labels else '-'} >")
        cells = [pad(self._cell(index), self._column()) for index in range(len(self.spec.options))]
        step = self._columns()
        rows = [cells[start : start + step] for start in range(0, len(cells), step)]
        return plain("\n".join(map("".join, rows)))

    def set(self, value: str) -> None:
        self.value = value
        self.refresh()

    def toggle(self, index: int) -> None:
        option = self.spec.options[index].value
        picked = self.picked
        picked = (
            [value for value in picked if value != option]
            if option in picked
            else [*picked, option]
        )
        order = [choice.value for choice in self.spec.options]
        self.set(",".join(sorted(picked, key=order.index)))

    def action_change(self, step: int) -> None:
        if self.spec.many:
            return
        values = [option.value for option in self.spec.options]
        index = values.index(self.value) if self.value in values else -1 if step > 0 else 0
        self.set(values[(index + step) % len(values)])

    def action_list(self) -> None:
        form = self.screen
        if self.spec.many:
            form.focus_next()
            return

        def chosen(value: str | None) -> None:
            if value is not None:
                self.set(value)
                form.focus_next()

        self.app.push_screen(ChoiceDialog(self.spec.label, self.spec.options, self.value), chosen)

    def on_key(self, event: events.Key) -> None:
        if event.character and event.character.isdecimal():
            index = int(event.character) - 1
            if 0 <= index < len(self.spec.options):
                event.stop()
                if self.spec.many:
                    self.toggle(index)
                else:
                    self.set(self.spec.options[index].value)

    def on_click(self, event: events.Click) -> None:
        if not self.spec.many:
            self.action_change(1)
            return
        index = event.y * self._columns() + (event.x - 1) // self._column()
        if 0 <= index < len(self.spec.options):
            self.toggle(index)


class Mistake(Panel, can_focus=False):
    """What is wrong with the field above, in as many lines as it takes."""

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """Return the lines that the text takes in `width` cells, also before it is shown for the first time."""
        return self.lines_at(width)


class FormDialog(Dialog[dict[str, str] | None]):
    """Fill in `fields`. Enter goes to the next field and sends from the last, ctrl+g sends from anywhere.

    `typed` are texts by field name that stand in the fields instead of their values, as if typed just now.
    `check` gets the cleaned values by name and may raise FieldError; None comes back when the form was left.
    """

    COMMANDS_HERE: ClassVar[tuple[Command, ...]] = (
        Command("form.send", "ctrl+g,f10", bar=True, palette=False),
        Command("form.next", "tab", bar=True, palette=False),
        Command("form.cancel", "escape", bar=True, palette=False),
    )
    BINDINGS: ClassVar[list[BindingType]] = [*bindings((COMMANDS_HERE[0], COMMANDS_HERE[2]))]
    AUTO_FOCUS = "Input, TextArea, _Pick"

    DEFAULT_CSS = """
    FormDialog {
        align: center middle;
        & > Vertical {
            width: 84; max-width: 100%; height: auto; max-height: 96%;
            background: $surface; border: round $primary; padding: 0 1;
        }
        & #note { height: auto; max-height: 4; padding: 0; }
        & VerticalScroll { height: auto; max-height: 100%; scrollbar-size-vertical: 1; }
        & .field { height: auto; }
        & .label { width: 16; height: 1; }
        & Input { height: 1; border: none; padding: 0 1; width: 1fr; background: $boost; }
        & Input:focus { border: none; background: $primary-muted; }
        & TextArea { border: none; padding: 0 1; width: 1fr; background: $boost; }
        & TextArea:focus { border: none; background: $primary-muted; }
        & .hint { height: auto; }
        & .error { height: auto; max-height: 4; display: none; padding: 0; }
        & KeyBar { dock: none; background: $surface; margin-top: 1; }
    }
    """

    def __init__(
        self,
        title: str,
        fields: Sequence[Field],
        check: Callable[[Values], None] | None = None,
        *,
        note: str = "",
        typed: Values | None = None,
    ) -> None:
        super().__init__()
        self._title = title
        self._fields = list(fields)
        self._echoing = {f"field-{spec.name}": spec for spec in fields if spec.echo}
        self._typed = typed or {}
        self._check = check
        self._note = note
        self._keeping: Timer | None = None

    @property
    def heading(self) -> str:
        """The form's title."""
        return self._title

    def typed(self) -> tuple[tuple[str, str, str], ...]:
        """Return the names, labels and texts of the fields that are another than at first."""
        values = self.values()
        return tuple(
            (spec.name, spec.label, values[spec.name])
            for spec in self._fields
            if values[spec.name] != clean(spec.value, multiline=True)
        )

    def compose(self) -> ComposeResult:
        """The title, a line a field with its hint, the keys."""
        with Vertical():
            yield Bar(id="heading")
            if self._note:
                yield Panel(id="note")
            with VerticalScroll(can_focus=False):
                for spec in self._fields:
                    with Horizontal(classes="field"):
                        yield Bar(classes="label", id=f"label-{spec.name}")
                        yield self._widget(spec)
                    yield Mistake(classes="error", id=f"error-{spec.name}")
            yield KeyBar()

    def _widget(self, spec: Field) -> Widget:
        typed = self._typed.get(spec.name, spec.value)
        if spec.options:
            pick = _Pick(spec)
            pick.value = typed
            return pick
        if spec.lines > 1:
            area = TextArea(
                typed,
                id=f"field-{spec.name}",
                tab_behavior="focus",
                show_line_numbers=False,
                highlight_cursor_line=False,
            )
            area.styles.height = spec.lines
            area.move_cursor(area.document.end)  # one goes on where the text ends
            return area
        return Input(typed, placeholder=spec.hint, id=f"field-{spec.name}", select_on_focus=False)

    def on_mount(self) -> None:
        """Fill in the labels."""
        self.query_one("#heading", Bar).show([Span(self._title, "heading")])
        if self._note:
            self.query_one("#note", Panel).show([Para(self._note, "muted")])
        for spec in self._fields:
            star = " *" if spec.required else ""
            self.query_one(f"#label-{spec.name}", Bar).show(
                [Span(spec.label + star, "strong" if spec.required else "")]
            )
        self.query_one(KeyBar).show_commands(
            self.COMMANDS_HERE, self.words, self.coach.workspace.settings.keymap
        )

    def values(self) -> dict[str, str]:
        """Return the cleaned values by field name."""
        found: dict[str, str] = {}
        for spec in self._fields:
            widget = self.query_one(f"#field-{spec.name}")
            if isinstance(widget, TextArea):
                found[spec.name] = clean(widget.text, multiline=True)
            elif isinstance(widget, Input | _Pick):
                found[spec.name] = clean(widget.value)
        return found

    @on(Input.Changed)
    @on(TextArea.Changed)
    def _keep_soon(self) -> None:
        if self._keeping is None:
            self._keeping = self.set_timer(KEEP_AFTER, self._keep)

    @on(Input.Changed)
    def _echo_typed(self, event: Input.Changed) -> None:
        self._echo(event.input, leaving=False)

    def on_descendant_blur(self, event: events.DescendantBlur) -> None:
        """Tell a text that is not understood once its field is left, and not while it is typed."""
        self._echo(event.widget, leaving=True)

    def _echo(self, widget: Widget, *, leaving: bool) -> None:
        spec = self._echoing.get(widget.id or "")
        if spec is None or spec.echo is None or not isinstance(widget, Input):
            return
        told, style = "", "muted"
        if text := clean(widget.value):
            try:
                told = spec.echo(text)
            except FieldError as mistake:
                told, style = (mistake.message, "alert") if leaving else ("", "")
        self._tell(spec, told, style)

    def _tell(self, spec: Field, told: str, style: str) -> None:
        panel = self.query_one(f"#error-{spec.name}", Panel)
        panel.display = bool(told)
        if told:
            mark = "! " if style == "alert" else "= "
            panel.show([Para(told, style, " " * 16 + mark, style)])

    def _keep(self) -> None:
        self._keeping = None
        self.coach.rescue.keep(self)

    def dismiss(self, result: dict[str, str] | None = None) -> AwaitComplete:
        """Close the form; its recovery note goes as soon as nothing waits to be saved."""
        self.coach.form_left(self, sent=result is not None)
        return super().dismiss(result)

    def on_input_submitted(self) -> None:
        """Go to the next field; from the last one, send."""
        focusable = [self.query_one(f"#field-{spec.name}") for spec in self._fields]
        if self.focused is focusable[-1]:
            self.action_send()
        else:
            self.focus_next()

    def action_send(self) -> None:
        """Check everything and close, or show each mistake beside its field."""
        if not self.is_current:
            return  # a second key of the same burst
        values = self.values()
        mistakes = self._mistakes(values)
        if mistakes:
            self._complain(mistakes)
        else:
            self.dismiss(values)

    def _mistakes(self, values: dict[str, str]) -> dict[str, str]:
        """Return what is wrong by field name."""
        found = {
            spec.name: self.words("dialogs.needed", field=spec.label)
            for spec in self._fields
            if spec.required and not values[spec.name]
        }
        # A check stops at the first mistake: with that field left empty it comes to the next.
        trial = dict(values)
        while self._check is not None:
            try:
                self._check(trial)
            except FieldError as error:
                if not trial.get(error.name):
                    found.setdefault(error.name, error.message)
                    break
                found[error.name] = error.message
                trial[error.name] = ""
            else:
                break
        return found

    def _complain(self, mistakes: dict[str, str]) -> None:
        for spec in self._fields:
            if spec.name in mistakes or spec.echo is None:
                self._tell(spec, mistakes.get(spec.name, ""), "alert")
        first = next(spec.name for spec in self._fields if spec.name in mistakes)
        self.query_one(f"#field-{first}").focus()

    def action_cancel(self) -> None:
        """Leave the form; ask first when something was typed."""
        if not self.is_current:
            return  # a second key of the same burst
        typed = {
            spec.name: clean(spec.value, multiline=True) for spec in self._fields
        } != self.values()
        if not typed:
            self.dismiss(None)
            return

        def chosen(value: str | None) -> None:
            if value == "leave":
                self.dismiss(None)

        options = [
            Option("stay", self.words("dialogs.keep-typing")),
            Option("leave", self.words("dialogs.throw-away")),
        ]
        self.app.push_screen(ChoiceDialog(self.words("dialogs.typed"), options), chosen)
