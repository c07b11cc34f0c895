"""What the coach advises, a sentence for each rule, and why: the fact and the move or rule of the method."""

TEXTS: dict[str, tuple[str, str]] = {
    "overdue-action": (
        "“{text}”逾期 {days} 天：今天做掉，或者和对方重新约个日子",
        "“{text}” is {days}d late: do it today, or agree on another day",
    ),
    "overdue-action-why": (
        "约的是 {due}。说到做到才有信赖，见 {move}。",
        "It was due on {due}. Confidence comes from kept promises: see {move}.",
    ),
    "close-date-past": (
        "预计签约日 {date} 已过 {days} 天：问清客户现在的时间表，改成新日子",
        "The expected close date {date} has passed ({days}d): ask the customer for the timetable and set a new one",
    ),
    "close-date-past-why": (
        "商机还在进行，日子却过了。什么时候买由决策者决定，先问 {move} 里找到的那个人。",
        "The deal is open and its date is gone. When to buy is the decision-maker's choice: ask the person found in {move}.",
    ),
    "revisit-due": (
        "到了回访的日子 {date}：联系一次，看有没有新机会",
        "The day to look again, {date}, has come: get in touch and see whether there is an opportunity",
    ),
    "revisit-due-why": (
        "商机在维护中。没有机会时主要的事就是保持关系，见 {move}。",
        "The deal is in nurture. With no opportunity open, the main job is keeping the relationships alive: see {move}.",
    ),
    "key-person-cold": (
        "{role} {contact} 还停在“{rung}”：先约到第三方场合，如一次技术交流",
        "{role} {contact} is still at “{rung}”: get to a meeting outside the office first, such as a technical exchange",
    ),
    "key-person-cold-why": (
        "采购在“{phase}”，这一阶段的关键人是{role}，关系至少要到 {move}。",
        "The purchase is in “{phase}”, where the {role} matters most; the relationship should reach {move} at least.",
    ),
    "key-person-unknown": (
        "还不知道{role}是谁：请向导或熟悉的联系人指出来",
        "The {role} is not known: ask a guide or a contact you know who it is",
    ),
    "key-person-unknown-why": (
        "采购在“{phase}”，这一阶段的关键人是{role}，联系人里没有这个角色，见 {move}。",
        "The purchase is in “{phase}”, where the {role} matters most, and no contact has that role: see {move}.",
    ),
    "stalled": (
        "{days} 天没有动静：今天联系一位联系人，弄清卡在哪里",
        "Nothing has happened for {days} days: call one of the contacts today and find out what holds it up",
    ),
    "stalled-why": (
        "最后一条记录是 {date}，现在在“{stage}”。超过 {limit} 天没有记录就算停滞。",
        "The last entry is of {date}; the stage is {stage}. A deal without an entry for {limit} days counts as stalled.",
    ),
    "no-key-contacts": (
        "还没有一位关键客户：找出谁决策、谁设计、谁评估，记进联系人",
        "No key contact is known: find out who decides, designs and evaluates, and enter them",
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
    "next-item": ("下一项：{item}", "Next: {item}"),
    "next-item-why": (
        "商机在“{stage}”，这是 {move} 里第一项没做完的必做项。",
        "The deal is in {stage}; this is the first required item still open, in {move}.",
    ),
    "gate-missing": (
        "“{stage}”的关口还缺：{missing}",
        "The gate of {stage} lacks: {missing}",
    ),
    "gate-missing-why": (
        "这道关口共缺 {count} 样，先补这一样。一式开始和结束凭标志，不凭感觉。",
        "It lacks {count} in all, and this comes first. A stage opens and closes on its marker, not on a feeling.",
    ),
    "claims-unbacked": (
        "{count} 项只勾选、没有证据，先补：{item}",
        "Ticked without evidence: {count}. Back this one first: {item}",
    ),
    "claims-unbacked-why": (
        "勾选只是说法，要有人说过、有东西可看才算数。这一项在 {move}。",
        "A tick is a claim until somebody said it or something shows it. This item belongs to {move}.",
    ),
    "phase-unset": (
        "还没标出客户的采购阶段：问清客户走到了哪一步",
        "The customer's buying phase is not set: find out how far the customer is",
    ),
    "phase-unset-why": (
        "商机已到“{stage}”。采购阶段决定现在谁说了算。",
        "The deal has reached {stage}. The buying phase tells who matters now.",
    ),
}
