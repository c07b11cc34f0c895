"""The user's settings: one TOML file that can be wrong in any way without keeping the program from starting."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal, NamedTuple

from salescoach.text import NAME_LIMIT, clean, truncate
from salescoach.words import Lang, Words

_LIMIT = 1024 * 1024
_THEME = re.compile(r"[a-z0-9]+([_-][a-z0-9]+)*")
_CURRENCY = re.compile(r"[A-Z]{3}")


class Settings(NamedTuple):
    """What the user chose; each field is one key of the file."""

    lang: Literal["auto", "zh", "en"] = "auto"
    me: str = ""
    """Who changes deals."""
    role: Literal["rep", "coach"] = "rep"
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
    raw, problem = _read(path)
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


def set_setting(path: Path, key: str, value: object, words: Words | None = None) -> None:
    """Write one setting into the file `path`, keeping everything else in it, comments included.

    A missing file is made with all settings and comments in the language of `words`. Raises SettingRefused for a key or
    value that cannot be and for a file that is no TOML, and OSError when it cannot be written.
    """
    if key not in KEYS:
        raise SettingRefused("setting-no-such", key=_shown(key), known=", ".join(KEYS))
    try:
        checked = _CHECKS[key](value)
    except (ValueError, TypeError):
        raise SettingRefused(
            "setting-refused", key=key, value=_shown(value), mend=_mend(key)
        ) from None
    import tomlkit
    from tomlkit.exceptions import TOMLKitError

    try:
        text = path.read_text("utf-8") if path.exists() else template(words or Words("en"))
        document = tomlkit.parse(text)
    except (TOMLKitError, UnicodeDecodeError) as error:
        detail = truncate(clean(str(error)), 120)
        raise SettingRefused("setting-not-toml", file=str(path), detail=detail) from error
    document[key] = checked
    _save(path, tomlkit.dumps(document))


def write_template(path: Path, words: Words) -> bool:
    """Write a file with all settings at their defaults, explained in the language of `words`.

    A file that is there already is left alone; returns whether one was written. Raises OSError.
    """
    if path.exists():
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


def _read(path: Path) -> tuple[dict[str, Any], tuple[str, dict[str, object]] | None]:
    # Checked before the import of a parser, which takes longer than all else here together.
    try:
        with path.open("rb") as file:
            data = file.read(_LIMIT + 1)
    except FileNotFoundError:
        return {}, None
    except OSError as error:
        return {}, ("setting-unreadable", {"detail": error.strerror or type(error).__name__})
    if len(data) > _LIMIT:
        return {}, ("setting-not-toml", {"detail": "> 1 MB"})
    import tomllib

    try:
        return tomllib.loads(data.decode("utf-8-sig")), None
    except (ValueError, RecursionError) as error:
        return {}, ("setting-not-toml", {"detail": truncate(clean(str(error)), 120)})


def _save(path: Path, text: str) -> None:
    from salescoach.store.files import make_folder, replace_file

    # Where the file is a link, as people do who keep their settings in one place, what it leads to is written.
    target = path.resolve()
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
    return truncate(clean(str(value)[:500]), 60)


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


def _keymap(value: object) -> dict[str, str]:
    if not isinstance(value, Mapping):
        raise TypeError
    found: dict[str, str] = {}
    for key, keys in _flat(value, ""):
        wanted = [keys] if isinstance(keys, str) else keys
        if not isinstance(wanted, list) or not all(isinstance(name, str) for name in wanted):
            raise ValueError
        found[key] = ",".join(clean(name) for name in wanted)
    return found


def _flat(table: Mapping[str, object], before: str) -> list[tuple[str, object]]:
    # `home.new = "n"` without quotes round the key means a table in TOML; people mean the binding.
    found: list[tuple[str, object]] = []
    for key, value in table.items():
        name = f"{before}{clean(key)}"
        found += _flat(value, f"{name}.") if isinstance(value, Mapping) else [(name, value)]
    return found


_CHECKS: Mapping[str, Callable[[object], object]] = {
    "lang": _one_of("auto", "zh", "en"),
    "me": _name,
    "role": _one_of("rep", "coach"),
    "theme": _like(_THEME),
    "currency": _like(_CURRENCY),
    "stalled_days": _whole(1, 3650),
    "receivables_days": _whole(1, 3650),
    "receivables_share": _whole(1, 100),
    "keymap": _keymap,
}
