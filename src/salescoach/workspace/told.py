"""What the user should know about the folder and the playbook, and what went wrong, in sentences."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from salescoach.workspace.listed import Listed

if TYPE_CHECKING:
    from salescoach.settings import Warned
    from salescoach.words import Words


class Told(Listed):
    """Sentences about the state of the home."""

    setting_problems: tuple[Warned, ...]

    def banners(self) -> list[str]:
        """Return what the user should know about the folder and the playbook, a sentence each."""
        from salescoach.store.errors import FolderGone

        found: list[str] = [str(problem) for problem in self.setting_problems]
        blocked = [store for store in (self.store, self.customers) if not store.writable()]
        for store in blocked[:1]:
            kind, path = self.words(f"storage.kind-{store.kind.name}"), store.places.folder
            found.append(self.words("storage.banner-read-only", kind=kind, path=path))
        if told := self._old_ones():
            found.append(told)
        found += self._of_playbook()
        if damaged := len(self.lists.deals.problems()):
            found.append(self.words("storage.banner-damaged", count=damaged))
        if damaged := len(self.lists.customers.problems()):
            found.append(self.words("storage.banner-customers", count=damaged))
        # One whose document was put back is only kept.
        aside = sum(
            not os.path.lexists(store.path(one.document))
            for store in self.stores
            for one in store.quarantined()
        )
        if aside:
            path = self.paths.quarantine
            found.append(self.words("storage.banner-set-aside", count=aside, path=path))
        copies = len(self.store.conflict_copies())
        try:
            copies += len(self.customers.conflict_copies())
        except FolderGone as error:
            found.append(self.explain(error))
        if copies:
            found.append(self.words("storage.banner-copies", count=copies))
        customers, pairs = self.lists.customers.doubtful()
        if pairs:
            found.append(self.words("customers.banner-doubts", customers=customers, pairs=pairs))
        parked = sum(len(one.parked()) for one in (self.store, self.customers))
        if parked:
            found.append(self.words("storage.banner-parked", count=parked))
        return found

    def _of_playbook(self) -> list[str]:
        """Return what is wrong with the playbook, or to be looked at in it."""
        found: list[str] = []
        if self.playbook_problems:
            count = len(self.playbook_problems)
            path = self.playbook_folder
            found.append(self.words("storage.banner-playbook", path=path, count=count))
        concerns = self.playbook_concerns
        if gone := [each.params["name"] for each in concerns if each.is_gone]:
            found.append(self.words("storage.banner-playbook-gone", names=", ".join(gone)))
        if others := sum(not each.is_gone for each in concerns):
            found.append(self.words("storage.banner-playbook-look", count=others))
        return found

    def _old_ones(self) -> str:
        """Return what is to be said of deals that still have the form of an earlier program; empty where there are none."""
        from salescoach.workspace.upgrade_note import may_be_old

        if not may_be_old(self.store):
            return ""
        from salescoach.workspace.upgrade import old_deals

        if not old_deals(self):
            return ""
        kind = "unfinished" if self.store.writable() else "read-only"
        return self.words(f"upgrade.banner-{kind}")

    def explain(self, error: Exception, words: Words | None = None) -> str:
        """Return what an error of the workspace's parts means, with its mend, as one line."""
        from salescoach.explain import explain

        return explain(error, words or self.words, self.__dict__.get("_loaded", (None,))[0])
