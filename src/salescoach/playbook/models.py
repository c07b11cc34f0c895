"""The method as data: what the TOML files of an edition may contain.

All models are strict (an unknown key is an error) and frozen. Texts are by language; keys are kebab-case words that
never change once published, because deals refer to them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType
from typing import Annotated, Final, Literal

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    Strict,
    StringConstraints,
    ValidationInfo,
    model_validator,
)

from salescoach.words import LANGS, Lang

Key = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$", max_length=64)]
# Controls, bidi marks and line separators: the loader cleans them away, and nothing else may bring them in.
_PRINTABLE = (
    r"^[^\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ufff9-\ufffb]*$"
)
Plain = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=2_000, pattern=_PRINTABLE),
]
"""One line of a text: cleaned, not empty, at most 2,000 characters."""
Flag = Annotated[bool, Strict()]
DealKind = Literal["simple", "complex"]
EvidenceKind = Literal["statement", "document", "observation", "record", "decision"]
"""What backs an item best: somebody's words, a document, something seen, facts written down, a decision of ours."""
Check = Literal[
    "four-questions",
    "key-contacts-known",
    "key-contacts-acquainted",
    "key-contacts-engaged",
    "key-contacts-trusting",
    "an-ally",
    "a-guide",
    "contacts-placed",
    "reporting-lines",
    "styles-judged",
    "buying-phase-set",
    "amount-and-date",
    "agreement-signed",
]
"""Names of checks on a deal's data that can satisfy an item or a marker; `coach.checks` implements each."""
RUNG_OF_CHECK: Final[Mapping[Check, str]] = MappingProxyType(
    {
        "key-contacts-acquainted": "acquaintance",
        "key-contacts-engaged": "engagement",
        "key-contacts-trusting": "confidence",
        "an-ally": "alliance",
    }
)
"""The rung that a check looks for, from the lowest to the highest of the ladder (method.md, stage 2)."""


class _Model(BaseModel):
    # Building the validators takes longer than reading a cached playbook, so it waits for the first use.
    model_config = ConfigDict(
        extra="forbid", frozen=True, str_strip_whitespace=True, defer_build=True
    )


class Text(_Model):
    """One text in every language of the playbook. A plain string in TOML means: the same in all of them.

    Validated with the context `{"languages": (...)}`, a language that the playbook does not have may be missing and
    reads like one that is there, so that a playbook in one language works whatever language the program speaks.
    """

    zh: Plain
    en: Plain

    @model_validator(mode="before")
    @classmethod
    def _complete(cls, value: object, info: ValidationInfo) -> object:
        if isinstance(value, str):
            return {"zh": value, "en": value}
        if info.context is None or not isinstance(value, dict):
            return value
        given = next((value[lang] for lang in LANGS if lang in value), None)
        spare = (
            {}
            if given is None
            else dict.fromkeys(set(LANGS) - set(info.context["languages"]), given)
        )
        return spare | value

    def get(self, lang: Lang) -> str:
        """Return the text in `lang`."""
        return self.zh if lang == "zh" else self.en


Texts = tuple[Text, ...]


class Short(_Model):
    """A shorter form of a text for narrow lists, in those languages whose text needs one."""

    zh: Plain | None = None
    en: Plain | None = None

    def get(self, lang: Lang) -> str | None:
        """Return the short form in `lang`, if it has one."""
        return self.zh if lang == "zh" else self.en


class Entry(_Model):
    """A named thing of the method: a factor, a question, a level, a step, a technique."""

    key: Key
    name: Text
    text: Text | None = None
    """What it is or means, in a sentence or two."""
    points: Texts = ()
    """What to know or do about it, a line each."""


class Item(_Model):
    """One line of a checklist. It belongs to the move it is written under."""

    key: Key
    text: Text
    short: Short | None = None
    """What a list shows where the text does not fit."""
    hint: Text | None = None
    """How to get it done or what counts, in one sentence."""
    required: Flag = True
    kinds: tuple[DealKind, ...] = Field(default=("simple", "complex"), min_length=1)
    evidence: EvidenceKind = "statement"
    auto: Check | None = None


class Move(_Model):
    """A move 招: what to do, why, what goes wrong, what the coach asks, and its checklist."""

    key: Key
    name: Text
    purpose: Text
    how: Texts = Field(min_length=1)
    pitfalls: Texts = Field(min_length=1)
    questions: Texts = Field(min_length=1)
    tools: tuple[Key, ...] = ()
    """Keys of the tools that help with this move."""
    items: tuple[Item, ...] = Field(min_length=1)


class Marker(_Model):
    """An entry or exit marker 开始标志 / 结束标志 of a stage."""

    text: Text
    short: Short | None = None
    """What a line shows where the text does not fit."""
    ask: Text
    """What to bring as evidence that it is met, as a question to the rep."""
    auto: Check | None = None
    follows: Flag = False
    """True on an entry marker that is the same fact as the exit marker of the stage before."""


class Stage(_Model):
    """A stage 式 with its gate and its moves."""

    key: Key
    name: Text
    purpose: Text
    points: Texts = ()
    entry: Marker
    exit: Marker
    beside: tuple[Key, ...] = ()
    """Stages that may be opened while this one stays open."""
    moves: tuple[Move, ...] = Field(min_length=1)


