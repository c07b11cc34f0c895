"""What the coach advises, a sentence for each rule or way, and why: the fact and the move or rule of the method."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from salescoach.words import Words

TEXTS: dict[str, tuple[str, str]] = {
    "overdue-action": (
        "“{text}”逾期 {days} 天：今天做掉，或者和对方重新约个日子",
        "“{text}” is {days}d late: do it today, or agree on another day",
    ),
    "overdue-action-renew": (
        "“{text}”逾期 {days} 天：给 {via} 打电话说明，一起定一个做得到的日子",
        "“{text}” is {days}d late: call {via}, say so, and agree on a day you can keep",
    ),
    "overdue-action-drop": (
        "“{text}”逾期 {days} 天：还要做就定一个真能做到的日子；不必做了就说明后标为完成",
        "“{text}” is {days}d late: set a day that will be kept, or say why it is not needed and mark it done",
    ),
    "overdue-action-coach": (
        "“{text}”逾期 {days} 天：和教练说说卡在哪里，换一个走得通的做法",
        "“{text}” is {days}d late: tell your coach what is in the way, and plan something that works instead",
    ),
    "overdue-action-why": (
        "约的是 {due}。说到做到才有信赖，见 {move}。",
        "It was due on {due}. Confidence comes from kept promises: see {move}.",
    ),
    "close-date-past-ask": (
        "预计签约日 {date} 已过 {days} 天：问 {via} 客户现在的时间表，改成新日子",
        "The expected close date {date} has passed ({days}d): ask {via} for the timetable and set a new one",
    ),
    "close-date-past-call": (
        "预计签约日 {date} 已过 {days} 天：打电话给 {via}，问清现在的时间表，改成新日子",
        "The expected close date {date} has passed ({days}d): call {via}, ask for the timetable and set a new one",
    ),
    "close-date-past-nobody": (
        "预计签约日 {date} 已过 {days} 天，客户里还没有认识的人：先打总机问这件事归谁管",
        "The expected close date {date} has passed ({days}d) and nobody there is known: "
        "call the switchboard and ask who is in charge of it",
    ),
    "close-date-past-why": (
        "商机还在进行，日子却过了。什么时候买由决策者决定，见 {move}。",
        "The deal is open and its date is gone. When to buy is the decision-maker's choice: see {move}.",
    ),
    "revisit-due-ask": (
        "到了再看的日子 {date}：联系 {via}，看有没有新机会",
        "The day to look again, {date}, has come: get in touch with {via} and see whether there is an opportunity",
    ),
    "revisit-due-call": (
        "到了再看的日子 {date}：打电话给 {via}，看有没有新机会",
        "The day to look again, {date}, has come: call {via} and see whether there is an opportunity",
    ),
    "revisit-due-nobody": (
        "到了再看的日子 {date}，客户里还没有认识的人：打总机问有没有新的采购计划、归谁管",
        "The day to look again, {date}, has come and nobody there is known: "
        "call the switchboard and ask what is planned and who is in charge",
    ),
    "revisit-due-why": (
        "商机在维护中。没有机会时主要的事就是保持关系，见 {move}。",
        "The deal is in nurture. With no opportunity open, the main job is keeping the relationships alive: see {move}.",
    ),
    "key-person-cold-why": (
        "采购在“{phase}”，这一阶段的关键角色是{role}，关系至少要到 {move}。",
        "The purchase is in “{phase}”, where the {role} matters most; the relationship should reach {move} at least.",
    ),
    "key-person-unknown-ask": (
        "还不知道{role}是谁。问 {via}：“{asks}”",
        "The {role} is not known. Ask {via}: “{asks}”",
    ),
    "key-person-unknown-department": (
        "还不知道{role}是谁。打到客户的{function}问：“{asks}”",
        "The {role} is not known. Call the customer's {function} and ask: “{asks}”",
    ),
    "key-person-unknown-switchboard": (
        "还不知道{role}是谁。打客户的总机问：“{asks}”",
        "The {role} is not known. Call the customer's switchboard and ask: “{asks}”",
    ),
    "key-person-unknown-why": (
        "采购在“{phase}”，这一阶段的关键角色是{role}，联系人里没有这个角色，见 {move}。",
        "The purchase is in “{phase}”, where the {role} matters most, and no contact has that role: see {move}.",
    ),
    "stalled-ask": (
        "{days} 天没有动静：今天联系 {via}，弄清卡在哪里",
        "Nothing has happened for {days} days: get in touch with {via} today and find out what holds it up",
    ),
    "stalled-call": (
        "{days} 天没有动静：今天打电话给 {via}，弄清卡在哪里",
        "Nothing has happened for {days} days: call {via} today and find out what holds it up",
    ),
    "stalled-nobody": (
        "{days} 天没有动静，客户里还没有认识的人：打总机问这件事归谁管，先找到一个人",
        "Nothing has happened for {days} days and nobody there is known: "
        "call the switchboard, ask who is in charge, and find a first person",
    ),
    "stalled-why": (
        "最后一条记录是 {date}，现在在“{stage}”。超过 {limit} 天没有记录就算停滞。",
        "The last entry is of {date}; the stage is {stage}. A deal without an entry for {limit} days counts as stalled.",
    ),
    "no-key-contacts-ask": (
        "还没有一位关键客户。问 {via}：“{asks}”",
        "No key contact is known. Ask {via}: “{asks}”",
    ),
    "no-key-contacts-switchboard": (
        "还没有一位关键客户。打客户的总机或找公开的联系方式，问：“{asks}”",
        "No key contact is known. Call the customer's switchboard, or a published number, and ask: “{asks}”",
    ),
    "no-key-contacts-why": (
        "联系人里没有人有关键角色。卖东西就是和人打交道，不要盲目开始，见 {move}。",
        "No contact has a key role. Selling is about people, so never start blind: see {move}.",
    ),
    "no-next-action": (
        "还没有下一步行动：定下做什么、哪天、谁来做",
        "No next action is planned: say what, on which day and who does it",
    ),
    "no-next-action-why": (
        "商机在“{stage}”，没有一条未完成的行动。没有约定的下一步，时间和精力就白花了。",
        "The deal is in {stage} without a single open action. Without an agreed next step, time and energy go nowhere.",
    ),
    "no-next-action-item": (
        "还没有约好的下一步：把“{item}”定成行动，哪天、谁来做",
        "Nothing is planned. Make this an action, with its day and who does it: {item}",
    ),
    "gate-ready": (
        "可以进入“{next_stage}”：标志都满足了",
        "Move on to {next_stage}: the markers are met",
    ),
    "gate-ready-why": (
        "“{stage}”的结束标志已满足，下一式的开始标志也不缺什么。",
        "The exit marker of {stage} is met, and nothing is missing at the entry of the next stage.",
    ),
    "gate-beside": (
        "可以同时打开“{next_stage}”，“{stage}”继续做",
        "{next_stage} can be opened now, while {stage} goes on",
    ),
    "gate-beside-why": (
        "“{next_stage}”的开始标志已满足；“{stage}”的结束标志还没满足，两式可以并行。",
        "The entry marker of {next_stage} is met; the exit marker of {stage} is not yet, and the two may be open side by side.",
    ),
    "gate-open": ("可以打开“{stage}”", "Open {stage}"),
    "gate-open-why": (
        "没有打开的式，“{stage}”的开始标志已满足。",
        "No stage is open, and the entry marker of {stage} is met.",
    ),
    "gate-close": ("可以关闭“{stage}”", "Close {stage}"),
    "gate-close-why": (
        "“{stage}”的结束标志已满足，它还开着。",
        "The exit marker of {stage} is met and the stage is still open.",
    ),
    "next-item": ("{item}", "{item}"),
    "next-item-item": ("先做“{item}”", "Do this one first: {item}"),
    "next-item-why": (
        "商机在“{stage}”，这是 {move} 里没做完的必做项。",
        "The deal is in {stage}; this is a required item still open, in {move}.",
    ),
    "gate-missing": (
        "“{stage}”的关口还缺：{missing}",
        "The gate of {stage} lacks: {missing}",
    ),
    "gate-missing-why": (
        "“{stage}”的关口共缺 {count} 样。一式开始和结束凭标志，不凭感觉。",
        "The gate of {stage} lacks {count} in all. A stage opens and closes on its marker, not on a feeling.",
    ),
    "claims-unbacked": (
        "{count} 项只勾选、没有证据，先补：{item}",
        "Ticked without evidence: {count}. Back this one first: {item}",
    ),
    "claims-unbacked-item": (
        "{count} 项只勾选、没有证据，先补这一项：{item}",
        "Ticked without evidence: {count}. Back this one: {item}",
    ),
    "claims-unbacked-why": (
        "勾选只是说法，要有人说过、有东西可看才算数。",
        "A tick is a claim until somebody said it or something shows it.",
    ),
    "phase-unset-ask": (
        "还没标出客户的采购阶段：问 {via} 客户走到了哪一步",
        "The customer's buying phase is not set: ask {via} how far the customer is",
    ),
    "phase-unset-call": (
        "还没标出客户的采购阶段：打电话给 {via}，问客户走到了哪一步",
        "The customer's buying phase is not set: call {via} and ask how far the customer is",
    ),
    "phase-unset-nobody": (
        "还没标出客户的采购阶段，客户里也没有认识的人：打总机问这件事归谁管",
        "The customer's buying phase is not set and nobody there is known: "
        "call the switchboard and ask who is in charge",
    ),
    "phase-unset-why": (
        "商机已到“{stage}”。采购阶段决定现在谁说了算。",
        "The deal has reached {stage}. The buying phase tells who matters now.",
    ),
    # Ways that several rules name
    "way-introduce": (
        "请 {via} ({through}) 引见 {who}，还没有人见过",
        "Ask {via} ({through}) to introduce {who}, whom nobody has met",
    ),
    "way-first": (
        "先{activity}，让 {who} 叫得出你的名字",
        "Get known to {who} first, by {activity}",
    ),
    "way-meet": (
        "约 {who} 一次“{activity}”，从“{rung}”走到“{next_rung}”",
        "{activity} with {who}, to get from “{rung}” to “{next_rung}”",
    ),
    "way-closer": (
        "和 {who} 从“{rung}”走到“{next_rung}”",
        "Get with {who} from “{rung}” to “{next_rung}”",
    ),
    "way-favour": (
        "请 {who} 帮一次忙：{activity}",
        "Ask {who} for a favour: {activity}",
    ),
    "way-ask": ("问 {via}：“{asks}”", "Ask {via}: “{asks}”"),
    "way-department": (
        "打到客户的{function}问：“{asks}”",
        "Call the customer's {function} and ask: “{asks}”",
    ),
    "way-switchboard": (
        "打客户的总机问：“{asks}”",
        "Call the customer's switchboard and ask: “{asks}”",
    ),
    "way-coach": (
        "和教练一起看{about}：换谁、换什么做法",
        "Go over {about} with your coach: whom or what to try instead",
    ),
    "way-nurture": (
        "问清这件事还做不做；不做就转入维护，定个再看的日子",
        "Find out whether this still goes ahead; if not, put the deal in nurture with a day to look again",
    ),
    "way-meeting": (
        "带着没做完的清单去见客户，逐条定下谁在哪天做完",
        "Take the list of what is still open to the customer, and put a name and a day on each point",
    ),
    "way-decide": (
        "定下来：换一个再看的日子，或者结束这个商机",
        "Decide: set another day to look again, or close the deal",
    ),
    "through-reports": ("对方的下属", "who reports to them"),
    "through-department": ("同一个部门", "of the same department"),
    "through-guide": ("我们的向导", "our guide"),
    "through-known": ("认识我们的人", "who knows us"),
    "asks-any": (
        "这次采购谁拍板、谁定方案、谁评各家？",
        "Who decides on this purchase, who plans it, and who compares the offers?",
    ),
    "asks-role": ("这次采购的{role}是谁？", "Who is the {role} in this purchase?"),
    "about-deal": ("这个商机", "the deal"),
    "about-one": ("“{name}”", "“{name}”"),
    # What went before
    "again-quiet": (
        "{stood} 天没有进展，换个办法：{text}",
        "No progress for {stood} days. Instead: {text}",
    ),
    "again-tried": (
        "还没有结果，换个办法：{text}",
        "Still no result. Instead: {text}",
    ),
    "on-record": ("{why}记录里有：{tried}", "{why} On record since: {tried}"),
    "nothing-on-record": (
        "{why}这段时间没有做过的记录。",
        "{why} Nothing on record was tried since.",
    ),
}

_COUNTED = "{days}"
"""What stands in a sentence that says itself for how long."""


def tell(
    words: Words, rule: str, way: str, again: str, params: Mapping[str, str]
) -> tuple[str, str]:
    """Return what to do and why, from params that are in words already.

    It is told in the sentence of the `way` for this rule, else the one for every rule. `again` says that an earlier way
    went unanswered ("quiet") or was tried without a result ("tried").
    """
    name = f"{rule}-{way}" if way else rule
    name = name if name in TEXTS else f"way-{way}"
    text = words(f"advice.{name}", **params)
    why = words(f"advice.{rule}-why", **params)
    if again and not any(_COUNTED in sentence for sentence in TEXTS[name]):
        text = words(f"advice.again-{again}", text=text, stood=params["stood"])
    if again and "tried" in params:
        known = "on-record" if params["tried"] else "nothing-on-record"
        why = words(f"advice.{known}", why=why, tried=params["tried"])
    return text, why
