"""Brings a deal that an earlier program saved to the form of this one."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID, uuid5

from salescoach.customer.names import folded
from salescoach.document.migrate import Raw

_CUSTOMERS: Final = UUID("6b1c6b4e-9d0a-5d53-8a55-7d1a3b0c9f10")
_PART: Final = ("roles", "key")
"""What of a contact belongs to the deal; all else, known or not, is the person's."""


def customer_id_of(name: str) -> str:
    """Return the id that a customer has who was known by name only: every deal with the name, folded, leads to it."""
    return str(uuid5(_CUSTOMERS, folded(name)))


def with_stakeholders(raw: Raw) -> Raw:
    """Return a raw deal of schema 1 as one of schema 2: its contacts are stakeholders, and their records are carried along.

    It has no customer's id before it is handed over; see `deal.upgrade`.
    """
    raw = dict(raw)
    contacts = raw.pop("contacts", {})
    if not isinstance(contacts, dict) or not all(map(_is_object, contacts.values())):
        return {**raw, "carried": contacts}  # nonsense, which the model refuses with its place
    raw["stakeholders"] = {key: _stakeholder(one) for key, one in contacts.items()}
    raw["carried"] = {
        key: {name: value for name, value in one.items() if name not in _PART}
        for key, one in contacts.items()
    }
    conflicts = raw.get("conflicts")
    if isinstance(conflicts, dict):
        raw["conflicts"] = {key: _moved(one) for key, one in conflicts.items()}
    return raw


def _stakeholder(contact: dict[str, Any]) -> Raw:
    return {name: contact[name] for name in ("name", *_PART, "order") if name in contact}


def _moved(conflict: object) -> object:
    """Return a conflict with the path of a contact's field where it is now."""
    path = conflict.get("path") if isinstance(conflict, dict) else None
    if not isinstance(path, list) or len(path) < 3 or path[0] != "contacts":
        return conflict
    field = "stakeholders" if path[2] in _PART else "carried"
    return {**conflict, "path": [field, *path[1:]]}  # type: ignore[dict-item]


def _is_object(value: object) -> bool:
    return isinstance(value, dict)
