"""What is asked about once before it is saved."""

TEXTS: dict[str, tuple[str, str]] = {
    "email-is-phone": (
        "“{value}”像电话，不像邮箱",
        "“{value}” looks like a phone number, not like an e-mail address",
    ),
    "email-odd": ("“{value}”不像邮箱地址", "“{value}” does not look like an e-mail address"),
    "phone-is-email": (
        "“{value}”像邮箱，不像电话",
        "“{value}” looks like an e-mail address, not like a phone number",
    ),
    "phone-odd": ("“{value}”里没有数字，不像电话", "“{value}” has no digit of a phone number"),
    "close-past": ("预计签约日 {day} 已经过去", "the expected close date {day} has passed"),
    "same-deal": (
        "客户“{customer}”已经有商机“{name}”（{id}）",
        "there is a deal “{name}” of {customer} already ({id})",
    ),
    "same-person": (
        "可能就是已有的{name}",
        "this may be {name}, who is there already",
    ),
    "send-again": ("{doubt}。再提交一次就照样保存", "{doubt}. Send again to save it as it is"),
    "ask": ("{doubt}。照样保存吗？[y/n]", "{doubt}. Save it as it is? [y/n]"),
    "not-saved": ("没有保存", "Nothing was saved"),
    "anyway": ("确实如此就加 --anyway", "Add --anyway if it is meant so"),
}
