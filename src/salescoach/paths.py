"""Where salescoach keeps things: one folder named by SALESCOACH_HOME, or the platform's own folders."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

APP = "salescoach"
_FIRST = "deals"
"""The folder of the first kind of document that there was."""


class NoHome(Exception):
    """Nobody can say where to keep things: `code` and `params` tell it."""

    def __init__(self, code: str, **params: str) -> None:
        super().__init__(code)
        self.code = code
        self.params = params


class Places(NamedTuple):
    """Where the documents of one kind are, and what belongs to them."""

    folder: Path
    """The documents themselves."""
    history: Path
    """Their versions, a folder for each."""
    saved: Path
    """Copies of what was last saved here, which tell a file that somebody put in the place of another."""
    locks: Path
    parked: Path
    """Changes that could not be merged, a folder for each document."""
    merged: Path
    """Conflict copies whose content is in their documents."""
    quarantine: Path


def own_place(folder: str) -> str:
    """Return the name of the folder that the documents in `folder` have in each of the state folder's.

    What belongs to the deals lies there bare, as when there were no other documents; no id can be mistaken for another's.
    """
    return "" if folder == _FIRST else folder


class Paths(NamedTuple):
    """Every place on disk that the program uses. None of them needs to exist."""

    config_file: Path
    playbook: Path
    """The user's own playbook, if there is one."""
    deals: Path
    history: Path
    locks: Path
    quarantine: Path
    state: Path
    cache: Path

    def places(self, folder: str) -> Places:
        """Return the places of the documents that are in the folder of this name, beside that of the deals."""
        own = own_place(folder)
        return Places(
            folder=self.deals.with_name(folder),
            history=self.history / own,
            saved=self.saved / own,
            locks=self.locks / own,
            parked=self.parked / own,
            merged=self.merged / own,
            quarantine=self.quarantine / own,
        )

    @property
    def customers(self) -> Path:
        """The folder of the customers, beside that of the deals."""
        return self.deals.with_name("customers")

    @property
    def workdays(self) -> Path:
        """The user's own years of holidays and working weekends, on top of those that the program knows."""
        return self.config_file.with_name("workdays.toml")

    @property
    def parked(self) -> Path:
        """Changes that could not be merged, a folder for each deal."""
        return self.state / "parked"

    @property
    def erased(self) -> Path:
        """The ids of people who were erased here, whom nothing brings back."""
        return self.state / "erased"

    @property
    def recovery(self) -> Path:
        """What was typed into a form when the program ended without saving it."""
        return self.state / "recovery"

    @property
    def unfinished(self) -> Path:
        """Notes of acts over several documents, until all of these are saved."""
        return self.state / "unfinished"

    @property
    def erasing(self) -> Path:
        """Notes of people who are being erased, until nothing of them is left."""
        return self.state / "erasing"

    @property
    def crashes(self) -> Path:
        """Reports about crashes, without anything of a deal in them."""
        return self.state / "crashes"

    @property
    def merged(self) -> Path:
        """Conflict copies whose content is in their deals."""
        return self.state / "merged"

    @property
    def saved(self) -> Path:
        """Copies of what was last saved here, which tell a file that somebody put in the place of another."""
        return self.state / "saved"

    @property
    def settings_lock(self) -> Path:
        """What keeps two programs from writing the settings at once."""
        return self.locks / "settings.lock"

    @property
    def index_file(self) -> Path:
        """The index over all deals: a cache that can be deleted at any time."""
        return self.cache / "index.sqlite"


def under(home: Path) -> Paths:
    """Return the places below one folder."""
    return _paths(home, home, home / "state", home / "cache")


def find_paths(environ: Mapping[str, str]) -> Paths:
    """Return the places that `environ` asks for: below SALESCOACH_HOME, or the platform's folders.

    Raises NoHome where that names the home of a user who is not there, is below a current folder that was deleted, or
    where the user has no home at all.
    """
    home = environ.get("SALESCOACH_HOME", "").strip()
    if home:
        try:
            return under(Path(os.path.abspath(Path(home).expanduser())))  # noqa: PTH100 - resolve() follows links
        except (OSError, RuntimeError) as error:
            raise NoHome("no-such-home", home=home) from error
    if sys.platform in {"darwin", "win32"}:
        return _platform()
    return _paths(
        _xdg(environ, "XDG_CONFIG_HOME", ".config"),
        _xdg(environ, "XDG_DATA_HOME", ".local/share"),
        _xdg(environ, "XDG_STATE_HOME", ".local/state"),
        _xdg(environ, "XDG_CACHE_HOME", ".cache"),
    )


def _paths(config: Path, data: Path, state: Path, cache: Path) -> Paths:
    return Paths(
        config_file=config / "config.toml",
        playbook=config / "playbook",
        deals=data / "deals",
        history=state / "history",
        locks=state / "locks",
        quarantine=state / "quarantine",
        state=state,
        cache=cache,
    )


def _xdg(environ: Mapping[str, str], name: str, default: str) -> Path:
    # By hand, because importing platformdirs takes longer than a whole shell command may.
    value = environ.get(name, "")
    if value and Path(value).is_absolute():
        return Path(value) / APP
    home = environ.get("HOME", "")
    try:
        return (Path(home) if home else Path.home()) / default / APP
    except RuntimeError as error:
        raise NoHome("no-home") from error


def _platform() -> Paths:
    from platformdirs import PlatformDirs

    dirs = PlatformDirs(APP, appauthor=False)
    return _paths(
        dirs.user_config_path, dirs.user_data_path, dirs.user_state_path, dirs.user_cache_path
    )
