"""The user's id: who somebody is, under whatever name. It is made once and kept in the settings, beside the name."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from salescoach.settings import SettingRefused, load_settings, write_setting, writing_alone
from salescoach.settings.reading import read
from salescoach.words import Words

_TIMEOUT = 1.0
"""Seconds that somebody's change waits for the settings at most: it can be made without an id too."""


def keep_user_id(path: Path, lock: Path, words: Words) -> str:
    """Return the id in the settings file `path`, made and written there first where it has none.

    Of several programs that start at once one makes it, and all return that one. Empty where none can be kept, since the
    file cannot be read or written, or has something else in its place; nothing is raised.
    """
    from uuid import uuid4

    try:
        with writing_alone(lock, _TIMEOUT):
            raw, problem = read(path)
            if problem is not None or raw.get("user_id", "") != "":
                return load_settings(path, {})[0].user_id
            made = str(uuid4())
            write_setting(path, "user_id", made, words)
            return made
    except (OSError, SettingRefused):
        return ""


def can_be_written(path: Path) -> bool:
    """Say whether the settings file `path` is or can be made, as far as one look tells."""
    folder = Path(os.path.realpath(path)).parent
    while not folder.exists() and folder != folder.parent:
        folder = folder.parent
    return folder.is_dir() and os.access(folder, os.W_OK | os.X_OK)


def proposed_name() -> str:
    """Return what the system calls the person who runs the program, as a proposal; empty where it does not say."""
    from salescoach.text import NAME_LIMIT, clean

    if sys.platform == "win32":
        return clean(os.environ.get("USERNAME", ""))[:NAME_LIMIT]
    import pwd

    try:
        entry = pwd.getpwuid(os.getuid())
    except KeyError:
        return ""  # a user whom the system does not list
    # The first part of the comment field; `&` stands for the login name there.
    full = entry.pw_gecos.partition(",")[0].replace("&", entry.pw_name.capitalize())
    return (clean(full) or clean(entry.pw_name))[:NAME_LIMIT]
