"""Words of the deals on disk and of the settings: what went wrong, banners, and the comments in the settings file."""

TEXTS: dict[str, tuple[str, str]] = {
    # Where to keep things
    "no-such-home": (
        "SALESCOACH_HOME 指的文件夹找不到：{home}。请写完整路径，如 /home/li/sales",
        "SALESCOACH_HOME names a folder that cannot be found: {home}. Write the whole path, like /home/li/sales",
    ),
    "no-home": (
        "这个用户没有主文件夹：请设置 HOME，或用 SALESCOACH_HOME 指定一个文件夹",
        "This user has no home folder: set HOME, or name a folder with SALESCOACH_HOME",
    ),
    # What a document is called by its kind, where it is spoken of
    "kind-deal": ("商机", "deal"),
    "kind-customer": ("客户", "customer"),
    "kind-person": ("人", "person"),
    "kind-document": ("文档", "document"),
    # Documents that are asked for
    "not-found": ("没有这个{kind}：{asked}", "There is no such {kind}: {asked}"),
    "folder-gone": (
        "{kind}文件夹不在了：{path}。请接上磁盘或共享，或等同步服务把它放回来，再试一次",
        "The folder with the {kind}s is gone: {path}. Connect the disk or share, or wait until the sync service has put it back, then try again",
    ),
    "near": ("{error}。最接近的是：{names}", "{error}. The nearest are: {names}"),
    "ambiguous": (
        "“{asked}”对得上不止一个{kind}：{fits}。请写 id 的前几位",
        "“{asked}” fits more than one {kind}: {fits}. Give the first characters of the id",
    ),
    "already-there": (
        "已有 id 为 {id} 的{kind}，没有改动它",
        "There is already a {kind} with the id {id}; it was not touched",
    ),
    # Files that cannot be read
    "damaged-empty": ("文件是空的：{path}", "The file is empty: {path}"),
    "damaged-nul": ("文件里只有零字节：{path}", "The file holds nothing but zero bytes: {path}"),
    "damaged-not-utf8": (
        "文件不是 UTF-8 文本（从第 {detail} 字节起）：{path}",
        "The file is not UTF-8 text (from byte {detail} on): {path}",
    ),
    "damaged-not-json": (
        "文件不是 JSON（{detail} 处，行:列）：{path}",
        "The file is not JSON (at {detail}, line:column): {path}",
    ),
    "damaged-not-a-number": (
        "文件里有不是普通数字的数 {detail}：{path}",
        "The file holds a number that is none or too large {detail}: {path}",
    ),
    "damaged-duplicate-key": (
        "同一处写了两次“{detail}”：{path}",
        "“{detail}” is written twice in one place: {path}",
    ),
    "damaged-too-deep": ("文件嵌套过深：{path}", "The file is nested too deeply: {path}"),
    "damaged-too-large": ("文件过大：{path}", "The file is too large: {path}"),
    "damaged-not-a-document": (
        "内容不是一个{kind}（{detail}）：{path}",
        "The content is not a {kind} ({detail}): {path}",
    ),
    "damaged-out-of-range": (
        "有的值超出了能处理的范围（{detail}）：{path}。文件原样保留；请在编辑器里改正，或运行 salescoach doctor --repair 找回上一个完好的版本",
        "A value is beyond what can be dealt with ({detail}): {path}. The file is kept as it is; correct it in an editor, or have salescoach doctor --repair put the last whole version back",
    ),
    "not-listed": (
        "这个{kind}能打开，但算不出它在列表里的那一行：{path}",
        "This {kind} can be opened, but its line in the lists cannot be worked out: {path}",
    ),
    "damaged-wrong-id": (
        "里面的 id 是 {detail}，与文件名不符：{path}",
        "The id inside is {detail}, not the one in the file's name: {path}",
    ),
    "damaged-symlink": (
        "这是符号链接，不会跟随：{path}。请把文件本身放到这里",
        "This is a symbolic link, which is not followed: {path}. Put the file itself there",
    ),
    "damaged-not-a-file": ("这不是普通文件：{path}", "This is not a regular file: {path}"),
    "unreadable": (
        "读不了 {path}：{detail}。请检查权限和磁盘",
        "{path} cannot be read: {detail}. Check its permissions and the disk",
    ),
    "newer-schema": (
        "这个{kind}是更新版本的 salescoach 写的（格式 {schema}），只能看不能改：{path}。请升级 salescoach",
        "A newer salescoach wrote this {kind} (schema {schema}); it can be read, not changed: {path}. Update salescoach",
    ),
    # Saves that fail
    "locked": (
        "另一个进程正在写这个{kind}：{holder}。请稍后再试",
        "Another process is writing this {kind}: {holder}. Try again in a moment",
    ),
    "locked-unknown": (
        "另一个进程正在写这个{kind}。请稍后再试",
        "Another process is writing this {kind}. Try again in a moment",
    ),
    "save-failed-disk-full": (
        "没有保存，原来的文件没有变：磁盘满了（{path}）。请腾出空间再试",
        "Not saved, the old file is as it was: the disk is full ({path}). Make room and try again",
    ),
    "save-failed-read-only": (
        "没有保存，原来的文件没有变：这里不能写（{path}：{detail}）。请检查权限",
        "Not saved, the old file is as it was: nothing can be written here ({path}: {detail}). Check the permissions",
    ),
    "save-failed-system": (
        "没有保存，原来的文件没有变：{detail}（{path}）",
        "Not saved, the old file is as it was: {detail} ({path})",
    ),
    "save-failed-link": (
        "没有保存，原来的文件没有变：{path} 是符号链接，不会跟着写到别处。请移走它",
        "Not saved, the old file is as it was: {path} is a symbolic link, and nothing is written through it. Move it away",
    ),
    "save-failed-too-large": (
        "没有保存：这次改动会让这个{kind}超过 16 MB 的上限（{path}）。原来的内容没有变，还能查看；请写短些，商机可以另建一个接着记",
        "Not saved: with this change the {kind} would be beyond the limit of 16 MB ({path}). It is as it was and can be read; write less, or go on in a new deal",
    ),
    "nearly-full": (
        "“{name}”已占 16 MB 上限的 {share}%，超过上限就存不进新的改动。请尽早另建一个商机接着记",
        "“{name}” has {share} % of the 16 MB that a deal may have; no change that goes beyond is saved. Go on in a new deal before that",
    ),
    "nearly-full-customer": (
        "“{name}”已占 16 MB 上限的 {share}%，超过上限就存不进新的改动。请少记长文",
        "“{name}” has {share} % of the 16 MB that a customer may have; no change that goes beyond is saved. Write shorter notes",
    ),
    "save-failed-text": (
        "没有保存：有的内容写不成文本（{detail}）",
        "Not saved: some of it cannot be written as text ({detail})",
    ),
    "parked-merge-circle": (
        "没有保存：与别处的改动合并后 {contacts} 会互为上级。存着的{kind}没有变，这次的改动放在 {path}。先改其中一人的上级，再运行 salescoach merge {id}",
        "Not saved: with what was changed elsewhere {contacts} would report to each other. The stored {kind} is as it was, this change is kept in {path}. Change whom one of them reports to, then run salescoach merge {id}",
    ),
    "parked-merge-too-deep": (
        "没有保存：“{place}”两处都改过，嵌套过深，没法并列保存。存着的{kind}没有变，这次的改动放在 {path}。先把它改简单，再运行 salescoach merge {id}",
        "Not saved: “{place}” was changed in two places and nests too deeply to keep both. The stored {kind} is as it was, this change is kept in {path}. Make it simpler, then run salescoach merge {id}",
    ),
    "parked-merge-invalid": (
        "没有保存：与别处的改动合并后“{place}”无效。存着的{kind}没有变，这次的改动放在 {path}。改正后运行 salescoach merge {id}",
        "Not saved: with what was changed elsewhere “{place}” would not be valid. The stored {kind} is as it was, this change is kept in {path}. Correct it, then run salescoach merge {id}",
    ),
    "parked-gone": (
        "没有保存：{kind}的文件被删掉了。屏幕上的内容连同这次的改动放在 {path}；运行 salescoach merge {id}（或在首页按 M）就能找回来",
        "Not saved: the {kind}'s file was deleted. What is on screen is kept with this change in {path}; salescoach merge {id}, or M on the first screen, brings the {kind} back",
    ),
    "parked-damaged": (
        "没有保存：{kind}的文件损坏了。屏幕上的内容连同这次的改动放在 {path}。先运行 salescoach doctor --repair，再运行 salescoach merge {id}",
        "Not saved: the {kind}'s file is damaged. What is on screen is kept with this change in {path}. Run salescoach doctor --repair, then salescoach merge {id}",
    ),
    "parked-newer": (
        "没有保存：别处更新版本的 salescoach 改写了这个{kind}。屏幕上的内容连同这次的改动放在 {path}。请升级，再运行 salescoach merge {id}",
        "Not saved: a newer salescoach has written this {kind} elsewhere. What is on screen is kept with this change in {path}. Update, then run salescoach merge {id}",
    ),
    "half-saved": (
        "只保存了一部分（{reason}）：其余已记下，磁盘一可用就会补上。",
        "Only a part could be saved ({reason}): the rest is noted and will be saved as soon as the disk allows.",
    ),
    "copy-stays": (
        "已合并并保存，但副本移不走：{detail}（{path}）。请检查权限，再运行 salescoach merge",
        "Merged and saved, but the copy cannot be moved away: {detail} ({path}). Check the permissions, then run salescoach merge again",
    ),
    # Backups
    "backup-not-found": ("没有这个备份文件：{path}", "There is no such backup: {path}"),
    "backup-not-one": (
        "这不是 salescoach 的备份：{path}",
        "This is not a backup made by salescoach: {path}",
    ),
    "backup-newer": (
        "这个备份是更新版本的 salescoach 写的（格式 {detail}）：{path}。请升级 salescoach",
        "A newer salescoach wrote this backup (format {detail}): {path}. Update salescoach",
    ),
    "backup-damaged-cut-off": (
        "备份已损坏，像是没有传完：{path}。请重新复制一份，或用更早的备份",
        "The backup is damaged, as if it were cut off: {path}. Copy it again or take an earlier one",
    ),
    "backup-damaged-manifest": (
        "备份里的清单已损坏：{path}。请重新复制一份，或用更早的备份",
        "The backup's list of what it holds is damaged: {path}. Copy it again or take an earlier one",
    ),
    "backup-damaged-name": (
        "备份里有不该有的名字“{detail}”，什么都没有恢复：{path}",
        "The backup holds a name that none has, “{detail}”; nothing was restored: {path}",
    ),
    "backup-damaged-twice": (
        "备份里有两个“{detail}”，什么都没有恢复：{path}",
        "The backup holds “{detail}” twice; nothing was restored: {path}",
    ),
    "backup-damaged-unlisted": (
        "备份的清单里没有“{detail}”，什么都没有恢复：{path}",
        "The backup's list does not know “{detail}”; nothing was restored: {path}",
    ),
    "backup-damaged-link": (
        "备份里有链接“{detail}”，什么都没有恢复：{path}",
        "The backup holds a link, “{detail}”; nothing was restored: {path}",
    ),
    "backup-damaged-packing": (
        "备份里的“{detail}”不是这个程序打包的，什么都没有恢复：{path}",
        "“{detail}” in the backup is packed as this program never does; nothing was restored: {path}",
    ),
    "backup-damaged-bomb": (
        "备份里的“{detail}”大得不像话，什么都没有恢复：{path}",
        "“{detail}” in the backup would grow beyond all measure; nothing was restored: {path}",
    ),
    "backup-damaged-total": (
        "备份解开后有 {detail} MB，远大于文件本身（上限是文件的 100 倍再加 16 MB），什么都没有恢复：{path}",
        "Unpacked, the backup would take {detail} MB, far more than its file allows (100 times the file and 16 MB more); nothing was restored: {path}",
    ),
    "backup-damaged-member": (
        "备份里的“{detail}”已损坏：{path}。加 --partial 可恢复其余完好的部分",
        "“{detail}” in the backup is damaged: {path}. With --partial the rest is restored",
    ),
    "backup-not-verified": (
        "备份没有做成：写下的内容读回来不对（{detail}）。请换一个磁盘再试：{path}",
        "No backup was made: what was written does not read back ({detail}). Try another disk: {path}",
    ),
    "nothing-to-undo": ("没有可以撤销的了", "There is nothing left to undo"),
    "nothing-to-redo": ("没有可以重做的了", "There is nothing left to redo"),
    "not-own-undo": (
        "接下来能撤销的是{by}的改动，不是你的",
        "What could be undone next is a change of {by}'s, not yours",
    ),
    "not-own-undo-unnamed": (
        "接下来能撤销的不是你在这里做的改动",
        "What could be undone next is not a change you made here",
    ),
    "not-own-redo": (
        "接下来能重做的是{by}撤销的改动，不是你撤销的",
        "What could be redone next was undone by {by}, not by you",
    ),
    "not-own-redo-unnamed": (
        "接下来能重做的不是你在这里撤销的",
        "What could be redone next was not undone by you here",
    ),
    "take-back-clash": (
        "“{what}”不能单独撤销或重做：它改过的地方后来又被改了。请先处理后来的改动，或直接修改",
        "“{what}” cannot be undone or redone by itself: what it changed was changed again since. Deal with the later change first, or edit by hand",
    ),
    "take-back-together": (
        "“{what}”不能单独撤销或重做：它是和别的改动一起从另一处来的。请直接修改",
        "“{what}” cannot be undone or redone by itself: it came from elsewhere together with other changes. Edit by hand",
    ),
    "take-back-handed-over": (
        "“{what}”不能撤销或重做：它改的是客户或人的资料，升级后这些资料在客户那里。请直接修改",
        "“{what}” cannot be undone or redone: it changed the customer or a person, and since the upgrade those data stand with the customer. Edit by hand",
    ),
    "take-back-in-deal": (
        "“{what}”不能撤销或重做：那样会丢掉某人的资料，而此人后来已是商机“{deal}”的联系人。请先在那个商机里撤销这一步",
        "“{what}” cannot be undone or redone: somebody's record would go who has a part in the deal “{deal}” by now. Undo that in the other deal first",
    ),
    "outside-merged": (
        "“{name}”的文件被换成了另一份，已与上次保存的合并：带来 {came} 条，保住这里的 {kept} 条",
        "The file of “{name}” had been replaced by another one; it was merged with what was last saved here: {came} entries came in, {kept} of yours were kept",
    ),
    "outside-older": (
        "“{name}”的文件被换成了较旧的一份，里面没有新内容；这里的 {kept} 条改动都保住了",
        "The file of “{name}” had been replaced by an older one with nothing new in it; your {kept} later entries were kept",
    ),
    "outside-parked": (
        "“{name}”的文件被换成了另一份，两者合不到一起：上次保存的留下了，另一份在 {path}",
        "The file of “{name}” had been replaced by another one, and the two do not fit together: what was last saved stays, the other is in {path}",
    ),
    "outside-conflicts": (
        "{told}；有 {count} 处两边改得不一样，要你来定",
        "{told}; {count} places were changed differently and wait for you to settle them",
    ),
    "outside-seen": (
        "“{name}”的文件不是从上次保存的接下去的（被换成了另一份）；下一次改动，或 salescoach merge {id}，会把两者合在一起",
        "The file of “{name}” does not go on from what was last saved here: somebody replaced it. The next change, or salescoach merge {id}, brings the two together",
    ),
    "reason": ("原因：{reason}", "Why: {reason}"),
    # Banners
    "banner-read-only": (
        "{kind}文件夹不能写，只能浏览：{path}",
        "The {kind}s folder cannot be written; you can look, not change: {path}",
    ),
    "banner-damaged": (
        "有 {count} 个商机读不了，其余照常。salescoach doctor 会说明原因和怎么修",
        "Deals that cannot be read: {count}; all others are listed. salescoach doctor says why and how to mend it",
    ),
    "banner-customers": (
        "有 {count} 个客户读不了。它们的商机照常列出，只是人物只有名字；文件回来后就恢复原样。salescoach doctor 会说明原因和怎么修",
        "Customers that cannot be read: {count}. Their deals are listed, with no more than names of their people, and are whole again when the file is. salescoach doctor says why and how to mend it",
    ),
    "banner-set-aside": (
        "{count} 个损坏的文件已移到 {path}，每个旁边有原因",
        "{count} damaged files were set aside in {path}, each with its reason beside it",
    ),
    "banner-copies": (
        "有 {count} 个冲突副本可以合并: 按 M，或用 salescoach merge",
        "Conflict copies that can be merged: {count}. Press M, or use salescoach merge",
    ),
    "banner-parked": (
        "有改动没能与别处的合并（{count} 处），见 salescoach merge",
        "Changes that could not be merged with what was changed elsewhere: {count}. See salescoach merge",
    ),
    "banner-playbook-gone": (
        "方法手册里没有了：{names}。商机里写下的都留着，显示为已退役。见 salescoach playbook validate",
        "The playbook no longer has: {names}. What deals have there is kept and shown as retired. See salescoach playbook validate",
    ),
    "banner-playbook-look": (
        "方法手册里有 {count} 处要看一看。见 salescoach playbook validate",
        "Things to look at in the playbook: {count}. See salescoach playbook validate",
    ),
    "banner-playbook": (
        "方法手册 {path} 有 {count} 处错误，先用自带的。见 salescoach playbook validate",
        "Mistakes in the playbook {path}: {count}. The packaged one is used. See salescoach playbook validate",
    ),
    # Settings
    "setting-unreadable": (
        "{file}：读不了（{detail}），全部用默认值。请检查权限",
        "{file}: cannot be read ({detail}), so the defaults are used. Check its permissions",
    ),
    "setting-not-toml": (
        "{file}：不是有效的 TOML（{detail}），全部用默认值。请改正或删掉它",
        "{file}: not valid TOML ({detail}), so the defaults are used. Mend it or delete it",
    ),
    "setting-not-a-file": (
        "{file}：不是普通文件，全部用默认值。请移走它",
        "{file}: this is not a regular file, so the defaults are used. Move it away",
    ),
    "setting-too-large": (
        "{file}：超过 {limit} KB，全部用默认值。请改短或删掉它",
        "{file}: larger than {limit} KB, so the defaults are used. Shorten it or delete it",
    ),
    "setting-too-deep": (
        "{file}：第 {line} 行的点太多，全部用默认值。请改短这一行",
        "{file}: too many dots in line {line}, so the defaults are used. Shorten that line",
    ),
    # The same when a setting is to be written there
    "setting-unreadable-set": (
        "没有改设置，{file} 读不了（{detail}）。请检查权限",
        "Nothing was set: {file} cannot be read ({detail}). Check its permissions",
    ),
    "setting-not-toml-set": (
        "没有改设置，{file} 不是有效的 TOML（{detail}）。请先改正或删掉它",
        "Nothing was set: {file} is not valid TOML ({detail}). Mend it or delete it first",
    ),
    "setting-not-a-file-set": (
        "没有改设置，{file} 不是普通文件。请先移走它",
        "Nothing was set: {file} is not a regular file. Move it away first",
    ),
    "setting-too-large-set": (
        "没有改设置，{file} 超过 {limit} KB。请先改短或删掉它",
        "Nothing was set: {file} is larger than {limit} KB. Shorten it or delete it first",
    ),
    "setting-too-deep-set": (
        "没有改设置，{file} 第 {line} 行的点太多。请先改短这一行",
        "Nothing was set: there are too many dots in line {line} of {file}. Shorten it first",
    ),
    "setting-unknown": (
        "{file}：没有 {key} 这个设置，已忽略。请删掉它",
        "{file}: there is no setting {key}; it is ignored. Remove it",
    ),
    "setting-unknown-near": (
        "{file}：没有 {key} 这个设置，已忽略。是不是 {near}？",
        "{file}: there is no setting {key}; it is ignored. Did you mean {near}?",
    ),
    "setting-wrong": (
        "{file}：{key} 不能是 {value}，用默认值。请写{mend}",
        "{file}: {key} cannot be {value}, so the default is used. Write {mend}",
    ),
    "setting-refused": (
        "{key} 不能是 {value}。请写{mend}",
        "{key} cannot be {value}. Write {mend}",
    ),
    "setting-locked": (
        "没有改设置，另一个程序（{holder}）正在写设置文件。请稍后再试",
        "Nothing was set: another program ({holder}) is writing the settings. Try again in a moment",
    ),
    "setting-no-such": (
        "没有 {key} 这个设置。有：{known}",
        "There is no setting {key}. There are: {known}",
    ),
    "mend-lang": ("“auto”、“zh”或“en”", "“auto”, “zh” or “en”"),
    "mend-role": ("“rep”或“coach”", "“rep” or “coach”"),
    "mend-theme": (
        "“auto”、“dark”、“light”、“ansi”或主题的名字",
        "“auto”, “dark”, “light”, “ansi” or a theme's name",
    ),
    "mend-me": ("不超过 200 个字的名字", "a name of at most 200 characters"),
    "mend-user_id": (
        "另一台电脑上 salescoach config show 显示的 user_id（UUID）：这个编号由程序生成一次，以后不变，"
        "改名也不变；只有要让第二台电脑算作同一个人时才填",
        "the user_id (a UUID) that salescoach config show tells on your other machine: the program makes this id once and it "
        "stays, also under another name; it is given only to make a second machine's user the same person",
    ),
    "mend-currency": ("三个大写字母，如“CNY”", "three capital letters, such as “CNY”"),
    "mend-days": ("1 到 3650 的整数", "a whole number from 1 to 3650"),
    "mend-share": ("1 到 100 的整数", "a whole number from 1 to 100"),
    "mend-keymap": (
        '一张表，每行是 命令 = “键”，如 "home.new" = "n"',
        'a table of command = "keys", such as "home.new" = "n"',
    ),
    # Comments in the settings file
    "config-head": (
        "salescoach 的设置。改完保存，下次启动时生效；删掉一行就用默认值。",
        "Settings of salescoach. They take effect at the next start; a line that is removed means the default.",
    ),
    "config-lang": (
        "界面语言：auto（跟随系统）、zh 或 en",
        "Language of the program: auto (the system's), zh or en",
    ),
    "config-me": (
        "你的名字，写进每次改动的记录",
        "Your name, as it stands in the record of each change",
    ),
    "config-role": (
        "你的身份：rep（销售）或 coach（教练，可以确认）",
        "What you are: rep or coach (who can confirm)",
    ),
    "config-user_id": (
        "你的编号，改名也不变；程序自己生成，不要改",
        "Your id, the same under any name; made by the program, so leave it as it is",
    ),
    "config-theme": (
        "颜色：auto、dark、light、ansi（终端自己的颜色）或主题的名字",
        "Colours: auto, dark, light, ansi (the terminal's own) or a theme's name",
    ),
    "config-currency": ("新商机的币种", "Currency of new deals"),
    "config-stalled_days": (
        "多少天没有动静就算停滞",
        "Days without anything happening after which a deal counts as stalled",
    ),
    "config-receivables_days": (
        "逾期多少天起算长",
        "Days overdue from which a receivable counts as long overdue",
    ),
    "config-receivables_share": (
        "占合同额百分之几起算大",
        "Per cent of the contract from which a receivable counts as large",
    ),
    "config-keymap": (
        '换键：命令 = “键”，例如 "home.new" = "n,plus"；命令的名字见程序里的帮助（?）',
        'Other keys: command = "keys", such as "home.new" = "n,plus"; help (?) names the commands',
    ),
}
