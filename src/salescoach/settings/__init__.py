"""The user's settings: one TOML file that can be wrong in any way without keeping the program from starting."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal, NamedTuple

from salescoach.settings.reading import read
from salescoach.text import NAME_LIMIT, clean, truncate
from salescoach.words import Lang, Words

PATIENCE = 5.0
"""Seconds that a change of the settings waits for another one."""
_MAX_DEPTH = 8
_MAX_BINDINGS = 500
_MAX_BINDING = 100
"""Characters of a command's name, and of the keys for it."""
_USER_ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_THEME = re.compile(r"[a-z0-9]+([_-][a-z0-9]+)*")


class Settings(NamedTuple):
    """What the user chose; each field is one key of the file."""

    lang: Literal["auto", "zh", "en"] = "auto"
    me: str = ""
    """Who changes deals."""
    role: Literal["rep", "coach"] = "rep"
    user_id: str = ""
    """Who that is, whatever the name: a UUID made once by `settings.user`, or empty where there is none yet."""
    theme: str = "auto"
    """auto, dark, light, ansi or the name of a theme."""
    currency: str = "CNY"
    """Of new deals; ISO 4217."""
    stalled_days: int = 14
    receivables_days: int = 30
    receivables_share: int = 10
    """Per cent of the contract."""
    keymap: Mapping[str, str] = MappingProxyType({})
    """Keys, separated by commas, by the id of the binding."""


KEYS = Settings._fields
"""The settings' names in the order of the file."""


class SettingRefused(ValueError):
    """A setting that cannot be: `code` is a word of the area `storage`, `params` fill its sentence."""

    area = "storage"

    def __init__(self, code: str, **params: object) -> None:
        super().__init__(code, params)
        self.code = code
        self.params = params


class Warned(NamedTuple):
    """Something in the file that was passed over; as a string, one line naming file, key and mend."""

    key: str
    """The setting, or empty for the whole file."""
    sentence: str

    def __str__(self) -> str:
        return self.sentence


def choose_lang(environ: Mapping[str, str], *, asked: str | None = None, setting: str = "") -> Lang:
    """Return the language: the one asked for, else SALESCOACH_LANG, else the setting, else the locale's, else English."""
    for wish in (asked, environ.get("SALESCOACH_LANG"), setting):
        if wish in {"zh", "en"}:
            return "zh" if wish == "zh" else "en"
    locale = environ.get("LC_ALL") or environ.get("LC_MESSAGES") or environ.get("LANG") or ""
    return "zh" if locale.lower().startswith("zh") else "en"


def load_settings(path: Path, environ: Mapping[str, str]) -> tuple[Settings, tuple[Warned, ...]]:
    """Return the settings in the file `path` and what is wrong with it, in the user's language.

    A missing file means the defaults. What is wrong is left at its default; nothing is raised.
    """
    raw, problem = read(path)
    good: dict[str, Any] = {}
    wrong: list[tuple[str, str, dict[str, object]]] = [("", *problem)] if problem else []
    for key, value in raw.items():
        if key not in KEYS:
            wrong.append((key, *_unknown(key)))
            continue
        try:
            good[key] = _CHECKS[key](value)
        except (ValueError, TypeError):
            params: dict[str, object] = {"key": key, "value": _shown(value), "mend": _mend(key)}
            wrong.append((key, "setting-wrong", params))
    settings = Settings(**good)
    if not wrong:
        return settings, ()
    words = Words(choose_lang(environ, setting=settings.lang))
    return settings, tuple(_warned(words, path, key, code, params) for key, code, params in wrong)


