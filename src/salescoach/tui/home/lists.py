"""What Home shows: today's work first, then the lists of deals, all from the index."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from textual import on, work
from textual.app import ComposeResult

from salescoach.tui.home import bars as home_bars
from salescoach.tui.home.finishing import Finishing
from salescoach.tui.home.sources import Cards, Today, Welcome
from salescoach.tui.screens.base import CoachScreen
from salescoach.tui.spans import Span
from salescoach.tui.widgets.bar import Bar
from salescoach.tui.widgets.keybar import KeyBar
from salescoach.tui.widgets.panel import Panel, Para
from salescoach.tui.widgets.rows import EmptySource, Rows

if TYPE_CHECKING:
    from salescoach.deal.models import Deal
    from salescoach.workspace.indexed import Glance
    from salescoach.workspace.lists.cards import Card
    from salescoach.workspace.lists.work import Counts

TABS = ("today", "deals", "nurture", "closed")
SORTS = ("next", "stage", "amount", "name", "customer", "days", "close", "updated")
AHEAD = 7
"""Days ahead that today's work looks."""
RESTING = 0.15
"""Seconds that the cursor rests on a row before its deal is read ahead."""
LOOKING = 2.0
"""Seconds between looks whether other programs changed deals, or another day has begun."""
TODAY_LIMIT = 300
"""Rows of today's work that are read; nobody does more in a day."""
OTHER_LIMIT = 50
"""Deals without an action of today that are read, of a kind."""


