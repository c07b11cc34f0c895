"""Reads the years' holidays and working weekends: what the program knows, and on top of it what a person added."""

from __future__ import annotations

import os
import re
from datetime import date, timedelta
from pathlib import Path

from salescoach.deal.workdays import Workdays, Year
from salescoach.document.errors import InvalidValue
from salescoach.store.files.atomic import NotRegular, TooLarge, read_regular

PACKAGED = Path(__file__).with_name("workdays.toml")
_LIMIT = 256 * 1024
_DAYS = re.compile(r"(\d\d-\d\d)(?:\.\.(\d\d-\d\d))?")
_KEYS = {"holidays", "working"}


def load_workdays(own: Path) -> Workdays:
    """Return the working days of the packaged years and of those in the person's file `own`, which may be missing.

    A year in `own` takes the place of the packaged one. Raises InvalidValue (`bad-workdays`) naming what is wrong in it.
    """
    years = _read(PACKAGED)
    try:
        years |= _read(own)
    except FileNotFoundError:
        pass
    except OSError as error:
        detail = error.strerror or type(error).__name__
        raise InvalidValue("bad-workdays", path=str(own), detail=detail) from error
    except (NotRegular, TooLarge, ValueError, RecursionError) as error:
        raise InvalidValue("bad-workdays", path=str(own), detail=str(error)[:120]) from error
    return Workdays(years)


def _read(path: Path) -> dict[int, Year]:
    import tomllib

    # People who keep their settings in one place have links where these are looked for.
    data, _ = read_regular(Path(os.path.realpath(path)), _LIMIT)
    return {_year(key): _entry(key, table) for key, table in tomllib.loads(data.decode()).items()}


def _year(key: str) -> int:
    if not re.fullmatch(r"(19|20|21)\d\d", key):
        raise ValueError(f"[{key[:20]}]")
    return int(key)


def _entry(key: str, table: object) -> Year:
    if not isinstance(table, dict) or not table.keys() <= _KEYS:
        raise ValueError(f"[{key}]")
    holidays, working = (_days(key, name, table.get(name, [])) for name in ("holidays", "working"))
    return Year(holidays, working)


def _days(year: str, name: str, entries: object) -> frozenset[date]:
    if not isinstance(entries, list):
        raise ValueError(f"[{year}] {name}")  # noqa: TRY004 - as above
    found: set[date] = set()
    for entry in entries:
        written = _DAYS.fullmatch(entry) if isinstance(entry, str) else None
        try:
            if written is None:
                raise ValueError  # noqa: TRY301 - told with its place below, like a day that does not exist
            first = date.fromisoformat(f"{year}-{written[1]}")
            last = date.fromisoformat(f"{year}-{written[2] or written[1]}")
        except ValueError:
            raise ValueError(f"[{year}] {name}: {str(entry)[:40]}") from None
        if last < first:
            raise ValueError(f"[{year}] {name}: {entry}")
        found.update(first + timedelta(days=step) for step in range((last - first).days + 1))
    return frozenset(found)
