"""What operations on a deal refuse: one line each, with the mend. What the store refuses is in `words.storage`."""

TEXTS: dict[str, tuple[str, str]] = {
    "crash": (
        "程序自身出错而停下（{kind}）。已保存的都在；错在程序哪里写在这里，不含你的数据：{path}",
        "A fault in the program itself stopped it ({kind}). What was saved is there. Where it failed, with none of your data, is told in {path}",
    ),
    "crash-unreported": (
        "程序自身出错而停下（{kind}）。已保存的都在。设置 SALESCOACH_DEBUG=1 再运行一次可看到细节。",
        "A fault in the program itself stopped it ({kind}). What was saved is there. Run again with SALESCOACH_DEBUG=1 to see the details.",
    ),
    "unknown": ("没能完成：{code}", "That did not work: {code}"),
    "near": ("最接近的：{near}", "Nearest: {near}"),
    "missing": ("还缺：{missing}", "Missing: {missing}"),
    "empty": ("{field}不能为空，请填写。", "{field} is empty: fill it in."),
    "too-long": (
        "{field}太长：最多 {limit} 个字符，请缩短或写进笔记。",
        "{field} is too long: at most {limit} characters; shorten it or put it in a note.",
    ),
    "bad-value": (
        "{field}不能是“{value}”，请换一个值。",
        "{field} cannot be “{value}”: give another value.",
    ),
    "bad-choice": (
        "{field}不能是“{value}”，可选：{choices}。",
        "{field} cannot be “{value}”: choose one of {choices}.",
    ),
    "bad-key": (
        "“{value}”不是{field}的代号：用小写字母、数字和连字符，如 key-contact。",
        "“{value}” is no key of a {field}: write it in lower-case letters, digits and hyphens, like key-contact.",
    ),
    "bad-amount": (
        "看不懂金额“{value}”：写成 1200000、1,200,000、120万 或 1.2m，且小于一千万亿。",
        "“{value}” is not an amount: write 1200000, 1,200,000, 120万 or 1.2m, below 10^15.",
    ),
    "amount-too-fine": (
        "金额“{value}”小数太多：最多两位。",
        "The amount “{value}” has too many decimals: give two at most.",
    ),
    "bad-currency": (
        "“{value}”不是币种：用三个大写字母，如 CNY、USD。",
        "“{value}” is not a currency: write three capital letters such as CNY or USD.",
    ),
    "unknown-currency": (
        "“{value}”不是 ISO 4217 的币种代码：用三个字母，如 CNY、USD。",
        "“{value}” is no currency code of ISO 4217: write three letters such as CNY or USD.",
    ),
    "amount-whole": (
        "{currency} 没有更小的单位，金额不能是 {value}：写成整数。",
        "{currency} has no smaller unit, so the amount cannot be {value}: write a whole number.",
    ),
    "bad-date": (
        "看不懂日期“{value}”：写成 12月5号、2026-12-05、下周三、月底 或 3个工作日后。",
        "“{value}” is not a date: write Dec 5, 2026-12-05, next wed, eom or 3 business days.",
    ),
    "two-days": (
        "“{value}”可以是 {first}，也可以是 {second}：写明是哪一天。",
        "“{value}” can be {first} or {second}: write the one you mean.",
    ),
    "bad-workdays": (
        "工作日历 {path} 看不懂：{detail}。改正后再用工作日。",
        "The calendar of workdays {path} cannot be read: {detail}. Correct it, then count workdays again.",
    ),
    "no-such-day": (
        "日历上没有“{value}”这一天：请核对月份和日子。",
        "There is no day “{value}” in the calendar: check the month and the day.",
    ),
    "customer-merged": (
        "客户“{customer}”已经并入另一家，请选那一家。",
        "The customer “{customer}” was merged into another one: choose that one.",
    ),
    "same-record": (
        "这是同一条记录，请选两条不同的。",
        "These are one record: choose two.",
    ),
    "bad-birthday": (
        "看不懂生日“{value}”：写成 1980-03-08，不知道年份就写 03-08。",
        "“{value}” is not a birthday: write 1980-03-08, or 03-08 where the year is not known.",
    ),
    "birthday-to-come": (
        "生日 {value} 还没到：年份写对，或只写月和日。",
        "The birthday {value} is still to come: correct the year, or write month and day only.",
    ),
    "date-to-come": (
        "{value} 还没到：证据和判断要用已经过去的日子。",
        "{value} is still to come: evidence and judgements carry a day that has passed.",
    ),
    "signed-to-come": (
        "{value} 还没到：签约日要用已经过去的日子。",
        "{value} is still to come: a deal is signed on a day that has passed.",
    ),
    "date-gone": (
        "{field}不能是过去的 {value}：请选今天或以后。",
        "{field} cannot be {value}, which has passed: choose today or later.",
    ),
    "bad-schema": (
        "这个商机文件的版本号“{value}”无效：从历史版本恢复，或把 schema 改成 1。",
        "The deal file's schema “{value}” is not valid: restore an earlier version, or set schema to 1.",
    ),
    "too-new": (
        "这个商机是更新版本的程序写的（{found}，本程序只认到 {known}）：可以看，不能改；请升级 salescoach。",
        "A newer program wrote this deal (schema {found}, known up to {known}): it can be read, not changed; upgrade salescoach.",
    ),
    "reason-needed": ("请写明理由。", "Give a reason."),
    "reason-needed-lose": (
        "丢单要写明原因：说一句为什么丢的。",
        "Losing a deal needs a reason: say in a sentence why.",
    ),
    "reason-needed-na": (
        "标为不适用要写明理由：说一句为什么与这个商机无关。",
        "Setting an item aside needs a reason: say why it does not apply to this deal.",
    ),
    "reason-needed-challenge": (
        "质疑要写明理由：告诉销售还需要看到什么。",
        "A challenge needs a reason: tell the rep what you still need to see.",
    ),
    "evidence-thin": (
        "这还不是证据：写一句说了或看到什么，或写清是哪份文件。",
        "That is no evidence yet: write a sentence on what was said or seen, or name the document.",
    ),
    "basis-needed": (
        "回答“是”要写依据：用一句话说明凭什么知道。",
        "A yes needs its basis: say in a sentence what tells you so.",
    ),
    "rung-needs-evidence": (
        "到这个关系阶段要有证据：写一句发生了什么；谁、哪天可以不改。",
        "A rung needs evidence: write a sentence on what happened, with who showed it and when.",
    ),
    "reason-needed-rungs": (
        "一次升 {count} 级要写明理由：{contact} 为什么跳过了中间的阶段？",
        "{count} rungs at once need a reason: why did {contact} skip those between?",
    ),
    "reason-needed-rung-down": (
        "关系退一步要写明理由：{contact} 出了什么事？",
        "A step down needs a reason: what happened with {contact}?",
    ),
    "rung-none": (
        "{contact} 还没有关系阶段，没有可确认或质疑的。",
        "{contact} is on no rung, so there is nothing to confirm or challenge.",
    ),
    "action-without-item": (
        "“{text}”不是为某个检查项安排的，结果不能当它的证据：用 salescoach evidence 写到那一项上。",
        "“{text}” belongs to no item, so its outcome can be evidence for none: add evidence to the item itself.",
    ),
    "confirm-marker-open": (
        "“{stage}”的{side}还没有任何依据，没有可确认的：先补证据。",
        "Nothing speaks for the {side} of {stage} yet, so there is nothing to confirm: add evidence first.",
    ),
    "challenge-marker-open": (
        "“{stage}”的{side}没有满足，没有可质疑的。",
        "The {side} of {stage} is not met, so there is nothing to challenge.",
    ),
    "evidence-unknown": (
        "没有这条证据，可能已被删掉：重新打开这一项看看。",
        "There is no such piece of evidence; it may be gone already: look at the item again.",
    ),
    "coach-only": (
        '只有教练能确认或质疑：请以教练身份操作（设置里 role = "coach"）。',
        'Only a coach confirms or challenges: act as one (role = "coach" in the settings).',
    ),
    "confirm-open": (
        "这一项还没勾选，没有可确认的：先勾选或补证据。",
        "Nobody has claimed this item, so there is nothing to confirm: tick it or add evidence first.",
    ),
    "challenge-open": (
        "这一项还没勾选，没有可质疑的：要提醒销售就写条笔记。",
        "This item is open, so there is nothing to challenge: leave a note instead.",
    ),
    "deal-already-open": (
        "这个商机本来就在进行中，不用重开。",
        "This deal is open already: there is nothing to reopen.",
    ),
    "stage-already-open": (
        "“{stage}”已经打开，直接做它的检查项就行。",
        "“{stage}” is open already: go on with its items.",
    ),
    "stage-was-closed": (
        "“{stage}”打开过，已经关闭：要回去就重新打开它。",
        "“{stage}” was opened before and is closed: reopen it to go back.",
    ),
    "stage-not-open": (
        "“{stage}”没有打开，不能关闭：先打开它。",
        "“{stage}” is not open, so it cannot be closed: open it first.",
    ),
    "stage-not-closed": (
        "“{stage}”没有关闭过，不能重新打开：直接打开它。",
        "“{stage}” was never closed, so it cannot be reopened: open it.",
    ),
    "stage-behind": (
        "“{stage}”在当前这一式之前，不能“推进”过去：单独打开它。",
        "“{stage}” comes before the current stage, so it cannot be advanced to: open it by itself.",
    ),
    "all-stages-closed": (
        "六式都走完了，没有下一式：要回到某一式就重新打开它。",
        "All stages are closed, there is no next one: reopen a stage to go back to it.",
    ),
    "gate-closed-entry": (
        "“{stage}”的开始标志还没满足：补上缺的，或写明理由继续。",
        "The entry marker of “{stage}” is not met: bring what is missing, or give a reason to go on.",
    ),
    "gate-closed-exit": (
        "“{stage}”的结束标志还没满足：补上缺的，或写明理由继续。",
        "The exit marker of “{stage}” is not met: bring what is missing, or give a reason to go on.",
    ),
    "customer-missing": (
        "客户“{customer}”的档案读不到，所以不能改联系人：请找回文件（salescoach doctor 会说明），其余照常。",
        "The record of the customer “{customer}” cannot be read, so its people cannot be changed: bring the file back (salescoach doctor tells more); all else works.",
    ),
    "contact-unknown": (
        "没有联系人“{asked}”：先添加，或从名单里选。",
        "There is no contact “{asked}”: add the person first, or choose one of the list.",
    ),
    "merge-clash": (
        "后来的修改也动过这一处（{place}），没有改动任何内容。",
        "A later change touched the same place ({place}): nothing was changed.",
    ),
    "reports-to-circle": (
        "{superior} 已经直接或间接向 {contact} 汇报，不能再当其上级：先改 {superior} 的上级。",
        "{superior} reports to {contact} already, so cannot be the superior: change whom {superior} reports to first.",
    ),
    "action-unknown": (
        "没有行动“{asked}”：从行动列表里选。",
        "There is no action “{asked}”: choose one of the list.",
    ),
    "action-is-done": (
        "“{text}”已经完成，不能改期：先重新打开它。",
        "“{text}” is done, so it cannot be moved: reopen it first.",
    ),
    "action-was-done": (
        "“{text}”已经完成：要写结果，先重新打开它。",
        "“{text}” is done already: to record what came of it, reopen it first.",
    ),
    "unknown-stage": (
        "没有“{asked}”这一式：用 1 到 {count} 或它的名称。",
        "There is no stage “{asked}”: give its number, 1 to {count}, or name.",
    ),
    "unknown-move": (
        "没有“{asked}”这一招：用编号如 3.2 或它的名称。",
        "There is no move “{asked}”: give its number, like 3.2, or name.",
    ),
    "unknown-item": (
        "没有检查项“{asked}”：用编号如 3.2.1 或它的代号。",
        "There is no item “{asked}”: give its number, like 3.2.1, or key.",
    ),
    "unknown-choice": (
        "{field}没有“{asked}”：可选 {choices}。",
        "There is no {field} “{asked}”: choose one of {choices}.",
    ),
    "conflict-unknown": (
        "没有冲突“{asked}”，也许已经处理了：从冲突列表里选。",
        "There is no conflict “{asked}”; it may be settled already: choose one of the list.",
    ),
    "conflict-place-gone": (
        "“{place}”已经不在这个商机里，放不回去：保留现在的，或自己补上。",
        "“{place}” is not in this deal any more, so the value has no place: keep what is there, or enter it by hand.",
    ),
    "day-to-come": (
        "{value} 还没到：请给出今天或更早的一天。",
        "{value} is still to come: give today or an earlier day.",
    ),
    "not-made": (
        "{day} 这一天还没有它：它建于 {made}。",
        "On {day} there was none yet: it was made on {made}.",
    ),
    "not-told": (
        "只能从 {day} 起按天还原：更早的变更由以前的程序记录，没有记下改之前的值。请给出这一天或之后的日期。",
        "How it stood can be told from {day} on: what was done before that was recorded without the values it changed. Give that day or a later one.",
    ),
    "merge-circle": (
        "合并后 {contacts} 会互为上级：先改其中一人的上级，再合并。",
        "Merged, {contacts} would report to each other: change whom one of them reports to, then merge again.",
    ),
    "merge-too-deep": (
        "“{place}”嵌套过深，两处都改过，没法留作冲突：先在一处改简单，再合并。",
        "“{place}” was changed in two places and nests too deeply to be kept as a conflict: make one simpler, then merge again.",
    ),
    "merge-invalid": (
        "合并后“{place}”无效：先改正其中一份，再合并。",
        "Merged, “{place}” would not be valid: correct one of the two, then merge again.",
    ),
}
