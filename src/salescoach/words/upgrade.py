"""What is said while a home of an earlier program is brought to the form of this one, and after it."""

TEXTS: dict[str, tuple[str, str]] = {
    "waiting": (
        "另一个 salescoach 正在升级这里的商机，等它做完……",
        "Another salescoach is upgrading the deals here; waiting for it ...",
    ),
    "backup": (
        "先备份：{done:,}/{total:,}",
        "Making a backup first: {done:,} of {total:,}",
    ),
    "upgrade": (
        "升级商机：{done:,}/{total:,}",
        "Upgrading the deals: {done:,} of {total:,}",
    ),
    "done": (
        "已升级 {deals:,} 个商机：人的资料现在在客户那里（{customers:,} 个客户），一个人只有一份。升级前的备份在 {path}",
        "Deals upgraded: {deals:,}. What is known of people stands with their customers now ({customers:,}), one record each. The backup from before is {path}",
    ),
    "left": (
        "{count} 个商机没有升级，照原样留着：{reason}",
        "Deals that were not upgraded and stay as they are: {count}. {reason}",
    ),
    "cancelled": (
        "升级没有做完，下次接着做。商机照样能用",
        "The upgrade is not finished; the next start goes on with it. The deals can be used as ever",
    ),
    "failed": (
        "升级没有做完：{error}。商机照样能看，改到的那个会单独升级；下次接着做",
        "The upgrade is not finished: {error}. The deals can be looked at as ever, each that is changed is upgraded by itself, and the next start goes on",
    ),
    "title": ("升级", "Upgrade"),
    "why": (
        "这里的商机是早先的版本保存的。现在一个人的资料只在客户那里放一份，所有商机都用它。先做一份备份，再逐个客户升级；中途停下也不会丢东西。",
        "The deals here were saved by an earlier version. What is known of a person now stands once, with the customer, for all deals. A backup is made first, then customer after customer is upgraded; nothing is lost when it stops in between.",
    ),
    "starting": ("正在看有哪些商机……", "Looking at the deals ..."),
    "later": ("以后再说", "Later"),
    "banner-read-only": (
        "这里的商机是早先的版本保存的，文件夹只读，没有升级：照原样显示",
        "The deals here were saved by an earlier version and the folder is read-only: they are shown as they are and were not upgraded",
    ),
    "banner-unfinished": (
        "有商机还是早先的版本保存的样子；下次启动时接着升级",
        "Some deals still have the form of an earlier version; the next start goes on upgrading them",
    ),
}
