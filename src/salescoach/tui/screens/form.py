"""One dialog for everything that is typed: a few labelled fields, checked as a whole, each mistake told beside its field."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial, wraps
from typing import TYPE_CHECKING, Any, ClassVar, ParamSpec

from textual import events, on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.widget import Widget
from textual.widgets import Input, TextArea
from textual.widgets.input import Selection

from salescoach.text import clean
from salescoach.tui.commands import Command, bindings
from salescoach.tui.screens.base import DIALOG_COMMANDS, Dialog
from salescoach.tui.screens.choice import ChoiceDialog, Option
from salescoach.tui.screens.fields import Field, FieldError, Mistake, Pick, Values
from salescoach.tui.screens.lookup import Offers
from salescoach.tui.spans import Span
from salescoach.tui.widgets.bar import Bar
from salescoach.tui.widgets.keybar import KeyBar
from salescoach.tui.widgets.panel import Panel, Para

if TYPE_CHECKING:
    from textual.await_complete import AwaitComplete
    from textual.timer import Timer

    from salescoach.tui.app import CoachApp

__all__ = ["Field", "FieldError", "FormDialog", "Values", "opens_form"]

KEEP_AFTER = 1.0
"""Seconds after a key until what is typed is in the recovery note."""

Given = ParamSpec("Given")
_openers: list[Callable[[], None]] = []
"""The calls that are showing a form just now, the first of them outermost."""
_carried: list[tuple[Values, str, Selection | None]] = []
"""What was typed into a form that is being shown again, by field name, the name of the field that had the focus, and what
was selected in it."""


def opens_form(opener: Callable[Given, None]) -> Callable[Given, None]:
    """Mark a function that shows a form; its first argument is the app, or a screen.

    It does nothing where what is typed could not be saved, which is said, and the form can be shown again when the
    language changes.
    """

    @wraps(opener)
    def remembered(*args: Given.args, **kwargs: Given.kwargs) -> None:
        where: Any = args[0]
        coach: CoachApp = getattr(where, "coach", where)
        if coach.refuses_changes():
            return
        _openers.append(partial(remembered, *args, **kwargs))
        try:
            opener(*args, **kwargs)
        finally:
            _openers.pop()

    return remembered


_SHARE = 0.96
"""How much of the terminal's height a form may take; the style sheet says so too."""
_BORDER, _MARGIN = 2, 1
"""Lines of the form's border, and the one between its fields and its keys."""


