"""What everything rests on: the user's settings, the language, the clock and who does something."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from functools import cached_property
from threading import Lock
from typing import TYPE_CHECKING, Any

from salescoach.settings import Settings
from salescoach.words import Words

if TYPE_CHECKING:
    from salescoach.deal.days.question import Reading
    from salescoach.deal.workdays import Workdays
    from salescoach.document.models import Event
    from salescoach.document.stamp import Stamp
    from salescoach.paths import Paths


_TAKING = Lock()
"""Held while settings are exchanged for others: a thread that makes the id must not undo what a form has set."""


class Basics:
    """Settings, words, days and stamps."""

    paths: Paths
    settings: Settings
    words: Words
    _now: Callable[[], datetime]
    _began: datetime
    _moments: set[datetime]
    _looked_for_id: bool

    def now(self) -> datetime:
        """Return the moment, with its offset."""
        return self._now()

    def today(self) -> date:
        """Return the day."""
        return self._now().date()

    @cached_property
    def workdays(self) -> Workdays:
        """Which days are worked. Raises InvalidValue for mistakes in the user's own file."""
        from salescoach.workspace.workdays import load_workdays

        return load_workdays(self.paths.workdays)

    def read_day(self, text: str, *, past: bool = False) -> Reading:
        """Return the day that `text` means today; `past` leans back. Raises InvalidValue as `deal.days.read` does."""
        from salescoach.deal.days.read import read_day

        return read_day(text, self.today(), past=past, workdays=lambda: self.workdays)

    def stamp(self) -> Stamp:
        """Return the stamp of something the user does at this moment."""
        from salescoach.document.stamp import Stamp

        moment = self._now()
        self._moments.add(moment)
        settings = self.settings
        return Stamp(moment, settings.me, settings.role, by_id=settings.user_id)

    def own(self, event: Event) -> bool:
        """Say whether an entry of a timeline is the user's own: made here, or by him before this run.

        By him is what has his id, under whatever name, and of entries without an id what has his name or none. What is
        made here counts under any name, such as that of the coach who judges at the rep's desk; what a program beside
        this one makes does not. Bringing a copy from elsewhere into a deal,
        or people to their customer, is nobody's own act.
        """
        if event.what in {"merged", "contact-carried"}:
            return False
        if self.made_here(event):
            return True
        settings = self.settings
        his = event.by_id == settings.user_id if event.by_id else event.by in {"", settings.me}
        return his and event.at < self._began

    def keep_user_id(self) -> None:
        """See to it that the user has an id, before anything is written; without settings that take it he has none."""
        if self.settings.user_id or self._looked_for_id:
            return
        self._looked_for_id = True
        from salescoach.settings.user import keep_user_id

        paths = self.paths
        found = keep_user_id(paths.config_file, paths.settings_lock, self.words)
        self._take(user_id=found)

    def introduce(self, me: str, role: str) -> None:
        """Take the user's name and role, and keep them in his file. Raises as `remember` does, and takes them all the same."""
        self._take(me=me, role=role)
        self.remember("me", me)
        self.remember("role", role)

    def _take(self, **changes: Any) -> None:
        with _TAKING:
            self.settings = self.settings._replace(**changes)

    def use_language(self, lang: str) -> Words:
        """Speak `lang` and return its words."""
        self.words = Words("zh" if lang == "zh" else "en")
        return self.words

    def remember(self, key: str, value: object) -> None:
        """Keep a setting in the user's file. Raises SettingRefused, or OSError when it cannot be written."""
        from salescoach.settings import set_setting

        paths = self.paths
        set_setting(paths.config_file, key, value, self.words, lock=paths.settings_lock)
        self._take(**{key: value})

    def made_here(self, event: Event) -> bool:
        """Say whether an entry of a timeline was made by this run of the program."""
        return event.at in self._moments
