"""What the program says about a day that it read from somebody's words."""

TEXTS: dict[str, tuple[str, str]] = {
    "day": ("{day} {weekday}", "{weekday} {day}"),
    "understood": ("“{text}”就是 {day}", "“{text}” is {day}"),
    "unknown-year": (
        "{day}（还不知道 {year} 年放哪些假，只除去了周末）",
        "{day} (the holidays of {year} are not known: only weekends were left out)",
    ),
}
