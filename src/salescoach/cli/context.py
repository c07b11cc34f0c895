"""What every command is given: the words, the output, and the workspace and playbook when it first asks for them."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

from salescoach.words import Lang, Words

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Callable, Iterable, Mapping
    from datetime import date
    from pathlib import Path

    from salescoach.cli.output import Output
    from salescoach.customer.models import Customer
    from salescoach.deal.models import Deal
    from salescoach.document.stamp import Stamp
    from salescoach.paths import Paths
    from salescoach.playbook.models import Playbook
    from salescoach.settings import Settings, Warned
    from salescoach.store.documents import DocumentStore
    from salescoach.workspace import Workspace


class Failure(Exception):
    """A command cannot do what was asked: the exit code, the sentence, and further lines that help."""

    def __init__(self, message: str, *, code: int = 1, more: tuple[str, ...] = ()) -> None:
        super().__init__(message)
        self.message = message
        self.code = code
        self.more = more


class Options:
    """The options that every command takes."""

    __slots__ = ("color", "lang", "playbook")

    def __init__(
        self, lang: Lang | None = None, playbook: str | None = None, *, color: bool = True
    ) -> None:
        self.lang: Lang | None = lang
        self.playbook = playbook
        self.color = color


class Context:
    """One run of one command."""

    def __init__(self, options: Options, environ: Mapping[str, str], output: Output) -> None:
        self.options = options
        self.environ = environ
        self.out = output
        self._edits: list[tuple[Deal, Deal]] = []
        self._last: tuple[Deal, Deal] | tuple[Customer, Customer]

    @cached_property
    def paths(self) -> Paths:
        """Where everything lives."""
        from salescoach.paths import find_paths

        return find_paths(self.environ)

    @cached_property
    def loaded_settings(self) -> tuple[Settings, tuple[Warned, ...]]:
        """The user's settings and what is wrong in their file, a line each."""
        from salescoach.settings import load_settings

        return load_settings(self.paths.config_file, self.environ)

    @property
    def settings(self) -> Settings:
        """The user's settings."""
        return self.loaded_settings[0]

    @cached_property
    def words(self) -> Words:
        """The program's sentences in the user's language."""
        from salescoach.settings import choose_lang

        return Words(choose_lang(self.environ, asked=self.options.lang, setting=self.settings.lang))

    @property
    def lang(self) -> Lang:
        """The user's language."""
        return self.words.lang

    @cached_property
    def playbook_path(self) -> Path | None:
        """The folder `--playbook` named. Raises Failure when it is not a folder."""
        from pathlib import Path

        if self.options.playbook is None:
            return None
        path = Path(self.options.playbook)
        if not path.is_dir():
            raise Failure(self.words("cli.no-such-folder", path=self.options.playbook), code=3)
        return path

    @cached_property
    def workspace(self) -> Workspace:
        """The one door to deals and playbook."""
        from salescoach.workspace import Workspace

        workspace = Workspace(
            self.paths,
            self.settings,
            self.playbook_path,
            lang=self.lang,
            environ=self.environ,
            setting_problems=self.loaded_settings[1],
        )
        workspace.told_outside = lambda found: self.out.tell(
            (workspace.outside_text(found), "warning")
        )
        workspace.upgrading = self._upgrade
        return workspace

    def _upgrade(self) -> None:
        from salescoach.cli.upgrading import upgrade

        upgrade(self)

    @cached_property
    def playbook(self) -> Playbook:
        """The method as data. Raises PlaybookInvalid for mistakes in the one that `--playbook` named.

        For mistakes in the user's own the packaged one is used, and a message says so.
        """
        playbook, problems = self.workspace.playbook, self.workspace.playbook_problems
        if problems and self.playbook_path is not None:
            from salescoach.playbook.errors import PlaybookInvalid

            raise PlaybookInvalid(problems)
        if problems:
            path = str(self.workspace.playbook_folder)
            told = self.words("storage.banner-playbook", path=path, count=len(problems))
            self.out.tell((told, "warning"))
        return playbook

    @property
    def known_playbook(self) -> Playbook | None:
        """The method as data if this run has read it already."""
        found: Playbook | None = self.__dict__.get("playbook")
        return found

    @cached_property
    def today(self) -> date:
        """The day this run takes place, or that it is to tell of."""
        return self.workspace.today()

    def day(self, text: str, *, past: bool = False) -> date:
        """Return the day that `text` means, and say which one it is where it was not written as one.

        `past` reads what repeats as the last one up to today. Raises InvalidValue.
        """
        from salescoach.text import clean

        reading = self.workspace.read_day(text, past=past)
        if clean(text) != reading.day.isoformat():
            from salescoach.coach.days import reading_text

            told = reading_text(self.words, reading)
            self.out.tell(self.words("days.understood", text=clean(text), day=told))
        return reading.day

    def deal_id(self, text: str) -> str:
        """Return the id of the deal that `text` (an id, a unique prefix, an unambiguous name) means."""
        from salescoach.text import clean

        return self.workspace.resolve(clean(text))

    def customer_id(self, text: str) -> str:
        """Return the id of the customer that `text` (an id, a unique prefix, an unambiguous name) means."""
        from salescoach.text import clean

        return self.workspace.resolve_customer(clean(text))

    def read(self, text: str) -> Deal:
        """Return the deal that `text` means, and say so where its file does not go on from what was saved here."""
        deal = self.workspace.read(self.deal_id(text))
        self._tell_replaced(
            [(self.workspace.store, deal), (self.workspace.customers, deal.customer_record)]
        )
        return deal

    def _tell_replaced(
        self, stores: Iterable[tuple[DocumentStore[Any], Deal | Customer | None]]
    ) -> None:
        from salescoach.store.files.saved import replaced

        for store, document in stores:
            if document is None or not replaced(
                store.path(document.id), store.places.saved, document.id
            ):
                continue
            from salescoach.store.care.outside import last_of

            if last_of(store, document) is not None:
                told = self.words("storage.outside-seen", name=document.name, id=document.id[:8])
                self.out.tell((told, "warning"))

    def read_customer(self, customer_id: str) -> Customer:
        """Return a customer by its id, and say so where its file does not go on from what was saved here."""
        customer = self.workspace.current_customer(customer_id)
        self._tell_replaced([(self.workspace.customers, customer)])
        return customer

    def edit_customer(
        self, customer_id: str, operation: Callable[[Customer, Stamp], Customer]
    ) -> Customer:
        """Apply `operation` to a customer, save it and return it."""
        self.workspace.keep_user_id()
        stamp = self.workspace.stamp()
        found: list[Customer] = []

        def noticed(customer: Customer) -> Customer:
            found[:] = [customer]
            return operation(customer, stamp)

        saved = self.workspace.edit_customer(customer_id, noticed)
        self._last = (found[0], saved)
        return saved

    def edit(self, text: str, operation: Callable[[Deal, Stamp], Deal]) -> Deal:
        """Apply `operation` to the deal that `text` means, save it and return it."""
        deal_id = self.deal_id(text)
        self.workspace.keep_user_id()
        stamp = self.workspace.stamp()
        found: list[Deal] = []

        def noticed(deal: Deal) -> Deal:
            found[:] = [deal]
            return operation(deal, stamp)

        saved = self.workspace.edit(deal_id, noticed)
        self._edits.append((found[0], saved))
        self._last = self._edits[-1]
        if share := self.workspace.store.nearly_full(deal_id):
            told = self.words("storage.nearly-full", name=saved.name, share=share)
            self.out.tell((told, "warning"))
        return saved

    def tell_done(self, told: str) -> None:
        """Say what the last edit did, or that it changed nothing."""
        before, after = self._last
        changed = _saves(before) != _saves(after)
        self.out.tell(told if changed else self.words("cli.nothing-changed"))

    def tell_reopened(self) -> None:
        """Say which items that the deal's data had met this run's edits opened again."""
        for before, after in self._edits:
            from salescoach.coach.reopened import reopened_text

            for told in reopened_text(self.words, self.playbook, before, after):
                self.out.tell((told, "warning"))


def _saves(document: Deal | Customer) -> tuple[str, str | None]:
    """Return the saves of a document and, for a deal, its customer: an act may have changed either or both."""
    customer = getattr(document, "customer_record", None)
    return document.save, customer.save if customer is not None else None


def given(args: Namespace, *names: str) -> dict[str, Any]:
    """Return the named arguments that the command line has, without those that were left out."""
    return {name: value for name in names if (value := getattr(args, name, None)) is not None}
