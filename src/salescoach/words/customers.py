"""Words of the customers' screens and forms."""

TEXTS: dict[str, tuple[str, str]] = {
    "came-unknown": ("别处改了这个客户", "This customer was changed elsewhere"),
}
