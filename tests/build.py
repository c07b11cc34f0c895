"""Builds what tests need: a small playbook of four stages, stamps, deals and contacts."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any, Literal
from uuid import NAMESPACE_URL, uuid5

import pytest

from salescoach.customer import identity as customer_identity
from salescoach.customer.models import Customer
from salescoach.customer.rungs import RungChange
from salescoach.deal import contacts, identity
from salescoach.deal.migrate import customer_id_of
from salescoach.deal.models import Deal
from salescoach.deal.parts import PlaybookRef
from salescoach.document.errors import DocumentError
from salescoach.document.stamp import Stamp
from salescoach.playbook.models import Playbook

Tree = dict[str, Any]

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
TODAY = NOW.date()
STAGES = ("customer-analysis", "building-trust", "uncovering-needs", "follow-up")


def uid(label: str) -> str:
    """Return the same UUID for the same label."""
    return str(uuid5(NAMESPACE_URL, label))


def stamp(
    label: str = "doing",
    *,
    days: int = 0,
    by: str = "小周",
    role: Literal["rep", "coach"] = "rep",
) -> Stamp:
    """Return a stamp `days` after NOW, with the same id for the same label."""
    return Stamp(NOW + timedelta(days=days), by, role, uid(label))


def make_customer(name: str = "华鼎数据", **fields: Any) -> Customer:
    """Return a customer, made at NOW; one of the same name is the same one."""
    made = stamp(f"create {name}")
    return customer_identity.create(id=customer_id_of(name), name=name, stamp=made, **fields)


def make_deal(
    *,
    stage: str = "customer-analysis",
    kind: Literal["simple", "complex"] = "complex",
    label: str = "deal",
    **fields: Any,
) -> Deal:
    """Return a deal of the small playbook, made at NOW."""
    given: Tree = {"name": "CRM 升级", "customer": "华鼎数据"} | fields
    if isinstance(given["customer"], str):
        given["customer"] = make_customer(given["customer"])
    return identity.create(
        id=uid(label),
        playbook=PlaybookRef(id="small", version="1.0.0"),
        stamp=stamp(f"create {label}"),
        stages=given.pop("stages", STAGES),
        open_stage=stage,
        kind=kind,
        **given,
    )


LADDER = ("acquaintance", "engagement", "confidence", "alliance")


def climb(
    rung: str | None,
    note: str = "会上当面说的",
    reason: str = "一见面就谈开了",
    **more: Any,
) -> RungChange:
    """Return a move to a rung with all that one needs."""
    return RungChange(rung, more.pop("ladder", LADDER), note=note, reason=reason, **more)


def with_contact(
    deal: Deal, name: str = "李工", *, rung: RungChange | str | None = None, **fields: object
) -> Deal:
    """Return the deal with a contact whose id is `uid(name)`, on a rung with its evidence."""
    change = climb(rung) if isinstance(rung, str) else rung
    return contacts.add(deal, stamp(name), name=name, rung=change, **fields)


def claimed_rung(deal: Deal, rung: str, name: str = "李工") -> Deal:
    """Return the deal with a contact on a rung for which nothing is recorded, as older files have it."""
    customer = deal.customer_record
    assert customer is not None
    bare = customer.people[uid(name)].but(rung=rung, rung_since=TODAY, rungs={})
    return deal.beside(customer.but(people={**customer.people, uid(name): bare}))


def refused(
    error: type[DocumentError], code: str, **params: object
) -> pytest.RaisesExc[DocumentError]:
    """Expect an error of this class with this code and at least these params."""
    return pytest.RaisesExc(
        error, check=lambda found: found.code == code and params.items() <= found.params.items()
    )


def text(zh: str = "中文", en: str = "English") -> Tree:
    return {"zh": zh, "en": en}


def entry(key: str, zh: str = "", **more: object) -> Tree:
    return {"key": key, "name": text(zh or f"{key} 名", key), **more}


def item(key: str, **more: object) -> Tree:
    return {"key": key, "text": text(f"{key} 做到", f"{key} done"), **more}


def move(key: str, zh: str, *items: Tree) -> Tree:
    said = [text()]
    return entry(key, zh) | {
        "purpose": text(),
        "how": said,
        "pitfalls": said,
        "questions": said,
        "items": list(items),
    }


def marker(zh: str, en: str, **more: object) -> Tree:
    return {"text": text(zh, en), "ask": text(), **more}


def stage(key: str, zh: str, entry_: Tree, exit_: Tree, *moves: Tree, **more: object) -> Tree:
    return entry(key, zh) | {
        "purpose": text(),
        "entry": entry_,
        "exit": exit_,
        "moves": list(moves),
        **more,
    }


def stages() -> list[Tree]:
    """Return the trees of the four stages; stage 2 may stay open beside stage 3, the last one follows."""
    return [
        stage(
            "customer-analysis",
            "客户分析",
            marker("锁定目标客户", "a target customer"),
            marker("明确的机会", "a definite opportunity", auto="four-questions"),
            move("develop-guides", "发展向导", item("guide", auto="a-guide"), item("network")),
            move("analyse-organisation", "组织结构分析", item("who", auto="key-contacts-known")),
            move("judge-opportunity", "判断销售机会", item("judged", auto="four-questions")),
        ),
        stage(
            "building-trust",
            "建立信任",
            marker("明确的机会", "a definite opportunity", follows=True),
            marker("关系良好", "good relationships"),
            move("engagement", "约会", item("met", auto="key-contacts-engaged"), item("visit")),
            move("confidence", "信赖", item("private", required=False)),
            beside=["uncovering-needs"],
        ),
        stage(
            "uncovering-needs",
            "挖掘需求",
            marker("约会以上", "engagement or higher", auto="key-contacts-engaged"),
            marker("书面需求", "needs in writing"),
            move("goals", "目标和愿望", item("goal-written"), item("goal-owner")),
            move("requirements", "产品要求", item("tender", kinds=["complex"])),
        ),
        stage(
            "follow-up",
            "跟进服务",
            marker("书面需求", "needs in writing", follows=True),
            marker("款项收齐", "everything paid"),
            move("receivables", "回收账款", item("paid")),
        ),
    ]


def tools() -> Tree:
    """Return the trees of all tools, as small as the models allow, with the usual keys."""
    said = [text()]
    steps = {"steps": [entry("first")]}
    style = {
        "strengths": said,
        "weaknesses": said,
        "wants": text(),
        "fears": text(),
        "how": said,
    }
    roles = [
        entry("user", "使用者"),
        entry("decision-maker", "决策者", is_key=True),
        entry("designer", "设计者", is_key=True),
    ]
    rungs = {
        "acquaintance": "认识",
        "engagement": "约会",
        "confidence": "信赖",
        "alliance": "同盟",
    }
    quadrant = {"overdue": "short", "amount": "small", "escalation": "finance"}
    own: dict[str, Tree] = {
        "facts": {"kinds": [entry("background", fields=[entry("phone")])]},
        "organisation": {
            "levels": [entry("manager")],
            "functions": [entry("technical")],
            "roles": roles,
        },
        "opportunity": {"questions": [entry("real", "有机会吗"), entry("winnable", "能赢吗")]},
        "relationship": {
            "none": entry("stranger", "陌生"),
            "rungs": [entry(key, zh, marker=text()) for key, zh in rungs.items()],
        },
        "styles": {"styles": [entry("driving", "进取型") | style]},
        "needs": {"layers": [entry("goals")]},
        "phases": {
            "phases": [
                entry("purchase-design", "采购设计", key_role="designer"),
                entry("implementation", "安装实施", key_role="user"),
            ]
        },
        "proposal": steps,
        "talk": steps,
        "closing": steps,
        "negotiation": steps | {"terms": [entry("price")]},
        "service": steps,
        "receivables": {"causes": [entry("fraud")], "quadrant": [entry("short-small", **quadrant)]},
    }
    return {key: entry(key) | {"purpose": text()} | tree for key, tree in own.items()}


def build_playbook(**changes: object) -> Playbook:
    """Return the small playbook with other top-level values."""
    tree: Tree = {
        "format": 1,
        "id": "small",
        "version": "1.0.0",
        "languages": ["zh", "en"],
        "name": text(),
        "summary": text(),
        "stages": stages(),
        "tools": tools(),
    }
    return Playbook.model_validate(tree | changes)


@cache
def small_playbook() -> Playbook:
    """Return the small playbook."""
    return build_playbook()
