"""Two records that are one: chosen or offered, shown beforehand, merged, or remembered as two."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from salescoach.customer import apart
from salescoach.customer.matching import (
    contradictions,
    doubtful_customers,
    doubtful_people,
    same_person,
)
from salescoach.customer.people import ordered
from salescoach.customer.uniting import united
from salescoach.document.errors import DocumentError
from salescoach.tui.screens.choice import ChoiceDialog, Option
from salescoach.workspace.lists.customer_rows import SEPARATOR

if TYPE_CHECKING:
    from salescoach.customer.models import Customer, Person
    from salescoach.tui.app import CoachApp
    from salescoach.tui.customer.list import CustomersScreen
    from salescoach.tui.customer.screen import CustomerScreen
    from salescoach.words import Words
    from salescoach.workspace.lists.customers import CustomerCard


class _Called(NamedTuple):
    """A customer by its names."""

    name: str
    other_names: tuple[str, ...]


_SHOWN = ("name", "title", "department", "phone", "email", "birthday")


def choose_person(screen: CustomerScreen, kept: str) -> None:
    """Pick whom of the customer's people the person is one with, those first who may be."""
    words, customer = screen.words, screen.customer
    who = customer.people[kept]
    others = [(key, one) for key, one in ordered(customer) if key != kept]
    if not others:
        screen.refuse(words("customers.nobody-else"))
        return
    others.sort(key=lambda pair: same_person(who, pair[1]).likeness == "different")

    def chosen(gone: str | None) -> None:
        if gone:
            _preview_people(screen, kept, gone)

    options = [Option(key, one.name, _told(one)) for key, one in others]
    title = words("customers.merge-with", name=who.name)
    screen.app.push_screen(ChoiceDialog(title, options), chosen)


def _told(who: Person) -> str:
    return "  ".join(filter(None, (who.title, who.department, who.phone, who.email)))


def _preview_people(
    screen: CustomerScreen, kept: str, gone: str, then: Callable[[], object] | None = None
) -> None:
    """Show what becomes of two people's records, and merge them, or call them two, as is chosen."""
    words, customer = screen.words, screen.customer
    one, other = customer.people[kept], customer.people[gone]
    options = [
        Option("no", words("customers.leave-both")),
        Option("keep", words("customers.merge-into", name=_called(one))),
    ]
    if not _alike(one, other):
        options.append(Option("swap", words("customers.merge-into", name=_called(other))))
    options.append(Option("two", words("customers.are-two")))
    told = preview(words, one, other, screen.coach)

    def chosen(answer: str | None) -> None:
        if answer in {"keep", "swap"}:
            merge_people(screen, *((kept, gone) if answer == "keep" else (gone, kept)))
        elif answer == "two":
            stamp = screen.coach.workspace.stamp()
            screen.change(lambda old: apart.keep_people_apart(old, kept, gone, stamp))
        if answer != "no" and answer is not None and then is not None:
            screen.call_later(then)

    title = words("customers.one-or-two", one=one.name, other=other.name)
    screen.app.push_screen(ChoiceDialog(title, options, note=told), chosen)


def _alike(one: Person, other: Person) -> bool:
    return all(getattr(one, name) == getattr(other, name) for name in _SHOWN)


def _called(who: Person) -> str:
    return f"{who.name} ({who.title})" if who.title else who.name


def preview(words: Words, one: Person, other: Person, coach: CoachApp) -> str:
    """Return what the first record keeps when the other goes into it, what it gets, and what gives way."""
    ladder = [rung.key for rung in coach.workspace.playbook.tools.relationship.rungs]
    after = united(one, other, ladder).person
    gets = [name for name in _SHOWN if getattr(after, name) != getattr(one, name)]
    lines = []
    if gets:
        values = [f"{words('contacts.' + name)} {getattr(after, name)}" for name in gets]
        lines.append(words("customers.gets", values=words("fields.list-separator").join(values)))
    against = contradictions(one, other)
    lines += [
        words(
            "customers.gives-way",
            field=words("contacts." + name),
            kept=getattr(one, name),
            lost=getattr(other, name),
        )
        for name in against
        if name in _SHOWN
    ]
    if other.name != one.name:
        lines.append(words("customers.other-name-kept", name=other.name))
    return "\n".join(lines) or words("customers.nothing-lost")


def merge_people(screen: CustomerScreen, kept: str, gone: str) -> None:
    """Make two people one in the customer and in all its deals; `u` makes them two again."""
    from salescoach.customer.merging import merge_people as merged

    workspace, key = screen.coach.workspace, screen.customer.id
    stamp, name = workspace.stamp(), screen.customer.people[kept].name
    ladder = [rung.key for rung in workspace.playbook.tools.relationship.rungs]
    done = screen.change(
        lambda customer: merged(customer, kept, gone, stamp, ladder),
        act_on_all=partial(workspace.merge_people, key, kept, gone, stamp),
    )
    if done:
        screen.call_later(screen.say, screen.words("customers.merged", name=name))


def ask_people(screen: CustomerScreen) -> None:
    """Ask about each pair of people who are perhaps one, one after the other."""
    workspace, words = screen.coach.workspace, screen.words
    names = "".join(
        name for one in screen.customer.people.values() for name in (one.name, *one.other_names)
    )

    def look() -> None:
        readings = workspace.index.readings(names)
        pairs = doubtful_people(screen.customer, readings)
        # Who was added first is the one that the other goes into.
        order = {key: at for at, (key, _) in enumerate(ordered(screen.customer))}
        told = [tuple(sorted((pair.one, pair.other), key=order.__getitem__)) for pair in pairs]
        screen.app.call_from_thread(found, told)

    def found(pairs: list[tuple[str, str]]) -> None:
        if not pairs:
            screen.say(words("customers.no-doubts"))
        elif screen.is_current:
            _preview_people(screen, *pairs[0], then=lambda: ask_people(screen))

    screen.run_worker(look, thread=True, exclusive=True, exit_on_error=False, group="same")


