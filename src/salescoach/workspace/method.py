"""The method as data: the playbook that is found, and what is to be said about it."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from salescoach.workspace.basics import Basics

if TYPE_CHECKING:
    from pathlib import Path

    from salescoach.playbook.compare import Concern
    from salescoach.playbook.errors import Problem
    from salescoach.playbook.models import Playbook


class WithMethod(Basics):
    """The playbook, looked for and parsed when it is first asked for."""

    playbook_path: Path | None

    @cached_property
    def playbook_folder(self) -> Path:
        """The folder the playbook is looked for in."""
        from salescoach.playbook.load import find

        return find(self.playbook_path, self.paths.playbook)

    @property
    def playbook(self) -> Playbook:
        """The method as data: the packaged one when there are mistakes in the one found."""
        return self._loaded[0]

    @property
    def playbook_problems(self) -> tuple[Problem, ...]:
        """The mistakes because of which the packaged playbook is used."""
        if "_loaded" not in self.__dict__:
            from salescoach.playbook.cache import is_cached

            if is_cached(self.playbook_folder, self.paths.cache):
                return ()  # told without the models, which nothing on Home needs
        return self._loaded[1]

    @cached_property
    def playbook_concerns(self) -> tuple[Concern, ...]:
        """What there is to look at in a playbook of one's own, beside the packaged one that it was made from."""
        from salescoach.playbook.load import packaged

        if self.playbook_folder == packaged() or self.playbook_problems:
            return ()
        from salescoach.playbook.cache import load_cached
        from salescoach.playbook.compare import concerns

        return concerns(self.playbook, load_cached(packaged(), self.paths.cache), self.words)

    @cached_property
    def _loaded(self) -> tuple[Playbook, tuple[Problem, ...]]:
        from salescoach.playbook.cache import load_cached
        from salescoach.playbook.errors import PlaybookInvalid
        from salescoach.playbook.load import packaged

        try:
            return load_cached(self.playbook_folder, self.paths.cache), ()
        except PlaybookInvalid as error:
            if self.playbook_folder == packaged():
                raise
            return load_cached(packaged(), self.paths.cache), error.errors

    @cached_property
    def fingerprint(self) -> str:
        """Stands for the program, the playbook's files and the limits that are set: what is told of a deal changes with it."""
        from salescoach import __version__
        from salescoach.playbook.load import mark

        return f"{__version__} {mark(self.playbook_folder):08x} {self.settings.stalled_days}"
