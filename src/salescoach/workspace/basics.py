"""What everything rests on: the user's settings, the language, the clock and who does something."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any

from salescoach.settings import Settings
from salescoach.words import Words

if TYPE_CHECKING:
    from salescoach.deal.days.question import Reading
    from salescoach.deal.workdays import Workdays
    from salescoach.document.models import Event
    from salescoach.document.stamp import Stamp
    from salescoach.paths import Paths


class Basics:
    """Settings, words, days and stamps."""

    paths: Paths
    settings: Settings
    words: Words
    _now: Callable[[], datetime]
    _began: datetime
    _moments: set[datetime]

    def now(self) -> datetime:
        """Return the moment, with its offset."""
        return self._now()

    def today(self) -> date:
        """Return the day."""
        return self._now().date()

    @cached_property
    def workdays(self) -> Workdays:
        """Which days are worked. Raises InvalidValue for mistakes in the user's own file."""
        from salescoach.store.workdays import load_workdays

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
        return Stamp(moment, self.settings.me, self.settings.role)

    def own(self, event: Event) -> bool:
        """Say whether an entry of a timeline is the user's own: made here, or before this run and under his name.

        What is made here counts under any name, such as that of the coach who judges at the rep's desk; what a program
        beside this one makes does not. Bringing a copy from elsewhere into a deal is nobody's own act.
        """
        if event.what == "merged":
            return False
        before = event.at < self._began and event.by in {"", self.settings.me}
        return before or self.made_here(event)

    def use_language(self, lang: str) -> Words:
        """Speak `lang` and return its words."""
        self.words = Words("zh" if lang == "zh" else "en")
        return self.words

    def remember(self, key: str, value: object) -> None:
        """Keep a setting in the user's file. Raises SettingRefused, or OSError when it cannot be written."""
        from salescoach.settings import set_setting

        set_setting(self.paths.config_file, key, value, self.words)
        changes: dict[str, Any] = {key: value}
        self.settings = self.settings._replace(**changes)

    def made_here(self, event: Event) -> bool:
        """Say whether an entry of a timeline was made by this run of the program."""
        return event.at in self._moments