class FormDialog(Dialog[dict[str, str] | None]):
    """Fill in `fields`. Enter goes to the next field and sends from the last, ctrl+g sends from anywhere.

    `typed` are texts by field name that stand in the fields instead of their values, as if typed just now.
    `check` gets the cleaned values by name and may raise FieldError; None comes back when the form was left.
        `doubts` gets the values too and returns fields with what is asked about them: a second send is the answer yes.
    """

    COMMANDS_HERE: ClassVar[tuple[Command, ...]] = (
        Command("form.send", "ctrl+g,f10", bar=True, palette=False),
        Command("form.next", "tab", bar=True, palette=False),
        Command("form.cancel", "escape", bar=True, palette=False),
    )
    TOPIC = "form"
    BINDINGS: ClassVar[list[BindingType]] = [
        *bindings((COMMANDS_HERE[0], COMMANDS_HERE[2])),
        *bindings(DIALOG_COMMANDS),
    ]
    AUTO_FOCUS = "Input, TextArea, Pick"

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
        doubts: Callable[[Values], Sequence[tuple[str, str]]] | None = None,
        kept: bool = True,
    ) -> None:
        super().__init__()
        self.kept = kept
        """Whether what is typed is kept in a recovery note."""
        self._title = title
        self._doubts = doubts
        self._asked: set[tuple[str, str]] = set()
        self._fields = list(fields)
        self._looking = {spec.name for spec in fields if spec.lookup is not None}
        self._echoing = {f"field-{spec.name}": spec for spec in fields if spec.echo}
        self._again = _openers[0] if _openers else None
        carried, self._focus_on, self._selected = _carried[-1] if _carried else ({}, "", None)
        self._typed = {**(typed or {}), **carried}
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
                    if spec.lookup is not None:
                        yield Offers(spec)
                    yield Mistake(classes="error", id=f"error-{spec.name}")
            yield KeyBar()

    def _widget(self, spec: Field) -> Widget:
        typed = self._typed.get(spec.name, spec.value)
        if spec.options:
            pick = Pick(spec)
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
        # What stands there at first is replaced by what is typed, unless the cursor is moved first; what somebody
        # typed is gone on with.
        return Input(
            typed,
            placeholder=spec.hint,
            id=f"field-{spec.name}",
            select_on_focus=typed == spec.value,
        )

    def on_resize(self) -> None:
        """Leave room for the keys under the fields, which scroll where they need more than the terminal has."""
        beside = sum(
            child.outer_size.height
            for child in self.query_one(Vertical).children
            if not isinstance(child, VerticalScroll)
        )
        room = int(self.size.height * _SHARE) - _BORDER - beside - _MARGIN
        self.query_one(VerticalScroll).styles.max_height = max(1, room)

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
        for spec in self._fields:
            if spec.told_at_once:
                self._echo(self.query_one(f"#field-{spec.name}"), leaving=False)
        self.query_one(KeyBar).show_commands(
            self.COMMANDS_HERE, self.words, self.coach.workspace.settings.keymap
        )
        if self._focus_on:
            self._focus_again(self.query_one(f"#field-{self._focus_on}"))

    def _focus_again(self, widget: Widget) -> None:
        if self._selected is not None and isinstance(widget, Input):
            # One goes on where one was: the text is not to be replaced by the next letter.
            widget.select_on_focus = False
            widget.selection = self._selected
        widget.focus()

    def retell(self) -> None:
        """Show the form again in the words of the moment, with what was typed into it."""
        if self._again is None or not self.is_current:
            return
        focused = (self.focused.id or "") if self.focused is not None else ""
        typed = {name: text for name, _, text in self.typed()}
        box = self.focused
        selected = box.selection if isinstance(box, Input) else None
        _carried.append((typed, focused.removeprefix("field-"), selected))
        try:
            self.dismiss(None)
            self._again()
        finally:
            _carried.pop()

    def values(self) -> dict[str, str]:
        """Return the cleaned values by field name."""
        found: dict[str, str] = {}
        for spec in self._fields:
            widget = self.query_one(f"#field-{spec.name}")
            if isinstance(widget, TextArea):
                found[spec.name] = clean(widget.text, multiline=True)
            elif isinstance(widget, Input | Pick):
                found[spec.name] = clean(widget.value)
            if spec.lookup is not None:
                found[f"{spec.name}_id"] = self._offers(spec.name).key(found[spec.name])
        return found

    @on(Input.Changed)
    @on(TextArea.Changed)
    def _keep_soon(self) -> None:
        if self._keeping is None:
            self._keeping = self.set_timer(KEEP_AFTER, self._keep)

    @on(Input.Changed)
    def _echo_typed(self, event: Input.Changed) -> None:
        self._echo(event.input, leaving=False)
        name = (event.input.id or "").removeprefix("field-")
        if event.input.has_focus and name in self._looking:
            self._offers(name).look(clean(event.value))

    def _offers(self, name: str) -> Offers:
        return self.query_one(f"#offers-{name}", Offers)

    def on_key(self, event: events.Key) -> None:
        """Move the mark over what is offered under the line."""
        name = self._name_of(self.focused)
        step = {"down": 1, "up": -1}.get(event.key)
        if step is not None and name in self._looking and self._offers(name).move(step):
            event.stop()

    def take_offer(self, name: str) -> bool:
        """Have a line say what is marked under it, and go on to the next field; say whether anything is."""
        offer = self._offers(name).take()
        if offer is None:
            return False
        box = self.query_one(f"#field-{name}", Input)
        box.value = offer.text
        if self.focused is not box:
            self.set_focus(box)
        self.focus_next()
        return True

    @staticmethod
    def _name_of(widget: Widget | None) -> str:
        return (widget.id or "").removeprefix("field-") if widget is not None else ""

    def on_descendant_blur(self, event: events.DescendantBlur) -> None:
        """Tell a text that is not understood once its field is left, and not while it is typed."""
        widget = event.widget
        if isinstance(widget, Input):
            widget.select_on_focus = any(
                widget.id == f"field-{spec.name}" and widget.value == spec.value
                for spec in self._fields
            )
        self._echo(widget, leaving=True)
        if (name := self._name_of(widget)) in self._looking:
            self._offers(name).fold()

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
            mark = {"alert": "! ", "warning": "? "}.get(style, "= ")
            panel.show([Para(told, style, " " * 16 + mark, style)])

    def _keep(self) -> None:
        self._keeping = None
        self.coach.rescue.keep(self)

    def dismiss(self, result: dict[str, str] | None = None) -> AwaitComplete:
        """Close the form; its recovery note goes as soon as nothing waits to be saved."""
        self.coach.form_left(self, sent=result is not None)
        return super().dismiss(result)

    def on_input_submitted(self) -> None:
        """Take what is marked under the line; else go to the next field, or from the last one, send."""
        if (name := self._name_of(self.focused)) in self._looking and self.take_offer(name):
            return
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
        elif not self._ask(values):
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

    def _ask(self, values: dict[str, str]) -> bool:
        """Ask once about what may not be meant as it stands; say whether there was something to ask."""
        found = set(self._doubts(values)) if self._doubts is not None else set()
        new = dict(sorted(found - self._asked))
        self._asked |= found
        for spec in self._fields:
            if spec.name in new:
                self._tell(spec, self.words("doubts.send-again", doubt=new[spec.name]), "warning")
        return bool(new)

    def _complain(self, mistakes: dict[str, str]) -> None:
        for spec in self._fields:
            if spec.name in mistakes or spec.echo is None:
                self._tell(spec, mistakes.get(spec.name, ""), "alert")
        first = next(spec.name for spec in self._fields if spec.name in mistakes)
        self.query_one(f"#field-{first}").focus()
        # What was typed behind it was for the screen that would have come.
        self.coach.refuse("")

    def action_cancel(self) -> None:
        """Leave the form; ask first when something was typed."""
        if not self.is_current:
            return  # a second key of the same burst
        self.leave(lambda: None)

    def leave(self, then: Callable[[], object]) -> None:
        """Close the form, then do `then`; ask first when something was typed."""

        def go() -> None:
            self.dismiss(None)
            then()

        if not self.typed():
            go()
            return

        def chosen(value: str | None) -> None:
            if value == "leave":
                go()

        options = [
            Option("stay", self.words("dialogs.keep-typing")),
            Option("leave", self.words("dialogs.throw-away")),
        ]
        self.app.push_screen(ChoiceDialog(self.words("dialogs.typed"), options), chosen)
