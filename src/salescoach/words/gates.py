"""Words about gates: what is missing at a marker, what met it, the reason for going on without."""

TEXTS: dict[str, tuple[str, str]] = {
    "missing-marker-entry": (
        "第{number}式的开始标志要有证据：{marker}",
        "evidence for the entry marker of stage {number}: {marker}",
    ),
    "missing-marker-exit": (
        "第{number}式的结束标志要有证据：{marker}",
        "evidence for the exit marker of stage {number}: {marker}",
    ),
    "missing-question": ("还不能回答“是”：{question}", "not answered with yes: {question}"),
    "missing-basis": (
        "答了“是”，还没写依据：{question}",
        "answered with yes, and nothing says why: {question}",
    ),
    "missing-proof": (
        "{contact} 的关系阶段只是说法，还缺证据：谁、哪天、发生了什么",
        "the rung of {contact} is only claimed: who showed it, when, what happened?",
    ),
    "missing-contact": (
        "{contact} 还没达到：{marker}",
        "{contact} is not there yet: {marker}",
    ),
    "missing-contact-bare": (
        "{contact} 还没达到标志的要求",
        "{contact} is not yet as the marker asks",
    ),
    "missing-contact-none": (
        "还没有关键客户：先记下决策者、设计者或评估者是谁",
        "no key contact is known: enter who decides, designs or evaluates",
    ),
    "missing-field": ("还没填：{field}", "not filled in: {field}"),
    "missing-item": ("检查项未完成：{item}", "open item: {item}"),
    "somebody": ("一位已不在名单上的联系人", "a contact who is no longer listed"),
    "under-way": ("录入时已过了这一式", "already past this stage when the deal was entered"),
    "how-evidence": ("有证据", "by evidence"),
    "how-data": ("资料已满足", "by the deal's data"),
    "how-previous": ("上一式的结束标志已满足", "by the exit of the stage before"),
    "how-coach": ("教练已确认", "by a coach's word"),
    "how-against": ("有证据说不是", "not met, the latest evidence speaks against it"),
    "how-challenged": ("教练有质疑", "not met, challenged by a coach"),
    "how-override": ("未满足，写明理由后继续", "not met, passed with a reason"),
    "how-none": ("未满足", "not met"),
}