class _Tool(_Model):
    key: Key
    name: Text
    purpose: Text
    points: Texts = ()


class FactKind(Entry):
    """A kind of fact to gather about a customer, with its fields."""

    fields: tuple[Entry, ...] = Field(min_length=1)


class Facts(_Tool):
    """The five kinds of fact (method.md, move 1.2)."""

    kinds: tuple[FactKind, ...] = Field(min_length=1)


class Role(Entry):
    """A role 角色 in the purchase."""

    is_key: Flag = False
    """A contact with this role is a key contact: the gate of stage 3 asks how far the relationship is."""
    ask: Text | None = None
    """The question that finds out who has it, for somebody inside to answer."""
    functions: tuple[Key, ...] = ()
    """Keys of the functions in which such people are usually found."""


class Organisation(_Tool):
    """The three dimensions of a contact (method.md, move 1.3)."""

    levels: tuple[Entry, ...] = Field(min_length=1)
    functions: tuple[Entry, ...] = Field(min_length=1)
    roles: tuple[Role, ...] = Field(min_length=1)
    decisions: tuple[Entry, ...] = ()
    """The decisions that only executives take."""


class Questions(_Tool):
    """The four questions that judge an opportunity (method.md, move 1.4)."""

    questions: tuple[Entry, ...] = Field(min_length=1)


class Activity(Entry):
    """Something done with a contact that leads to a rung."""

    progress: Flag = True
    """False for what is never progress, such as a gift, and so is never advised."""


class Rung(Entry):
    """A relationship stage, with the marker that it is reached and the activities that lead there."""

    marker: Text
    activities: tuple[Activity, ...] = ()


class Relationship(_Tool):
    """The ladder of relationship stages, low to high, without the bottom `none` (method.md, stage 2)."""

    none: Entry
    rungs: tuple[Rung, ...] = Field(min_length=1)


class Style(Entry):
    """A communication style."""

    strengths: Texts = Field(min_length=1)
    weaknesses: Texts = Field(min_length=1)
    wants: Text
    fears: Text
    how: Texts = Field(min_length=1)


class Styles(_Tool):
    """The four communication styles (method.md, stage 2)."""

    styles: tuple[Style, ...] = Field(min_length=1)


class Needs(_Tool):
    """The layers of a need (method.md, stage 3)."""

    layers: tuple[Entry, ...] = Field(min_length=1)
    qualities: tuple[Entry, ...] = ()


class Phase(Entry):
    """A buying phase 采购阶段 and the role that matters in it."""

    key_role: Key


class Phases(_Tool):
    """The six buying phases (method.md, stage 3)."""

    phases: tuple[Phase, ...] = Field(min_length=1)


class Steps(_Tool):
    """An ordered tool: the proposal's parts, the talk's steps, the closing techniques, the service touchpoints."""

    steps: tuple[Entry, ...] = Field(min_length=1)


class Negotiation(_Tool):
    """The negotiation's steps and the terms that are on the table (method.md, move 5.4)."""

    steps: tuple[Entry, ...] = Field(min_length=1)
    terms: tuple[Entry, ...] = Field(min_length=1)


class Quadrant(Entry):
    """One field of the receivables quadrant."""

    overdue: Literal["short", "long"]
    amount: Literal["small", "large"]
    escalation: Literal["finance", "letters", "rep", "special-measures"]


class Receivables(_Tool):
    """The causes of unpaid bills and the quadrant of what to do (method.md, move 6.4)."""

    causes: tuple[Entry, ...] = Field(min_length=1)
    quadrant: tuple[Quadrant, ...] = Field(min_length=1)


class Tools(_Model):
    """All tools; each is one file of the edition's `tools` folder, named like the field."""

    facts: Facts
    organisation: Organisation
    opportunity: Questions
    relationship: Relationship
    styles: Styles
    needs: Needs
    phases: Phases
    proposal: Steps
    talk: Steps
    closing: Steps
    negotiation: Negotiation
    service: Steps
    receivables: Receivables


@dataclass(frozen=True, slots=True)
class Place:
    """Where an item stands in the playbook; `number` counts from one: stage 3, move 2, item 1 is `3.2.1`."""

    item: Item
    move: Move
    stage: Stage
    number: str


class Head(_Model):
    """What an edition's `playbook.toml` says about the whole."""

    format: Literal[1]
    id: Key
    version: Annotated[str, StringConstraints(pattern=r"^\d+\.\d+\.\d+$", max_length=32)]
    languages: tuple[Lang, ...] = Field(min_length=1)
    name: Text
    summary: Text
    points: Texts = ()
    factors: tuple[Entry, ...] = ()
    """The factors a customer buys on."""


class Playbook(Head):
    """A whole edition, assembled from its folder by `playbook.load`."""

    stages: tuple[Stage, ...] = Field(min_length=1)
    """In their order: stage 1 first."""
    tools: Tools

    @cached_property
    def places(self) -> Mapping[str, Place]:
        """Every item's place by the item's key, in the order of the checklist."""
        return MappingProxyType(
            {
                item.key: Place(item, move, stage, f"{s}.{m}.{i}")
                for s, stage in enumerate(self.stages, 1)
                for m, move in enumerate(stage.moves, 1)
                for i, item in enumerate(move.items, 1)
            }
        )
