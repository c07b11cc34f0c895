"""What `salescoach backup` and `salescoach restore` say."""

from __future__ import annotations

TEXTS: dict[str, tuple[str, str]] = {
    # Asking
    "yes": ("是", "yes"),
    "ask-replace-file": (
        "{path} 已存在。替换吗？[y/n]",
        "{path} is there already. Replace it? [y/n]",
    ),
    "ask-replace": (
        "“{name}”{state}。换成备份里的吗？（可以撤销）[y 是 / n 否 / a 其余都换 / q 其余都不换]",
        "'{name}': {state}. Replace it? (it can be undone) [y yes / n no / a all that follow / q none]",
    ),
    "not-replaced": (
        "{path} 已存在，没有改动。要替换请加 --yes",
        "{path} is there already; it was not touched. To replace it add --yes",
    ),
    "not-a-file": (
        "{path} 已存在，而且不是普通文件。请换一个名字",
        "{path} is there and is no regular file. Give another name",
    ),
    # A backup that was made
    "made": (
        "已备份（{size}），并读回核对。商机 {deals}，客户 {customers}，历史版本 {versions}，移到一旁的损坏文件 {aside}，冲突副本 {copies}。",
        "Backed up ({size}), read back and checked. Deals: {deals}, customers: {customers}, kept versions: {versions}, set aside: {aside}, conflict copies: {copies}.",
    ),
    "made-settings": ("也包括设置。", "The settings are in it."),
    "made-playbook": ("也包括你自己的方法手册。", "Your own playbook is in it."),
    "left-out": ("没有备份：{path}（{reason}）", "Not in the backup: {path} ({reason})"),
    "reason-symlink": ("是符号链接", "a symbolic link"),
    "reason-not-a-file": ("不是普通文件", "no regular file"),
    "reason-too-large": ("超过 64 MB", "larger than 64 MB"),
    "reason-name": ("名字不能进备份", "a name that no backup can hold"),
    "incomplete": (
        "备份不完整：{count} 个文件没有包括在内。",
        "The backup is not complete. Files left out: {count}.",
    ),
    "progress": ("{done}/{total}", "{done}/{total}"),
    # What a restore finds
    "head": (
        "备份于 {when}（salescoach {program}）。客户和商机共 {count}，与这里相同 {same}。",
        "Backup of {when} (salescoach {program}). Customers and deals: {count}, the same here: {same}.",
    ),
    "head-state": ("情况", "State"),
    "head-kind": ("类别", "Kind"),
    "head-name": ("名称", "Name"),
    "head-backup": ("备份版本", "In backup"),
    "head-here": ("现有版本", "Here"),
    "state-new": ("这里没有", "new"),
    "state-new-damaged": ("这里没有，备份时已损坏", "new, damaged when backed up"),
    "state-history": ("这里没有，只有历史版本", "new, only kept versions"),
    "state-same": ("相同", "same"),
    "state-older": ("备份比这里旧", "older than yours"),
    "state-newer": ("备份比这里新", "newer than yours"),
    "state-different": ("两边不同", "different from yours"),
    "state-damaged-here": ("这里的已损坏", "yours is damaged"),
    "state-damaged": ("备份里的已损坏，不动", "damaged in the backup, left alone"),
    "state-newer-schema": ("更新版本写的，不动", "from a newer salescoach, left alone"),
    "state-blocked": ("这里的读不了，不动", "yours cannot be read, left alone"),
    "state-lost": ("备份里的读不出来", "cannot be read from the backup"),
    "member-damaged": ("备份里已损坏：{name}", "Damaged in the backup: {name}"),
    "settings-new": ("设置：这里没有，会恢复", "Settings: none here, to be restored"),
    "settings-same": ("设置：相同", "Settings: the same"),
    "settings-different": (
        "设置：这里已有，不动（要换请加 --settings）",
        "Settings: yours stay (--settings replaces them)",
    ),
    "settings-replace": ("设置：会换成备份里的", "Settings: to be replaced"),
    "playbook-new": (
        "自己的方法手册：这里没有，会恢复",
        "Your own playbook: none here, to be restored",
    ),
    "playbook-same": ("自己的方法手册：相同", "Your own playbook: the same"),
    "playbook-different": (
        "自己的方法手册：这里已有，不动（要换请加 --settings）",
        "Your own playbook: yours stays (--settings replaces it)",
    ),
    "playbook-replace": ("自己的方法手册：会换成备份里的", "Your own playbook: to be replaced"),
    "others-new": (
        "移到一旁的损坏文件、冲突副本和工作日年表，这里没有的：{count}",
        "Set-aside files, conflict copies and years of workdays that are not here: {count}",
    ),
    "dry-run": ("只是查看，什么都没有写。", "Only looked: nothing was written."),
    # What a restore did
    "restored": (
        "已恢复。新放回 {created}，已替换 {replaced}（可撤销），没有动 {left}。",
        "Restored. Put back: {created}, replaced: {replaced} (undo takes it back), left alone: {left}.",
    ),
    "kept-here": ("原来的留在 {path}", "What was there is kept as {path}"),
    "needs-yes": (
        "{count} 个客户或商机与备份不同，没有替换。要全部替换请加 --yes",
        "Customers and deals that differ and were not replaced: {count}. To replace them all add --yes",
    ),
    "failed": ("“{name}”没有恢复：{reason}", "'{name}' was not restored: {reason}"),
}
