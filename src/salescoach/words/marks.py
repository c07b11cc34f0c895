"""The marks of an item's state, four cells each, in the app and in the shell."""

TEXTS: dict[str, tuple[str, str]] = {
    "open": ("[  ]", "[  ]"),
    "claimed": ("[勾]", "[x ]"),
    "evidenced": ("[证]", "[xe]"),
    "contradicted": ("[反]", "[x!]"),
    "confirmed": ("[确]", "[xc]"),
    "not_applicable": ("[免]", "[- ]"),
    "data": ("[数]", "[xd]"),
    "legend": (
        "[  ] 未做  [勾] 只是声称  [证] 有证据  [反] 有反面证据  [确] 教练确认  [免] 不适用  [数] 数据已满足",
        "[  ] open  [x ] claimed  [xe] evidenced  [x!] contradicted  [xc] confirmed by a coach  [- ] does not apply  [xd] met by data",
    ),
}
