"""What `salescoach doctor` finds and how it is mended."""

from __future__ import annotations

TEXTS: dict[str, tuple[str, str]] = {
    "fine": ("[好]", "[ok]"),
    "note": ("[注]", "[--]"),
    "wrong": ("[错]", "[!!]"),
    "damaged": ("[坏]", "[XX]"),
    "mend": ("处理：", "Mend:"),
    "all-fine": ("一切正常。", "All is well."),
    "not-fine": ("请按上面的提示处理。", "See above for how to mend what is wrong."),
    "area-settings": ("设置", "settings"),
    "area-folders": ("文件夹", "folders"),
    "area-playbook": ("方法手册", "playbook"),
    "area-customers": ("客户", "customers"),
    "area-deals": ("商机", "deals"),
    "area-terminal": ("终端", "terminal"),
    "settings-fine": ("{path} 没有问题", "{path} is fine"),
    "settings-none": (
        "还没有设置文件，使用默认值（{path}）",
        "no file yet, the defaults are used ({path})",
    ),
    "mend-settings": ("salescoach config edit", "salescoach config edit"),
    "folder-none": (
        "{path} 还不存在，需要时会建立",
        "{path} is not there yet; it is made when needed",
    ),
    "folder-blocked": ("{path} 不存在，也建不了", "{path} is not there and cannot be made"),
    "mend-folder": ("请让自己可以写入 {path}", "Make {path} writable for yourself"),
    "not-a-folder": ("{path} 不是文件夹", "{path} is not a folder"),
    "mend-not-a-folder": ("把 {path} 移到别处", "Move {path} somewhere else"),
    "no-access": ("不能读写 {path}", "{path} cannot be read and written"),
    "mend-access": ("检查权限：chmod u+rwX {path}", "Check the permissions: chmod u+rwX {path}"),
    "open-mode": ("别人也能进入 {path}（{mode}）", "others can enter {path} ({mode})"),
    "open-file": ("别人也能读“{name}”（{mode}）", "others can read '{name}' ({mode})"),
    "mend-mode": ("chmod {mode} {path}", "chmod {mode} {path}"),
    "folder-fine": ("{path} 没有问题", "{path} is fine"),
    "playbook-fine": ("{id} {version} 没有错误（{path}）", "{id} {version} is fine ({path})"),
    "theme-unknown": (
        "没有叫“{theme}”的配色，用的是深色。最接近的是：{near}",
        "There is no theme “{theme}”; the dark one is used. The nearest are: {near}",
    ),
    "command-unknown": (
        "keymap 里的“{id}”不是命令。最接近的是：{near}",
        "“{id}” in the keymap is no command. The nearest are: {near}",
    ),
    "key-twice": (
        "按键 {key} 在同一个画面上有两个意思：{names}",
        "The key {key} would do two things on one screen: {names}",
    ),
    "touched": (
        "{concern}。涉及商机 {count} 个：{names}",
        "{concern}. Deals with it: {count}: {names}",
    ),
    "untouched": ("{concern}。没有商机涉及", "{concern}. No deal has it"),
    "stage-retired": (
        "方法手册里没有 {key} 这一式，商机里有",
        "the playbook has no stage {key}, and deals have",
    ),
    "mend-stage-retired": (
        "商机里写下的都留着，显示为已退役",
        "what deals have in it is kept and shown as retired",
    ),
    "mend-playbook": (
        "修改 {path} 里的文件，再运行 salescoach playbook validate",
        "Edit the file in {path}, then run salescoach playbook validate",
    ),
    "customers-fine": ("{count} 个客户完好", "{count} sound"),
    "deals-fine": ("{count} 个商机完好", "{count} sound"),
    "replaced": (
        "“{name}”的文件不是从上次保存的接下去的：被换成了另一份",
        "The file of “{name}” does not go on from what was last saved here: somebody replaced it",
    ),
    "mend-replaced": (
        "用 salescoach merge {id} 把两者合在一起，什么都不会丢",
        "salescoach merge {id} brings the two together, and nothing is lost",
    ),
    "mend-damaged": (
        "运行 salescoach doctor --repair；旧版本在 {history}",
        "Run salescoach doctor --repair; earlier versions are in {history}",
    ),
    "plan-copied": (
        "没有完好的旧版本；同步文件夹里的文件不移走，只在 {path} 留一份副本",
        "no kept version is whole; in a synced folder the file stays, and a copy of it goes to {path}",
    ),
    "done-copied": (
        "副本在 {path}；文件留在原处，因为同步服务会把移走的文件在别的机器上也删掉。请从别的机器或备份找回",
        "A copy is in {path}; the file stays, since a sync service would remove it on the other machines too. Bring it back from one of them or from a backup",
    ),
    "mend-not-listed": (
        "这是程序的错，文件本身没有坏：请报告，或先用 salescoach undo 退回上一个版本",
        "The fault is the program's, the file is whole: please report it, or go back one version with salescoach undo",
    ),
    "mend-newer": ("升级 salescoach", "Upgrade salescoach"),
    "some-service": ("同步服务", "a sync service"),
    "conflict-copy": ("{service} 的冲突副本：{path}", "a conflict copy of {service}: {path}"),
    "mend-copy": (
        "salescoach merge {id}（先加 --dry-run 看会并入什么）",
        "salescoach merge {id} (with --dry-run first, to see what comes in)",
    ),
    "parked": (
        "一次改动没能与别处的合并，放在 {path}",
        "a change could not be merged with what was changed elsewhere; it is kept in {path}",
    ),
    "mend-parked": (
        "salescoach merge {id} 会说明为什么；改正后再运行一次",
        "salescoach merge {id} says why; correct what it names, then run it again",
    ),
    "set-aside": (
        "已移到一旁的损坏{kind}：{path}（{reason}）",
        "a damaged {kind} was set aside: {path} ({reason})",
    ),
    "mend-aside": (
        "改好后放回 {path}，文件名为“编号.json”；不需要就删除",
        "Mend it and put it back into {path} as <id>.json, or delete it",
    ),
    "mend-aside-kept": (
        "{kind}已经回来了；这个文件里若没有缺的内容，就可以删除",
        "The {kind} itself is back; delete this file when nothing in it is missed",
    ),
    "workdays-fine": (
        "工作日历有 {first}–{last} 年的假日",
        "the calendar of workdays knows the holidays of {first} to {last}",
    ),
    "workdays-unknown": (
        "工作日历没有 {year} 年：数工作日时只除去周末",
        "the calendar of workdays does not have {year}: only weekends are left out",
    ),
    "mend-workdays": ("照 README 改正 {path}", "Correct {path} as the README shows"),
    "mend-workdays-year": (
        "把这一年的假日写进 {path}（见 README）",
        "Write the year's holidays into {path} (see the README)",
    ),
    "temporary-stale": ("过期的临时文件：{count}", "stale temporary files: {count}"),
    "temporary": ("{path} 里有 {count} 个临时文件", "temporary files in {path}: {count}"),
    "mend-temporary": (
        "不用处理：过期后会在下次保存时清除",
        "Nothing to do: stale ones are removed with the next save",
    ),
    "locks": (
        "已不在的客户和商机留下的锁文件：{count}",
        "lock files of customers and deals that are gone: {count}",
    ),
    "open-files": (
        "别人也能读 {path} 里的文件，共 {count}",
        "others can read what is in {path}: {count}",
    ),
    "mend-open-files": ("chmod -R go-rwx {path}", "chmod -R go-rwx {path}"),
    "index-damaged": ("索引已损坏：{path}", "the index is damaged: {path}"),
    "index-stale": (
        "索引是另一个版本的：{path}",
        "the index is of another version: {path}",
    ),
    "cache-damaged": ("缓存已损坏：{path}", "the cache is damaged: {path}"),
    "mend-cache": (
        "不用处理，会自动重建；也可以删除 {path}",
        "Nothing to do, it is made anew; {path} can be deleted",
    ),
    # Repairs: what --repair would do, and what it did
    "mended": ("[修]", "[ok]"),
    "not-mended": ("[未]", "[!!]"),
    "can-repair": (
        "其中 {count} 处可由 salescoach doctor --repair 处理。",
        "salescoach doctor --repair mends some of it: {count}.",
    ),
    "plan-aside": ("原样移到 {path}。", "Set it aside in {path} as it is."),
    "plan-no-version": (
        "没有完好的历史版本可以放回；有备份的话用 salescoach restore FILE。",
        "No kept version is whole, so none can be put back; with a backup, use salescoach restore FILE.",
    ),
    "plan-version": (
        "放回最新的完好版本：第 {rev} 版（{when}）。",
        "Put back the newest whole version: revision {rev} of {when}.",
    ),
    "plan-remove": ("删除 {count} 个文件", "Remove these files: {count}"),
    "plan-modes": ("收紧 {count} 处权限", "Narrow these permissions: {count}"),
    "plan-index": ("删除并重建", "Delete it and make it anew"),
    "done-mode": ("{path} 的权限已改为 {mode}", "{path} has the permissions {mode}"),
    "done-modes": ("已收紧权限：{count}", "permissions narrowed: {count}"),
    "done-aside": ("损坏的文件已原样移到 {path}。", "The damaged file was set aside as {path}."),
    "done-version": (
        "“{name}”已放回第 {rev} 版（{when}）；此后的改动只在移到一旁的文件里。",
        "'{name}' is back as of revision {rev} ({when}); what was changed after that is only in the file set aside.",
    ),
    "done-remove": ("已删除文件：{count}", "files removed: {count}"),
    "done-index": ("已重建索引 {path}", "the index was made anew: {path}"),
    "encoding-fine": ("编码 {encoding} 可以显示中文", "the encoding {encoding} can show Chinese"),
    "encoding-poor": (
        "编码 {encoding} 不能显示中文",
        "the encoding {encoding} cannot show Chinese",
    ),
    "mend-encoding": (
        "使用 UTF-8：export LANG=zh_CN.UTF-8，或 PYTHONUTF8=1",
        "Use UTF-8: export LANG=C.UTF-8, or PYTHONUTF8=1",
    ),
    "no-terminal": (
        "输出不在终端上，颜色与字宽未检查",
        "not on a terminal: colour and widths were not looked at",
    ),
    "colors": ("颜色：{colors}", "colour: {colors}"),
    "colors-none": ("无", "none"),
    "colors-16": ("16 色", "16 colours"),
    "colors-256": ("256 色", "256 colours"),
    "colors-true": ("真彩色", "true colour"),
    "mend-colors": (
        "要颜色：取消 NO_COLOR，并设 TERM=xterm-256color",
        "For colour: unset NO_COLOR and set TERM=xterm-256color",
    ),
    "width-unknown": ("终端没有回答字宽", "the terminal did not tell how wide it draws"),
    "width-narrow": ("宽度不定的字符占一格", "characters of ambiguous width take one cell"),
    "width-wide": (
        "宽度不定的字符占 {cells} 格，表格可能对不齐",
        "characters of ambiguous width take {cells} cells; tables may be out of line",
    ),
    "mend-width": (
        "在终端设置里把“不明宽度的字符”设为窄（单格）",
        "Set ambiguous-width characters to narrow in the terminal's settings",
    ),
}
