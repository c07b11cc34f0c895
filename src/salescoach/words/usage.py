"""What argparse says by itself; the English side is the text it uses, word for word."""

from __future__ import annotations

TEXTS: dict[str, tuple[str, str]] = {
    "usage": ("用法：", "usage: "),
    "positional": ("参数", "positional arguments"),
    "options": ("选项", "options"),
    "help": ("显示这份说明后结束", "show this help message and exit"),
    "required": ("缺少必填参数：%s", "the following arguments are required: %s"),
    "one-of-required": ("以下参数至少需要一个：%s", "one of the arguments %s is required"),
    "unrecognized": ("不认识的参数：%s", "unrecognized arguments: %s"),
    "invalid-choice": (
        "“%(value)s”不在可选范围内（可选：%(choices)s）",
        "invalid choice: %(value)r (choose from %(choices)s)",
    ),
    "invalid-type": ("“%(value)s”不是有效的值", "invalid %(type)s value: %(value)r"),
    "argument": ("参数 %(argument_name)s：%(message)s", "argument %(argument_name)s: %(message)s"),
    "expected-one": ("需要一个值", "expected one argument"),
    "expected-at-most-one": ("最多只能有一个值", "expected at most one argument"),
    "expected-at-least-one": ("至少需要一个值", "expected at least one argument"),
    "expected-many": ("需要 %s 个值", "expected %s arguments"),
    "expected-one-count": ("需要 %s 个值", "expected %s argument"),
    "ignored-explicit": ("多余的值 %r", "ignored explicit argument %r"),
    "not-allowed-with": ("不能与 %s 同时使用", "not allowed with argument %s"),
}