def set_setting(
    path: Path, key: str, value: object, words: Words | None = None, *, lock: Path | None = None
) -> None:
    """Write one setting into the file `path`, keeping everything else in it, comments included.

    A missing file is made with all settings and comments in the language of `words`. With `lock`, a lock file, nobody
    else who gives it writes meanwhile. Raises SettingRefused for a key or value that cannot be, for a file that is no TOML
    and for a lock that stays held, and OSError when it cannot be written.
    """
    if key not in KEYS:
        raise SettingRefused("setting-no-such", key=_shown(key), known=", ".join(KEYS))
    refused = SettingRefused("setting-refused", key=key, value=_shown(value), mend=_mend(key))
    try:
        checked = _CHECKS[key](value)
    except (ValueError, TypeError):
        raise refused from None
    if key == "user_id" and not checked:
        raise refused  # a file may have none yet, but the one that is made stays
    with writing_alone(lock):
        write_setting(path, key, checked, words)


def write_setting(path: Path, key: str, checked: object, words: Words | None) -> None:
    """Write a setting that was checked, under the lock of who calls; see `set_setting`."""
    _, problem = read(path)
    if problem is not None:
        code, params = problem
        raise SettingRefused(f"{code}-set", file=str(path), **params)
    import tomlkit
    from tomlkit.exceptions import TOMLKitError

    try:
        text = path.read_text("utf-8-sig") if path.exists() else template(words or Words("en"))
        document = tomlkit.parse(text)
    except (TOMLKitError, UnicodeDecodeError, RecursionError) as error:
        detail = truncate(clean(str(error)), 120)
        raise SettingRefused("setting-not-toml-set", file=str(path), detail=detail) from error
    document[key] = checked
    _save(path, tomlkit.dumps(document))


@contextmanager
def writing_alone(lock: Path | None, timeout: float | None = None) -> Iterator[None]:
    """Keep others from writing the settings while the block runs: each reads the whole file and writes it again.

    Raises SettingRefused where somebody else does so for `timeout` seconds, by default PATIENCE, and OSError where there can be no lock.
    """
    if lock is None:
        yield
        return
    from salescoach.store.files.locks import Held, locked

    try:
        with locked(lock, PATIENCE if timeout is None else timeout):
            yield
    except Held as error:
        raise SettingRefused("setting-locked", holder=error.holder or "?") from error


def write_template(path: Path, words: Words) -> bool:
    """Write a file with all settings at their defaults, explained in the language of `words`.

    A file that is there already is left alone; returns whether one was written. Raises OSError, and SettingRefused for
    what is no file and must not be opened as one.
    """
    if path.exists():
        if not path.is_file():
            raise SettingRefused("setting-not-a-file-set", file=str(path))
        return False
    _save(path, template(words))
    return True


def template(words: Words) -> str:
    """Return the text of a settings file with every default and a comment on each."""
    lines = [f"# {words('storage.config-head')}"]
    defaults = Settings()
    for key in KEYS:
        lines += ["", f"# {words(f'storage.config-{key}')}"]
        value = getattr(defaults, key)
        if key == "keymap":
            lines.append("[keymap]")
        else:
            lines.append(f'{key} = "{value}"' if isinstance(value, str) else f"{key} = {value}")
    return "\n".join(lines) + "\n"


def _save(path: Path, text: str) -> None:
    from salescoach.store.files.atomic import make_folder, replace_file

    # Where the file is a link, as people do who keep their settings in one place, what it leads to is written.
    target = Path(os.path.realpath(path))
    make_folder(target.parent)
    replace_file(target, text.encode("utf-8"))


def _warned(words: Words, path: Path, key: str, code: str, params: Mapping[str, object]) -> Warned:
    told = dict(params)
    if "mend" in told:
        told["mend"] = words(f"storage.{told['mend']}")
    return Warned(key, words(f"storage.{code}", file=clean(str(path)), **told))


def _unknown(key: str) -> tuple[str, dict[str, object]]:
    from difflib import get_close_matches

    near = get_close_matches(key[:100], KEYS, n=1)
    shown = _shown(key)
    if near:
        return "setting-unknown-near", {"key": shown, "near": near[0]}
    return "setting-unknown", {"key": shown}


def _mend(key: str) -> str:
    if key in {"stalled_days", "receivables_days"}:
        return "mend-days"
    return "mend-share" if key == "receivables_share" else f"mend-{key}"


