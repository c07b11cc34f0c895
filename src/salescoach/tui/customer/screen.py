"""One customer: its people, its deals and the open actions of all of them, and beside it what is known of the one under the cursor."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, ClassVar, cast

from textual import on, work
from textual.app import ComposeResult
from textual.binding import BindingType

from salescoach.customer import people
from salescoach.customer.notes import newest_first
from salescoach.document.errors import DocumentError
from salescoach.text import local_time
from salescoach.tui.commands import Command, bindings
from salescoach.tui.customer.rows import Around, CustomerRows, Entry
from salescoach.tui.deal.bars import WIDE
from salescoach.tui.keep.news import ShowsDocument
from salescoach.tui.spans import Span
from salescoach.tui.widgets.bar import Bar
from salescoach.tui.widgets.keybar import KeyBar
from salescoach.tui.widgets.panel import BLANK, Panel, Para, ScrollsPanel
from salescoach.tui.widgets.rows import Rows
from salescoach.tui.widgets.styled import Body

if TYPE_CHECKING:
    from salescoach.customer.models import Customer, Person
    from salescoach.deal.models import Deal
    from salescoach.document.models import Document
    from salescoach.tui.keep.saver import Operation

_FACTS = ("title", "department", "level", "function", "phone", "email", "birthday", "note")


class CustomerScreen(ScrollsPanel, ShowsDocument):
    """A customer and what belongs to it."""

    KIND = "customer"
    TOPIC = "customer"
    COMMANDS_HERE: ClassVar[tuple[Command, ...]] = (
        Command("customer.open", "enter,o", bar=True, palette=False),
        Command("customer.add", "a", bar=True),
        Command("customer.edit", "e", bar=True),
        Command("customer.rename", "E", bar=True),
        Command("customer.note", "n", bar=True),
        Command("customer.timeline", "t", bar=True),
        Command("customer.merge", "m", bar=True),
        Command("customer.merge-customers", "M"),
        Command("customer.same", "D"),
        Command("customer.leave", "delete,minus"),
        Command("customer.export", "x"),
        Command("customer.erase", "X"),
        Command("customer.undo", "u", bar=True),
        Command("customer.redo", "ctrl+r"),
        Command("customer.scroll-down", "J,shift+down", palette=False),
        Command("customer.scroll-up", "K,shift+up", palette=False),
        Command("customer.back", "escape,q", bar=True, palette=False),
    )
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(COMMANDS_HERE)]
    AUTO_FOCUS = "#list"

    DEFAULT_CSS = """
    CustomerScreen {
        & #title { background: $panel; }
        & #came { display: none; background: $primary-muted; }
        & #body { height: 1fr; }
        & #list { width: 3fr; }
        & #panel { width: 2fr; border-left: solid $panel; }
        &.narrow #body { layout: vertical; }
        &.narrow #list { width: 100%; height: 1fr; }
        &.narrow #panel { width: 100%; height: 9; border-left: none; border-top: solid $panel; }
    }
    """

    def __init__(self, customer: Customer, around: Around, *, at: str = "") -> None:
        super().__init__()
        self.customer = customer
        self.around = around
        self._at = at
        self._left = False

    def compose(self) -> ComposeResult:
        """Title, what somebody else changed, the rows and the panel, the keys."""
        yield Bar(id="title")
        yield Bar(id="came")
        with Body(id="body"):
            yield Rows(id="list")
            yield Panel(id="panel")
        yield KeyBar(id="keys")

    def on_mount(self) -> None:
        """Show everything."""
        self.set_class(self.app.size.width < WIDE, "narrow")
        self.retell()

    def on_resize(self) -> None:
        """Lay out for the new width."""
        self.set_class(self.size.width < WIDE, "narrow")

    def on_screen_resume(self) -> None:
        """Come back from a deal or a form: deals may have changed, and the customer is followed again."""
        if self._left:
            self._left = False
            self.coach.follow(self.customer.id, kind="customer")
            self._look_around(self.customer.id)

    def on_screen_suspend(self) -> None:
        """Note that another screen is shown."""
        self._left = True

    @property
    def document(self) -> Customer:
        """The customer."""
        return self.customer

    def take(self, document: Document) -> None:
        """Take a state of the customer that looks the same."""
        self.customer = cast("Customer", document)

    def show_document(self, document: Document) -> None:
        """Show another state of the customer."""
        self.show_customer(cast("Customer", document))

    @property
    def rows(self) -> Rows:
        """The rows."""
        return self.query_one("#list", Rows)

    def retell(self) -> None:
        """Say everything in the words of the moment."""
        self.tell()
        self.show_keys()

    def tell(self) -> None:
        """Show the customer as it is."""
        words, customer = self.words, self.customer
        left = [Span(f" {customer.name} ", "heading")]
        if customer.other_names:
            names = words("fields.list-separator").join(customer.other_names)
            left.append(Span(f" {names}", "muted"))
        self.query_one("#title", Bar).show(left, [Span(words("customers.customer") + " ", "muted")])
        here = self.entry().key or self._at
        workspace = self.coach.workspace
        source = CustomerRows(words, workspace.playbook, customer, self.around, workspace.today())
        self.rows.show(source, source.index_of(here))

    def entry(self) -> Entry:
        """Return the row under the cursor; one without a key where there is none."""
        source, cursor = self.rows.source, self.rows.cursor
        known = isinstance(source, CustomerRows) and 0 <= cursor < len(source)
        return source.entries[cursor] if known else Entry("")  # type: ignore[attr-defined]

    def person_id(self) -> str:
        """Return the id of the person under the cursor; say so where it is on none."""
        entry = self.entry()
        if entry.kind == "people" and entry.key:
            return entry.key
        self.refuse(self.words("customers.on-a-person"))
        return ""

    @on(Rows.Moved)
    def _moved(self) -> None:
        self.query_one("#panel", Panel).show(self._paras())

    def _paras(self) -> list[Para]:
        entry = self.entry()
        if entry.kind == "people" and (who := self.customer.people.get(entry.key)) is not None:
            return self._of_person(entry.key, who)
        paras = [Para(self.customer.name, "heading")]
        if self.customer.conflicts:
            told = self.words("customers.conflicts", count=len(self.customer.conflicts))
            paras.append(Para(told, "warning", "! ", "alert"))
        return [*paras, *self._notes(None)]

    def _of_person(self, key: str, who: Person) -> list[Para]:
        words, source = self.words, self.rows.source
        assert isinstance(source, CustomerRows)  # noqa: S101 - the person stands in it
        tool = self.coach.workspace.playbook.tools.organisation
        names = {one.key: one.name.get(words.lang) for one in (*tool.levels, *tool.functions)}
        paras = [Para(who.name, "heading")]
        if who.left:
            paras.append(Para(words("contacts.left"), "warning"))
        boss = self.customer.people.get(who.reports_to or "")
        values = [(name, str(getattr(who, name) or "")) for name in _FACTS]
        values += [("rung", source.rung(who)), ("style", source.style(who))]
        values += [("reports-to", boss.name if boss else "")]
        values.insert(0, ("other-names", words("fields.list-separator").join(who.other_names)))
        for name, value in values:
            if value:
                label = words("contacts." + name)
                paras.append(Para(names.get(value, value), "", label + "  ", "accent"))
        deals = self.around.deals_with(key)
        if deals:
            paras += [BLANK, Para(words("customers.section-deals", count=len(deals)), "heading")]
            roles = {one.key: one.name.get(words.lang) for one in tool.roles}
            for deal in deals:
                part = deal.stakeholders[key]
                stance = words(f"contacts.stance-{part.stance}") if part.stance else ""
                told = [roles.get(role, role) for role in part.roles] + [stance]
                text = words("fields.list-separator").join(filter(None, told))
                paras.append(Para(f"{deal.name}  {text}".rstrip(), "", "- "))
        return [*paras, *self._notes(key)]

    def _notes(self, person: str | None) -> list[Para]:
        paras = []
        for _, note in newest_first(self.customer, person):
            who = self.customer.people.get(note.person or "")
            whom = f"{who.name}: " if who is not None and person is None else ""
            head = " ".join(filter(None, (local_time(note.at), note.by)))
            paras += [Para(head, "accent"), Para(whom + note.text, "", "  ")]
        return [BLANK, Para(self.words("customers.notes"), "heading"), *paras] if paras else []

    # Changing

    def change(
        self,
        operation: Operation,
        base: Customer | None = None,
        *,
        act_on_all: Callable[[], Any] | None = None,
    ) -> bool:
        """Apply an operation to what is on screen and save it in the background; say so when it is refused.

        `base` is the customer that a form was filled from; `act_on_all` as in `EditingApp.save`.
        """
        seen = self.customer if base is None else base
        try:
            customer = operation(seen)
            if seen is not self.customer and customer is not seen:
                from salescoach.document.merge import merge

                customer = merge(seen, customer, self.customer)
        except DocumentError as error:
            self.coach.refused_form(self.customer.id)
            self.coach.say_error(error)
            return False
        if customer is not seen:
            key = self.customer.id
            self.show_customer(customer)
            self.coach.save(key, operation, seen, kind="customer", act_on_all=act_on_all)
        return True

    def show_customer(self, customer: Customer) -> None:
        """Show another state of the customer, the cursor where it was."""
        self.know()
        new = customer.people.keys() - self.customer.people.keys()
        self.customer = customer
        if len(self.query("#title, #list, #panel")) < 3:
            return  # not composed yet, or the program is ending
        self.tell()
        source = self.rows.source
        if len(new) == 1 and isinstance(source, CustomerRows):
            at = source.index_of(next(iter(new)))
            self.rows.move_to(at if at is not None else self.rows.cursor)

    def customer_saved(self, customer: Customer, pending: int) -> None:
        """Take the saved customer, unless more edits of it are on their way."""
        if customer.id != self.customer.id or pending:
            return
        if customer == self.customer:
            self.customer = customer  # with the numbers that the save gave it
        else:
            self.show_customer(customer)
        self._look_around(customer.id)

    def deal_saved(self, deal: Deal, pending: int) -> None:
        """Take what an act in a deal did to the customer."""
        if deal.customer_id == self.customer.id and not pending:
            if deal.customer_record is not None:
                self.show_customer(deal.customer_record)
            self._look_around(self.customer.id)

    def index_changed(self, changed: int) -> None:
        """The index was refreshed: deals may be others."""
        if changed:
            self._look_around(self.customer.id)

    @work(thread=True, exclusive=True, exit_on_error=False, group="around")
    def _look_around(self, key: str) -> None:
        around = self.coach.around(key)
        self.app.call_from_thread(self._show_around, key, around)

    def _show_around(self, key: str, around: Around) -> None:
        if key == self.customer.id and around != self.around and self.query("#list"):
            self.around = around
            self.tell()

    # Commands

    @on(Rows.Opened)
    def _opened(self) -> None:
        self.action_open()

    def action_open(self) -> None:
        """Open the deal under the cursor, or that of the action; change the person."""
        entry = self.entry()
        if entry.kind == "people" and entry.key:
            self.action_edit()
        elif entry.key:
            self.coach.open_deal(entry.deal or entry.key)

    def action_add(self) -> None:
        """Add a person."""
        from salescoach.tui.customer import forms

        forms.add_person(self)

    def action_edit(self) -> None:
        """Change what is known of the person."""
        from salescoach.tui.customer import forms

        if key := self.person_id():
            forms.edit_person(self, key)

    def action_rename(self) -> None:
        """Change the customer's name and other names."""
        from salescoach.tui.customer import forms

        forms.rename(self)

    def action_note(self) -> None:
        """Note something about the person under the cursor, or about the customer."""
        from salescoach.tui.customer import forms

        entry = self.entry()
        forms.add_note(self, entry.key if entry.kind == "people" else "")

    def action_leave(self) -> None:
        """Mark the person as somebody who has left the customer, or is back."""
        if key := self.person_id():
            stamp, left = self.coach.workspace.stamp(), not self.customer.people[key].left
            self.change(lambda customer: people.mark_left(customer, key, stamp, left))

    def action_timeline(self) -> None:
        """Show what was done to the customer, and the notes, latest first."""
        from salescoach.tui.customer.timeline import CustomerTimeline

        self.app.push_screen(CustomerTimeline(self))

    def action_merge(self) -> None:
        """Make the person one with another of the customer's people."""
        from salescoach.tui.customer import same

        if key := self.person_id():
            same.choose_person(self, key)

    def action_merge_customers(self) -> None:
        """Make another customer one with this one."""
        from salescoach.tui.customer import same

        same.choose_customer(self)

    def action_same(self) -> None:
        """Look for people who are perhaps the same."""
        from salescoach.tui.customer import same

        same.ask_people(self)

    def action_export(self) -> None:
        """Write all that is held of the person into a file."""
        from salescoach.tui.customer import export

        if key := self.person_id():
            export.ask(self, key)

    def action_erase(self) -> None:
        """Erase all that is held of the person, for good."""
        from salescoach.tui.customer import erase

        if key := self.person_id():
            erase.ask(self, key)

    def action_undo(self) -> None:
        """Take the last change of this customer back."""
        self.coach.travel(self.customer.id, "undo", kind="customer")

    def action_redo(self) -> None:
        """Do the change taken back again."""
        self.coach.travel(self.customer.id, "redo", kind="customer")

    def action_back(self) -> None:
        """Go back to the list."""
        if not self.is_current:
            return  # a second key of the same burst
        self.action_forget_came()
        self.coach.follow_behind(self)
        self.dismiss(None)