class HomeLists(CoachScreen[None]):
    """The showing half of Home; the other half has the commands."""

    DEFAULT_CSS = """
    HomeLists {
        & #title { background: $panel; }
        & #banner { height: auto; max-height: 3; display: none; }
        & #preview { height: 6; border-top: solid $panel; }
        & Input { border: none; height: 1; padding: 0 1; background: $surface; }
        & Input:focus { border: none; }
    }
    """

    def __init__(self) -> None:
        super().__init__()
        self._tab = "today"
        self._sort = 0
        self._text = ""
        self._stalled = False
        self._counts: Counts | None = None
        self._empty = False
        self._left = False
        self._glance: Glance | None = None
        self._looked: Glance | None = None
        self._day: date | None = None
        self.finishing = Finishing()

    def compose(self) -> ComposeResult:
        """A title line, totals or column heads, the list, a preview, the keys."""
        yield Bar(id="title")
        yield Panel(id="banner")
        yield Bar(id="head")
        yield Rows(id="list")
        yield Panel(id="preview")
        yield KeyBar(id="keys")

    @property
    def rows(self) -> Rows:
        """The list."""
        return self.query_one("#list", Rows)

    def on_mount(self) -> None:
        """Fill everything from the index before the first paint."""
        self._resting = self.set_interval(RESTING, self._read_ahead, pause=True)
        self.set_interval(LOOKING, self._look)
        self.reload()
        self._preview(self.rows.cursor)
        self.show_keys()

    def on_screen_resume(self) -> None:
        """Come back from a deal: its row may have changed."""
        if self._left:
            self._left = False
            self.reload()
            self.coach.offer_drafts()

    def on_screen_suspend(self) -> None:
        """Note that another screen is shown."""
        self._left = True

    def on_resize(self) -> None:
        """The columns' heads follow the width."""
        self._show_head()

    def reload(self) -> None:
        """Read the index again and show the tab, the cursor where it was."""
        workspace = self.coach.workspace
        self._day = workspace.today()
        self._counts = workspace.counts()
        self._glance = workspace.glance()._replace(stale=False)  # whatever is, is looked for
        self._empty = not workspace.has_deals()
        cursor = self.rows.cursor
        if self._empty:
            self.rows.show(Welcome(self.words), max(0, cursor))
        elif self._tab == "today":
            self._show_today(cursor)
        else:
            self._load_cards(self._tab, self._text, SORTS[self._sort], self._stalled)
        self._show_title()
        self._show_head()

    def _show_today(self, cursor: int) -> None:
        workspace = self.coach.workspace
        due = workspace.due(workspace.today() + timedelta(days=AHEAD), TODAY_LIMIT)
        revisit, won = workspace.revisit_cards(OTHER_LIMIT), workspace.won_cards(OTHER_LIMIT)
        idle = workspace.idle_cards(OTHER_LIMIT)
        if due or revisit or won or idle:
            source = Today(
                due,
                revisit,
                won,
                idle,
                self.words,
                workspace.today(),
                workspace.stage_names(),
                workspace.settings.me,
                workspace.settings.user_id,
            )
            self.rows.show(source, max(0, cursor))
        else:
            self.rows.show(EmptySource(self.words("home.none-today")))

    @work(thread=True, exclusive=True, exit_on_error=False, group="list")
    def _load_cards(self, tab: str, text: str, sort: str, stalled: bool) -> None:  # noqa: FBT001
        workspace = self.coach.workspace
        listing = workspace.listing(tab=tab, text=text, sort=sort, stalled=stalled)
        source = Cards(
            listing.total,
            listing.page,
            self.words,
            workspace.today(),
            workspace.stage_names(),
            kind=tab,
        )
        source.card(0)
        asked = (tab, text, sort, stalled)
        self.app.call_from_thread(self._show_cards, source, asked)

    def _show_cards(self, source: Cards, asked: tuple[str, str, str, bool]) -> None:
        tab, text = asked[:2]
        if asked != (self._tab, self._text, SORTS[self._sort], self._stalled):
            return
        if len(source):
            self.rows.show(source, max(0, self.rows.cursor))
        elif text:
            self.rows.show(EmptySource(self.words("home.found-none", text=text)))
        else:
            none = "stalled" if self._stalled else tab
            self.rows.show(EmptySource(self.words(f"home.none-{none}")))
        self._show_head()

    def _show_title(self) -> None:
        today = self.coach.workspace.today()
        shown = "stalled" if self._stalled else self._tab
        spans = home_bars.title(self.words, self._counts, shown, TABS, today)
        self.query_one("#title", Bar).show(*spans)

    def _show_head(self) -> None:
        head = self.query_one("#head", Bar)
        words, counts = self.words, self._counts
        if self._empty:
            head.show([Span(" " + words("home.welcome"), "strong")])
        elif self._tab == "today" and counts is not None:
            head.show(home_bars.totals(self.words, counts))
        elif isinstance(self.rows.source, Cards):
            source = self.rows.source
            width = self.rows.scrollable_content_region.width or self.size.width
            head.show([Span("  "), *source.head(max(0, width - 2))])
        else:
            head.show([])

    @on(Rows.Moved)
    def _moved(self, event: Rows.Moved) -> None:
        self._preview(event.index)

    def _preview(self, index: int) -> None:
        preview = self.query_one("#preview", Panel)
        card = self._card_at(index)
        if self._empty:
            preview.show([Para(self.words("home.welcome-what"), "muted")])
        elif card is None:
            preview.show([])
        else:
            preview.show(home_bars.preview(self.words, card, self.coach.workspace.today()))
            self._resting.reset()
            self._resting.resume()

    def _read_ahead(self) -> None:
        self._resting.pause()
        if self.is_current and (card := self._card_at(self.rows.cursor)) is not None:
            self.coach.read_ahead(card.id)

    def _card_at(self, index: int) -> Card | None:
        source = self.rows.source
        if index < 0:
            return None
        if isinstance(source, Cards):
            return source.card(index)
        if isinstance(source, Today):
            return self.coach.workspace.card(source.deal_id(index))
        return None

    def deal_saved(self, deal: Deal, pending: int) -> None:
        """Tell the lists again when a deal that they show was saved, and which action is done with that."""
        done = self.finishing.done(deal, pending)
        if done and self.is_current:
            self.say(self.words("home.marked-done", text=done[-1]))
        if not pending and self.is_current:
            self.reload()

    def index_changed(self, changed: int) -> None:
        """The index was refreshed: read it again if anything changed."""
        if changed or self._empty or self.coach.workspace.glance() != self._glance:
            self.reload()
        else:
            self._show_head()

    @work(thread=True, exclusive=True, exit_on_error=False, group="look")
    def _look(self) -> None:
        workspace = self.coach.workspace
        # What is being saved here is not yet in the index, and will be.
        if not self.is_current or self.coach.unsaved():
            return
        if workspace.today() != self._day:
            self.app.call_from_thread(self.reload)
            return
        glance = workspace.glance()
        if glance in {self._glance, self._looked}:
            return
        # Where a file cannot be read the index stays behind, and looking again and again would not help.
        self._looked = glance
        if workspace.behind():
            self.app.call_from_thread(self.coach.look_again)
        else:
            self.app.call_from_thread(self.reload)

    def show_progress(self, done: int, total: int) -> None:
        """Show how far a long refresh is."""
        self.query_one("#head", Bar).show(
            [Span("  " + self.words("home.indexing", done=done, total=total), "warning")]
        )

    def show_banners(self, banners: list[str]) -> None:
        """Show what must be known of the folder, the playbook and the settings; nothing where all is well."""
        panel = self.query_one("#banner", Panel)
        panel.display = bool(banners)
        panel.show([Para(banner, "warning", "! ", "alert") for banner in banners])

    def retell(self) -> None:
        """Say everything in the words of the moment."""
        self.reload()
        self.show_keys()
