"""Words about items that the deal's data had met and a change opened again."""

TEXTS: dict[str, tuple[str, str]] = {
    "move": ("{number} {name} 不再完成：{why}", "{number} {name} is no longer complete: {why}"),
    "item": ("{number} {name} 又是未完成：{why}", "{number} {name} is open again: {why}"),
    "separator": ("；", "; "),
    "more": ("还有 {count} 处", "{count} more"),
    "not-placed": ("{contact} 还没有{fields}", "{contact} has no {fields} yet"),
    "below-rung": ("{contact} 还没到“{rung}”", "{contact} has not reached “{rung}” yet"),
    "rung-unshown": (
        "{contact} 到“{rung}”只是说法，还缺证据",
        "{contact} is at “{rung}” by claim only",
    ),
    "reports-to-nobody": ("{contact} 还没有上级", "{contact} reports to nobody yet"),
    "style-unknown": (
        "还没有判断 {contact} 的沟通风格",
        "the style of {contact} has not been judged yet",
    ),
    "no-contact": ("没有联系人", "no contact is left"),
    "no-key-contact": ("没有关键客户", "no key contact is left"),
    "no-ally": ("没有人在“{rung}”", "nobody is at “{rung}”"),
    "no-guide": ("没有向导", "nobody is a guide"),
}