def _shown(value: object) -> str:
    """Return a value as a short text; not all of it where writing it out could fail or take long."""
    if isinstance(value, int) and abs(value) >= 10**18:
        return f"{'-' if value < 0 else ''}10^18.."
    if isinstance(value, Mapping | list):
        return _outline(value)
    return truncate(clean(str(value)[:500]), 60)


def _outline(value: object, depth: int = 0) -> str:
    if isinstance(value, Mapping) and depth < _MAX_DEPTH:
        pairs = list(value.items())[:_MAX_DEPTH]
        inner = ", ".join(f"{_shown(key)} = {_outline(one, depth + 1)}" for key, one in pairs)
        return truncate(f"{{{inner}}}", 60)
    if isinstance(value, list) and depth < _MAX_DEPTH:
        inner = ", ".join(_outline(one, depth + 1) for one in value[:_MAX_DEPTH])
        return truncate(f"[{inner}]", 60)
    return ".." if isinstance(value, Mapping | list) else _shown(value)


def _one_of(*choices: str) -> Callable[[object], str]:
    def check(value: object) -> str:
        if isinstance(value, str) and value in choices:
            return value
        raise ValueError

    return check


def _like(pattern: re.Pattern[str]) -> Callable[[object], str]:
    def check(value: object) -> str:
        if isinstance(value, str) and len(value) <= NAME_LIMIT and pattern.fullmatch(value):
            return value
        raise ValueError

    return check


def _whole(low: int, high: int) -> Callable[[object], int]:
    def check(value: object) -> int:
        if isinstance(value, int) and not isinstance(value, bool) and low <= value <= high:
            return value
        raise ValueError

    return check


def _name(value: object) -> str:
    if not isinstance(value, str) or len(value) > NAME_LIMIT:
        raise ValueError
    return clean(value)


def _user_id(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError
    found = value.strip().lower()
    if found and not _USER_ID.fullmatch(found):
        raise ValueError
    return found


def _currency(value: object) -> str:
    if value == Settings().currency:
        return Settings().currency  # without the list of all, which the start can do without
    from salescoach.deal.currencies import currency_of
    from salescoach.document.errors import InvalidValue

    if not isinstance(value, str):
        raise TypeError
    try:
        return currency_of(value)
    except InvalidValue as error:
        raise ValueError from error


def _keymap(value: object) -> dict[str, str]:
    if not isinstance(value, Mapping):
        raise TypeError
    found: dict[str, str] = {}
    for key, keys in _flat(value, "", 0):
        wanted = [keys] if isinstance(keys, str) else keys
        if not isinstance(wanted, list) or not all(isinstance(name, str) for name in wanted):
            raise ValueError
        if max(len(key), sum(map(len, wanted))) > _MAX_BINDING or len(found) >= _MAX_BINDINGS:
            raise ValueError
        found[key] = ",".join(clean(name) for name in wanted)
    return found


def _flat(table: Mapping[str, object], before: str, depth: int) -> list[tuple[str, object]]:
    # `home.new = "n"` without quotes round the key means a table in TOML; people mean the binding.
    if depth > _MAX_DEPTH:
        raise ValueError
    found: list[tuple[str, object]] = []
    for key, value in table.items():
        name = f"{before}{clean(key)}"
        if isinstance(value, Mapping):
            found += _flat(value, f"{name}.", depth + 1)
        else:
            found.append((name, value))
    return found


_CHECKS: Mapping[str, Callable[[object], object]] = {
    "lang": _one_of("auto", "zh", "en"),
    "me": _name,
    "role": _one_of("rep", "coach"),
    "user_id": _user_id,
    "theme": _like(_THEME),
    "currency": _currency,
    "stalled_days": _whole(1, 3650),
    "receivables_days": _whole(1, 3650),
    "receivables_share": _whole(1, 100),
    "keymap": _keymap,
}
