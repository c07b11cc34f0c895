"""The people at the customer: a row each, and beside it how to meet the one under the cursor."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType

from salescoach.coach.checks import is_key, rung_standing, shown_rank
from salescoach.coach.names import rung as rung_name
from salescoach.customer.rungs import steps
from salescoach.deal import contacts
from salescoach.deal.notes import newest_first
from salescoach.playbook.lookup import rung_rank
from salescoach.text import local_time
from salescoach.tui.commands import Command, bindings
from salescoach.tui.deal import contact_forms, guidance, item_forms, review_forms
from salescoach.tui.deal.bars import WIDE
from salescoach.tui.deal.part import DealPart, others
from salescoach.tui.deal.tools import rung_paras, style_paras
from salescoach.tui.spans import MEASURED, Span, columns, share, widest
from salescoach.tui.widgets.bar import Bar
from salescoach.tui.widgets.keybar import KeyBar
from salescoach.tui.widgets.panel import BLANK, Panel, Para, ScrollsPanel
from salescoach.tui.widgets.rows import GUTTER, EmptySource, Rows
from salescoach.tui.widgets.styled import Body

if TYPE_CHECKING:
    from salescoach.deal.models import Deal
    from salescoach.deal.stakeholders import Contact
    from salescoach.playbook.models import Entry, Playbook
    from salescoach.tui.deal.changes import DealChanges
    from salescoach.words import Words


_GAP, _MARKS = 1, 4
_DOUBTS = {"shown": "", "claimed": "?", "challenged": "!"}


class ContactRows:
    """The contacts of a deal, a row each."""

    def __init__(self, deal: Deal, playbook: Playbook, words: Words) -> None:
        self.entries = contacts.ordered(deal)
        self._words = words
        self._playbook = playbook
        tool = playbook.tools.organisation
        self._names = {
            entry.key: entry.name.get(words.lang)
            for entries in (
                tool.levels,
                tool.functions,
                tool.roles,
                playbook.tools.relationship.rungs,
            )
            for entry in entries
        }
        self._shared: tuple[int, list[int]] = (0, [])

    def __len__(self) -> int:
        return len(self.entries)

    def selectable(self, index: int) -> bool:
        """Every contact can be looked at."""
        return True

    def name_of(self, key: str | None) -> str:
        """Return the playbook's name for a key; the key itself where the playbook has none."""
        return self._names.get(key, key) if key else ""

    def row(self, index: int, width: int) -> Sequence[Span]:
        """Return key mark, name, rung, roles, level and function, title."""
        who = self.entries[index][1]
        name, rung, roles, place, title = self._widths(width - _MARKS)
        return [
            Span(self._marks(who), "accent"),
            *columns(
                [
                    (who.name, "strong", name),
                    (self._rung(who), self._style(who), rung),
                    (self._roles(who), "", roles),
                    (self._place(who), "muted", place),
                    (who.title, "muted", title),
                ],
                gap=_GAP,
            ),
        ]

    def wanted(self) -> int:
        """Return the cells in which no row is cut."""
        wishes = [wish for wish in self._wishes() if wish]
        return _MARKS + sum(wishes) + _GAP * max(0, len(wishes) - 1)

    def _wishes(self) -> list[int]:
        shown = [who for _, who in self.entries[:MEASURED]]
        return [
            widest(told(who) for who in shown)
            for told in (_name, self._rung, self._roles, self._place, _title)
        ]

    def _widths(self, width: int) -> list[int]:
        if width != self._shared[0]:
            wishes = self._wishes()
            if self.wanted() > width + _MARKS:
                wishes[-1] = 0  # the title stands at the top of the card
            self._shared = width, share(width, wishes, gap=_GAP)
        return self._shared[1]

    def _is_key(self, who: Contact) -> bool:
        return is_key(self._playbook, who)

    def _marks(self, who: Contact) -> str:
        return (self._words("contacts.mark-key") if self._is_key(who) else "  ") + (
            self._words("contacts.mark-guide") if who.guide else "  "
        )

    def _rung(self, who: Contact) -> str:
        if who.left:
            return self._words("contacts.left")
        nobody = self._playbook.tools.relationship.none.name.get(self._words.lang)
        standing = rung_standing(self._playbook, who)
        # The doubt goes before the name, where a narrow column does not cut it.
        climbed = "#" * rung_rank(self._playbook, who.rung) + _DOUBTS[standing]
        name = f"{climbed:<4} {self.name_of(who.rung) or nobody}"
        return name if standing == "shown" else f"{name} {self._words('contacts.rung-' + standing)}"

    def _style(self, who: Contact) -> str:
        if who.left:
            return "muted"
        behind = self._is_key(who) and shown_rank(self._playbook, who) < 2
        return "warning" if behind or rung_standing(self._playbook, who) != "shown" else ""

    def _roles(self, who: Contact) -> str:
        told = [self.name_of(role) for role in who.roles]
        if who.stance:
            told.append(self._words(f"contacts.stance-{who.stance}"))
        return self._words("fields.list-separator").join(told)

    def _place(self, who: Contact) -> str:
        return " ".join(filter(None, (self.name_of(who.level), self.name_of(who.function))))