def choose_customer(screen: CustomerScreen) -> None:
    """Pick which other customer is the same as this one."""
    words, workspace, here = screen.words, screen.coach.workspace, screen.customer.id

    def look() -> None:
        cards = [one for one in workspace.lists.customers.cards() if one.id != here]
        screen.app.call_from_thread(show, [one for one in cards if not one.problem])

    def show(cards: list[CustomerCard]) -> None:
        if not cards:
            screen.refuse(words("customers.no-other"))
            return
        options = [Option(one.id, one.name, _numbers(words, one)) for one in cards]
        title = words("customers.merge-with", name=screen.customer.name)
        screen.app.push_screen(ChoiceDialog(title, options), chosen)

    def chosen(gone: str | None) -> None:
        if gone:
            _confirm_customers(screen.coach, here, gone, screen)

    screen.run_worker(look, thread=True, exclusive=True, exit_on_error=False, group="same")


def _numbers(words: Words, one: CustomerCard) -> str:
    told = words("customers.numbers", people=one.people, deals=one.deals)
    return f"{one.other_names}  {told}".strip()


def ask_customers(screen: CustomersScreen) -> None:
    """Ask about each pair of customers that are perhaps the same, one after the other."""
    workspace, words = screen.coach.workspace, screen.words

    def look() -> None:
        called = {
            one.id: _Called(one.name, tuple(filter(None, one.other_names.split(SEPARATOR))))
            for one in workspace.lists.customers.cards()
            if not one.problem
        }
        readings = workspace.index.readings("".join(one.name for one in called.values()))
        for pair in doubtful_customers(called, readings=readings):
            if not _called_two(pair.one, pair.other):
                screen.app.call_from_thread(found, pair.one, pair.other)
                return
        screen.app.call_from_thread(screen.say, words("customers.no-doubts"))

    def _called_two(one: str, other: str) -> bool:
        first, second = workspace.current_customer(one), workspace.current_customer(other)
        return first.are_apart(one, other) or second.are_apart(one, other)

    def found(one: str, other: str) -> None:
        if screen.is_current:
            _confirm_customers(screen.coach, one, other, screen, lambda: ask_customers(screen))

    screen.run_worker(look, thread=True, exclusive=True, exit_on_error=False, group="same")


def _confirm_customers(
    coach: CoachApp,
    kept: str,
    gone: str,
    screen: CustomerScreen | CustomersScreen,
    then: Callable[[], object] | None = None,
) -> None:
    """Show what becomes of two customers, and merge them, or call them two, as is chosen."""
    words, workspace = screen.words, coach.workspace

    def look() -> None:
        try:
            both = workspace.current_customer(kept), workspace.current_customer(gone)
            deals = len(workspace.deals_of(gone)), len(workspace.deals_of(kept))
        except Exception as error:  # noqa: BLE001 - a file that cannot be read is told, whatever is wrong with it
            coach.call_from_thread(coach.say_error, error)
        else:
            coach.call_from_thread(show, *both, *deals)

    def show(one: Customer, other: Customer, moving: int, staying: int) -> None:
        options = [
            Option("no", words("customers.leave-both")),
            _into(words, "keep", one, other, moving),
            Option("two", words("customers.are-two")),
        ]
        if not _is_open(screen):
            options.insert(2, _into(words, "swap", other, one, staying))
        title = words("customers.one-or-two", one=one.name, other=other.name)
        coach.push_screen(ChoiceDialog(title, options), partial(chosen, one, other))

    def chosen(one: Customer, other: Customer, answer: str | None) -> None:
        if answer in {"keep", "swap"}:
            first, second = (one, other) if answer == "keep" else (other, one)
            _merge_customers(coach, first, second, screen)
        elif answer == "two":
            stamp = workspace.stamp()
            coach.save(
                one.id,
                lambda customer: apart.keep_customers_apart(customer, other, stamp),
                kind="customer",
            )
        if answer not in {"no", None} and then is not None:
            screen.set_timer(0.5, then)  # once it is saved and listed

    screen.run_worker(look, thread=True, exclusive=True, exit_on_error=False, group="same")


def _into(words: Words, answer: str, kept: Customer, gone: Customer, moving: int) -> Option:
    """Return the option to take all of a customer, with so many deals, into another one."""
    note = words(
        "customers.merge-customers-note",
        people=len(gone.people),
        deals=moving,
        gone=gone.name,
        kept=kept.name,
    )
    return Option(answer, words("customers.merge-into", name=kept.name), note)


def _is_open(screen: CustomerScreen | CustomersScreen) -> bool:
    return hasattr(screen, "customer")


def _merge_customers(
    coach: CoachApp, kept: Customer, gone: Customer, screen: CustomerScreen | CustomersScreen
) -> None:
    from salescoach.customer.merging import merge_customers
    from salescoach.tui.customer.screen import CustomerScreen

    workspace = coach.workspace
    stamp = workspace.stamp()

    def operation(customer: Customer) -> Customer:
        return merge_customers(customer, gone, stamp)[0]

    act = partial(workspace.merge_customers, kept.id, gone.id, stamp)
    done = True
    if isinstance(screen, CustomerScreen):
        done = screen.change(operation, act_on_all=act)
    else:
        try:
            operation(kept)
        except DocumentError as error:
            coach.say_error(error)
            return
        coach.save(kept.id, operation, kept, kind="customer", act_on_all=act)
    if done:
        screen.call_later(screen.say, screen.words("customers.merged", name=kept.name))
