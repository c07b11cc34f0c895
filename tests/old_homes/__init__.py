"""Homes as a program wrote them that kept all that is known of a person in each deal (schema 1).

`small` is what that program made of a few acts; `young.json` and `grown.json` are two of its sample deals, of which `fill` makes
many. Nothing here writes that form: the files are kept as they were.
"""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from uuid import UUID, uuid5

from salescoach.paths import Paths, under
from salescoach.store.files.seal import NONE, seal

_HERE = Path(__file__).parent
SMALL = _HERE / "small"
_SPACE = UUID("5a0e5c0e-7c5c-4f5e-9a39-6f1d2b3c4d5e")
_GROWN_EVERY = 25
"""One deal in so many is a grown one: most are young."""
PER_CUSTOMER = 4
_ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_SAVE = re.compile(r'\n  "save": "[0-9a-f]{32}"')


def small(home: Path) -> Paths:
    """Make the small home at `home`, which is not there yet: five deals with three customers, with their histories."""
    shutil.copytree(SMALL, home)
    paths = under(home)
    shutil.copytree(paths.deals, paths.saved)
    for path in (home, *home.rglob("*")):
        path.chmod(0o700 if path.is_dir() else 0o600)
    return paths


def fill(home: Path, count: int, per_customer: int = PER_CUSTOMER) -> Paths:
    """Write `count` deals below `home`, each customer with as many, whose people have other ids in every deal."""
    paths = under(home)
    for folder in (home, paths.deals):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    templates = [(_HERE / f"{name}.json").read_text("utf-8") for name in ("young", "grown")]
    for number in range(count):
        text = _deal(templates[number % _GROWN_EVERY == 0], number, number // per_customer)
        (paths.deals / f"{deal_id(number)}.json").write_bytes(text)
    return paths


def deal_id(number: int) -> str:
    """Return the id of the `number`th deal that `fill` writes."""
    return str(uuid5(_SPACE, f"deal {number}"))


def _deal(template: str, number: int, customer: int) -> bytes:
    raw = json.loads(template)
    own = {raw["id"]: deal_id(number)}

    def renamed(match: re.Match[str]) -> str:
        return own.setdefault(match[0], str(uuid5(_SPACE, f"{number} {match[0]}")))

    text = _ID.sub(renamed, template)
    for field, value in (
        ("name", f"{raw['name']} {number}"),
        ("customer", f"{raw['customer']} {customer}"),
    ):
        before, after = (json.dumps(one, ensure_ascii=False) for one in (raw[field], value))
        text = text.replace(f'\n  "{field}": {before}', f'\n  "{field}": {after}', 1)
    return seal(_SAVE.sub(f'\n  "save": "{NONE}"', text, count=1).encode())