def _name(who: Contact) -> str:
    return who.name


def _title(who: Contact) -> str:
    return who.title


class ContactsScreen(ScrollsPanel, DealPart):
    """The contacts and what is known of each."""

    TOPIC = "contacts"
    COMMANDS_HERE: ClassVar[tuple[Command, ...]] = (
        Command("contacts.add", "a", bar=True),
        Command("contacts.edit", "e,E", bar=True),
        Command("contacts.note", "n", bar=True),
        Command("contacts.rung", "r", bar=True),
        Command("contacts.coach", "c", bar=True),
        Command("contacts.style", "s", bar=True),
        Command("contacts.guide", "i", bar=True),
        Command("contacts.leave", "delete,minus", bar=True),
        Command("contacts.scroll-down", "J,shift+down", palette=False),
        Command("contacts.scroll-up", "K,shift+up", palette=False),
        Command("contacts.undo", "u"),
        Command("contacts.redo", "ctrl+r"),
        *others("contacts"),
        Command("contacts.back", "escape,q,p", bar=True, palette=False),
    )
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(COMMANDS_HERE)]
    AUTO_FOCUS = "#people"

    DEFAULT_CSS = """
    ContactsScreen {
        & #body { height: 1fr; }
        & #people { width: 3fr; }
        & #panel { width: 1fr; border-left: solid $panel; }
        &.narrow #body { layout: vertical; }
        &.narrow #people { width: 100%; height: 1fr; }
        &.narrow #panel { width: 100%; height: 10; border-left: none; border-top: solid $panel; }
    }
    """

    def __init__(self, behind: DealChanges, *, at: str = "") -> None:
        super().__init__(behind)
        self._at = at
        self._known: frozenset[str] = frozenset()

    def compose(self) -> ComposeResult:
        """Title, people, the one under the cursor, keys."""
        yield Bar(id="title")
        with Body(id="body"):
            yield Rows(id="people")
            yield Panel(id="panel")
        yield KeyBar()

    def on_resize(self) -> None:
        """Lay out for the new width."""
        self.set_class(self.size.width < WIDE, "narrow")
        self._share_width()

    def _share_width(self) -> None:
        """Give the list what its columns want, from half to seven tenths of the screen; the card gets the rest."""
        rows, width = self.query_one(Rows), self.size.width
        if width >= WIDE and isinstance(rows.source, ContactRows):
            wanted = rows.source.wanted() + GUTTER + 1
            rows.styles.width = min(max(wanted, width // 2), width * 7 // 10)
        else:
            rows.styles.width = None

    def tell(self) -> None:
        """Show the contacts of the deal as it is."""
        words = self.words
        self.title_bar(words("contacts.contacts"), words("contacts.marks"))
        here = self._under_cursor() or self._at
        source = ContactRows(self.deal, self.behind.playbook, words)
        keys = [key for key, _ in source.entries]
        new = [place for place, key in enumerate(keys) if self._known and key not in self._known]
        self._known = frozenset(keys)
        at = new[-1] if new else (keys.index(here) if here in keys else None)
        self.query_one(Rows).show(
            source if len(source) else EmptySource(words("contacts.none")), at
        )
        self._share_width()

    def _under_cursor(self) -> str:
        rows = self.query_one(Rows)
        return (
            rows.source.entries[rows.cursor][0]
            if isinstance(rows.source, ContactRows) and rows.cursor >= 0
            else ""
        )

    @on(Rows.Moved)
    def _moved(self) -> None:
        key = self._under_cursor()
        self.query_one(Panel).show(self._paras(key) if key else [])

    def _paras(self, key: str) -> list[Para]:
        who, words = self.deal.contacts[key], self.words
        paras = [Para(f"{who.name}  {who.title}", "heading")]
        for _, note in newest_first(self.deal, key):
            head = " ".join(filter(None, (local_time(note.at), note.by)))
            paras += [Para(head, "accent"), Para(note.text, "", "  ")]
        if len(paras) > 1:
            paras.append(BLANK)
        paras += self._facts(who)
        if who.note:
            paras.append(Para(who.note, "", words("contacts.note") + "  ", "accent"))
        return [*paras, *self._steps(who), *self._next_rung(who), *self._style(who)]

    def _facts(self, who: Contact) -> list[Para]:
        words = self.words
        boss = self.deal.contacts.get(who.reports_to or "")
        source = self.query_one(Rows).source
        assert isinstance(source, ContactRows)  # noqa: S101 - there is a contact to tell of
        names = [source.name_of(key) for key in (who.level, who.function)]
        facts = (
            ("other-names", words("fields.list-separator").join(who.other_names)),
            ("department", who.department),
            ("level", names[0]),
            ("function", names[1]),
            ("roles", words("fields.list-separator").join(map(source.name_of, who.roles))),
            ("stance", words(f"contacts.stance-{who.stance}") if who.stance else ""),
            ("reports-to", boss.name if boss else ""),
            ("phone", who.phone),
            ("email", who.email),
            ("birthday", who.birthday),
            ("since", who.rung_since.isoformat() if who.rung_since else ""),
        )
        return [
            Para(value, "", words("contacts." + name) + "  ", "accent")
            for name, value in facts
            if value
        ]

    def _steps(self, who: Contact) -> list[Para]:
        """Tell how the contact came to the rung: the latest step first."""
        words, playbook = self.words, self.behind.playbook
        if who.rung is None and not who.rungs:
            return []
        paras = [BLANK, Para(words("contacts.rung-steps"), "heading")]
        if rung_standing(playbook, who) == "claimed":
            paras.append(Para(words("contacts.rung-no-steps"), "warning", "! ", "alert"))
        for _, step in reversed(steps(who)):
            name = rung_name(words, playbook, step.rung or "")
            head = "  ".join(filter(None, (step.on.isoformat(), name, step.who)))
            paras.append(Para(head, "accent", "+ "))
            why = f"{words('contacts.rung-why')}: {step.reason}" if step.reason else ""
            paras += [Para(text, "", "  ") for text in (step.note, why) if text]
            paras += guidance.verdict_paras(words, step)
        return paras

    def _next_rung(self, who: Contact) -> list[Para]:
        rungs = self.behind.playbook.tools.relationship.rungs
        rank = rung_rank(self.behind.playbook, who.rung)
        if rank >= len(rungs):
            return []
        return [
            BLANK,
            Para(self.words("contacts.next-rung"), "heading"),
            *rung_paras(self.words, rungs[rank]),
        ]

    def _style(self, who: Contact) -> list[Para]:
        if not who.styles:
            return [BLANK, Para(self.words("contacts.no-style"), "muted")]
        latest = max(who.styles.values(), key=lambda judged: judged.on)
        found: list[Entry] = [
            one for one in self.behind.playbook.tools.styles.styles if one.key == latest.style
        ]
        told = [BLANK, Para(self.words("contacts.style-on", on=latest.on.isoformat()), "heading")]
        for style in found:
            told += style_paras(self.words, style)  # type: ignore[arg-type]
        return told

    def _chosen(self) -> str:
        """Return the id of the contact under the cursor; say so where there is none."""
        key = self._under_cursor()
        if not key:
            self.refuse(self.words("contacts.none"))
        return key

    def action_add(self) -> None:
        """Add a contact."""
        contact_forms.add(self.behind)

    @on(Rows.Opened)
    def _opened(self) -> None:
        self.action_edit()

    def action_edit(self) -> None:
        """Change what is known of the contact."""
        if key := self._chosen():
            contact_forms.edit(self.behind, key)

    def action_note(self) -> None:
        """Note something about the contact."""
        if key := self._chosen():
            item_forms.add_note(self.behind, contact=key)

    def action_rung(self) -> None:
        """Say which rung the relationship has reached."""
        if key := self._chosen():
            contact_forms.set_rung(self.behind, key)

    def action_coach(self) -> None:
        """Let a coach confirm or challenge the rung."""
        if key := self._chosen():
            review_forms.of_rung(self.behind, key)

    def action_style(self) -> None:
        """Judge the contact's communication style."""
        if key := self._chosen():
            contact_forms.judge_style(self.behind, key)

    def action_guide(self) -> None:
        """Mark the contact as a guide, or not."""
        if key := self._chosen():
            stamp, guide = self.coach.workspace.stamp(), not self.deal.contacts[key].guide
            self.behind.change(lambda deal: contacts.edit(deal, key, stamp, guide=guide))

    def action_leave(self) -> None:
        """Mark the contact as no longer playing a part, or again."""
        if key := self._chosen():
            stamp, left = self.coach.workspace.stamp(), not self.deal.contacts[key].left
            self.behind.change(lambda deal: contacts.mark_left(deal, key, stamp, left))
