"""What the shell commands say about themselves in their help."""

from __future__ import annotations

TEXTS: dict[str, tuple[str, str]] = {
    "usage": ("用法：", "Usage:"),
    "program": (
        "终端里的销售教练：每个商机在六式二十四招里真正走到了哪一步，下一步最该做什么。\n不带命令时打开界面。",
        (
            "A sales coach in the terminal: where each deal really stands in six stages and twenty-four moves,\n"
            "and the one next step that matters. Without a command it opens the app."
        ),
    ),
    "epilog": (
        (
            "DEAL 是商机的编号、编号开头几位或不会混淆的名称；ITEM 是检查项的键或编号，如 3.2.1；STAGE 是 1–6、键或名称。\n"
            "各命令的说明：salescoach COMMAND --help"
        ),
        (
            "DEAL is a deal's id, the start of one, or an unambiguous name; ITEM is an item's key or a number like 3.2.1;\n"
            "STAGE is 1-6, a key or a name. Help for a command: salescoach COMMAND --help"
        ),
    ),
    "group-look": ("查看", "Look"),
    "group-work": ("推进商机", "Work a deal"),
    "group-deal": ("新建与变更商机", "Make and change deals"),
    "group-setup": ("方法、设置与检查", "Playbook, settings and checks"),
    "global-options": ("通用选项", "Options of every command"),
    "opt-lang": ("界面语言：zh 或 en", "language: zh or en"),
    "opt-playbook": ("使用这个文件夹里的方法手册", "use the playbook in this folder"),
    "opt-no-color": ("不用颜色", "no colour"),
    "opt-version": ("显示版本", "show the version"),
    "json": ("输出 JSON（带 version 字段）", "write JSON (with a version field)"),
    # Summaries of the commands
    "list": ("列出商机", "List deals"),
    "show": ("查看一个商机，或其中一式的检查表", "Show a deal, or one stage's checklist"),
    "next": (
        "今天该做什么；指定商机时给出最要紧的一步和理由",
        "Today's work; for one deal the next step that matters, with the reason",
    ),
    "history": ("查看商机的经过", "Show what happened in a deal"),
    "open": ("打开界面", "Open the app"),
    "demo": (
        "用示例商机的临时副本打开界面",
        "Open the app on a throw-away copy of the sample deals",
    ),
    "check": ("勾选检查项", "Tick items"),
    "uncheck": ("取消勾选", "Untick items"),
    "evidence": (
        "为检查项或关口标志添加证据",
        "Add evidence for an item or a stage's marker",
    ),
    "na": ("把检查项标为不适用", "Mark items as not applicable"),
    "confirm": (
        "教练确认检查项、标志或关系阶段，或提出质疑",
        "Confirm items, markers or rungs as a coach, or challenge them",
    ),
    "note": ("记一条笔记", "Add a note"),
    "action": (
        "行动：添加、完成、推迟、修改、列出",
        "Actions: add, done, reopen, snooze, edit, list",
    ),
    "person": (
        "人：添加、修改、关系阶段、沟通风格、离开、列出、合并、导出、抹去",
        "People: add, edit, rung, style, left, list, show, merge, export, erase",
    ),
    "contact": (
        "联系人（同 person）：添加、修改、关系阶段、沟通风格、离开、列出",
        "Contacts, the same as person: add, edit, rung, style, left, list",
    ),
    "customer": (
        "客户：列出、查看、新建、改名、笔记、合并、撤销",
        "Customers: list, show, new, edit, note, merge, history, undo",
    ),
    "phase": ("查看或设定客户的采购阶段", "Show or set the customer's buying phase"),
    "answer": (
        "查看或回答判断机会的四个问题",
        "Show or answer the four questions that judge the opportunity",
    ),
    "advance": (
        "进入下一式；条件不足时列出缺什么",
        "Move on to the next stage, or see exactly what is missing",
    ),
    "new": ("新建商机", "Make a deal"),
    "edit": ("修改商机的基本信息", "Change a deal's basic facts"),
    "win": ("赢单", "Mark a deal as won"),
    "lose": ("丢单（须写原因）", "Mark a deal as lost (with the reason)"),
    "nurture": ("转入维护", "Put a deal in nurture"),
    "reopen": ("重新打开商机，或其中已结束的一式", "Reopen a deal, or a stage that was closed"),
    "archive": ("归档商机，或从归档中取回", "Archive a deal, or bring it back"),
    "undo": ("撤销自己的上一次改动", "Undo your last change"),
    "redo": ("重做自己撤销的改动", "Redo what you undid"),
    "merge": (
        "把同步服务留下的冲突副本合并到商机里",
        "Merge the conflict copies that sync services left",
    ),
    "conflicts": (
        "列出合并后两处不一致、等人决定的地方",
        "List what two places changed differently and nobody has settled",
    ),
    "settle": ("处理一处冲突：选两个值中的一个", "Settle a conflict: pick one of its two values"),
    "playbook": ("方法手册：查看、校验、位置、复制", "The playbook: show, validate, path, copy"),
    "config": ("设置：查看、编辑、位置、修改", "Settings: show, edit, path, set"),
    "paths": ("各类文件放在哪里", "Show where everything is kept"),
    "doctor": (
        "检查文件夹、商机、方法手册、设置和终端",
        "Check folders, deals, playbook, settings and terminal",
    ),
    "backup": (
        "把商机、历史、设置和自己的方法手册备份成一个文件",
        "Put deals, history, settings and your own playbook into one file",
    ),
    "restore": (
        "从备份文件恢复；与现有不同的商机先问再换",
        "Put a backup back; a deal that differs from yours is replaced only after a yes",
    ),
    "completion": ("生成命令补全脚本", "Write a shell completion script"),
    # What arguments mean
    "deal": ("商机：编号、编号开头或名称", "the deal: an id, the start of one, or a name"),
    "item": ("检查项：键或编号，如 3.2.1", "the item: a key or a number like 3.2.1"),
    "items": (
        "一个或多个检查项：键或编号，如 3.2.1",
        "one or more items: keys or numbers like 3.2.1",
    ),
    "confirm-contact": (
        "联系人的关系阶段：编号、姓名或列表中的序号；可重复",
        "the rung of a contact: id, name or number in the list; may be repeated",
    ),
    "ev-against": ("这条证据说的是反面", "this evidence speaks against it"),
    "rung-note": (
        "发生了什么（升级时必填一句话）",
        "what happened: a sentence, needed for a step up",
    ),
    "rung-who": ("谁说的或谁做的（默认本人）", "who showed it (the contact by default)"),
    "rung-on": (
        "哪一天（默认今天）：昨天、周五、上周五",
        "the day (today by default): yesterday, fri, last friday",
    ),
    "rung-reason": (
        "为什么退一步，或一次升几级",
        "why it goes down, or up by several rungs at once",
    ),
    "action-outcome": ("结果，一句话", "what came of it, in a line"),
    "action-evidence": (
        "结果同时记为该行动的检查项的证据",
        "the outcome is evidence for the action's item too",
    ),
    "action-against": (
        "结果同时记为该行动的检查项的反面证据",
        "the outcome is evidence against the action's item",
    ),
    "item-or-marker": (
        "检查项（3.2.1），或某一式的开始、结束标志（3.entry、3.exit）",
        "an item (3.2.1), or a stage's entry or exit marker (3.entry, 3.exit)",
    ),
    "who": ("谁说的、谁给看的", "who said or showed it"),
    "on": (
        "哪一天（默认今天）：昨天、周五、上周五",
        "the day (today by default): yesterday, fri, last friday",
    ),
    "ev-note": ("一句说明", "a note"),
    "document": ("文件、邮件或链接的出处", "a document, e-mail or other reference"),
    "ev-remove": (
        "删除这条证据（编号或开头几位）",
        "remove this piece of evidence (its id or the start of it)",
    ),
    "na-reason": ("为什么不适用", "why it does not apply"),
    "challenge": (
        "不确认，而是退回并写明原因",
        "do not confirm: take it a step back, with the reason",
    ),
    "note-text": ("内容；写 - 则从标准输入读取", "the text; - reads it from standard input"),
    "contact-ref": (
        "联系人：编号、姓名或列表中的序号",
        "a contact: id, name or number in the list",
    ),
    "list-text": ("搜索：名称、客户、拼音", "search: names, customers, pinyin"),
    "list-status": ("状态（默认 open）", "the status (open by default)"),
    "list-stage": ("只看处于这一式的商机", "only deals in this stage"),
    "list-owner": ("只看这个人负责的商机", "only this owner's deals"),
    "list-archived": ("只看已归档的", "only archived deals"),
    "list-stalled": (
        "只列出停滞的商机：到设置的天数没有动静",
        "only stalled deals: nothing has happened for as many days as the settings say",
    ),
    "list-sort": ("排序", "the order"),
    "show-stage": ("只看这一式，附指导和证据", "this stage alone, with guidance and evidence"),
    "show-on": (
        "那一天结束时的样子，建议也按那天算",
        "as it stood at the end of that day, with the advice for that day",
    ),
    "limit": ("只看最近 N 条", "only the last N"),
    "next-all": ("全部，不只前 {count} 条", "all of it, not only the first {count}"),
    "next-deal": (
        "商机；省略则为今天的全部工作",
        "a deal; without one, today's work over all deals",
    ),
    "open-deal": ("直接打开这个商机", "open this deal at once"),
    "new-name": ("商机名称", "the deal's name"),
    "customer-name": (
        "客户：名称、别名、拼音或编号；没有就新建",
        "the customer: a name, another name, pinyin or an id; a new one where there is none",
    ),
    "kind": (
        "complex 复杂销售，simple 简单销售",
        "complex, or simple for a short sale without formal negotiation",
    ),
    "amount": ("金额：1200000、1,200,000、120万、1.2m", "the amount: 1200000, 1,200,000, 1.2m"),
    "currency": ("币种：CNY、USD 等", "the currency: CNY, USD and so on"),
    "close": (
        "预计签约日期：12月5号、月底、+30d",
        "expected signing day: Dec 5, eom, +30d",
    ),
    "owner": ("负责人", "the owner"),
    "new-stage": (
        "已在进行中的商机：现在处于哪一式",
        "for a deal already under way: the stage it is in",
    ),
    "win-what": (
        "签了什么：合同或订单的名称、编号",
        "what was signed: the contract or order, its number",
    ),
    "win-on": ("哪天签的；默认今天", "the day it was signed; today by default"),
    "win-amount": ("签约金额；默认商机的金额", "for how much; the deal's amount by default"),
    "win-currency": ("签约币种；默认商机的币种", "the currency; the deal's by default"),
    "win-reason": ("赢在哪里", "why it was won"),
    "lose-reason": ("为什么丢单", "why it was lost"),
    "nurture-reason": ("为什么转入维护", "why it rests"),
    "reopen-reason": ("为什么重新打开", "why it comes back"),
    "revisit": ("哪天再看：+90d、6月1号", "when to look at it again: +90d, Jun 1"),
    "reopen-stage": ("重新打开这一式，而不是整个商机", "reopen this stage instead of the deal"),
    "archive-restore": ("从归档中取回", "bring it back from the archive"),
    "advance-to": ("直接进入这一式（默认下一式）", "the stage to open (the next one by default)"),
    "advance-reason": (
        "条件不足仍要推进的理由，会留在记录里",
        "why to go on although something is missing; it stays in the record",
    ),
    "phase-arg": (
        "采购阶段的键或名称；省略则只查看",
        "a phase's key or name; without one it is shown",
    ),
    "question": (
        "问题：1–4、键或名称；省略则全部列出",
        "a question: 1-4, key or name; without one all are shown",
    ),
    "answer-note": ("依据：凭什么知道；答“是”必须写", "what tells you so; a yes needs it"),
    "answer-arg": ("yes 是，no 否，unsure 不确定", "the answer"),
    "completion-shell": ("为哪种 shell 生成", "the shell to write it for"),
    # Backups and repairs
    "backup-file": (
        "备份写到哪里：文件或文件夹（默认当前文件夹，文件名带日期）",
        "the file to write, or a folder (by default this folder, a name with the date)",
    ),
    "undo-yes": (
        "别人的改动也撤销，不再询问",
        "undo it without asking, also when it is another's change",
    ),
    "redo-yes": (
        "别人撤销的也重做，不再询问",
        "redo it without asking, also when another undid it",
    ),
    "backup-yes": (
        "文件已存在也不再问，直接替换",
        "replace the file without asking if it is there",
    ),
    "restore-file": ("备份文件", "the backup"),
    "dry-run": ("只说会做什么，什么也不写", "only say what would be done; write nothing"),
    "restore-yes": (
        "与备份不同的商机不再逐个问，全部换成备份里的（可以撤销）",
        "replace every deal that differs without asking (each can be undone)",
    ),
    "restore-settings": (
        "这里已有设置和方法手册时也换成备份里的（原来的会留着）",
        "replace settings and playbook too where there are any (yours are kept beside them)",
    ),
    "restore-partial": (
        "备份有损坏时，恢复其中完好的部分",
        "when the backup is damaged, restore what is whole in it",
    ),
    "doctor-repair": ("处理能处理的问题", "mend what can be mended"),
    "merge-deal": (
        "商机；省略则合并所有商机的副本",
        "a deal; without one the copies of all deals",
    ),
    "conflict": (
        "冲突：编号、开头几位或列表中的序号",
        "a conflict: its id, the start of one, or its number in the list",
    ),
    "keep": (
        "kept 保留商机里现在的值，lost 换成另一个值",
        "kept: what the deal has stays; lost: the other value takes its place",
    ),
    # Actions
    "action-ref": ("行动：编号、内容或列表中的序号", "an action: id, text or number in the list"),
    "action-add": ("添加行动", "Add an action"),
    "action-done": ("完成行动", "Mark an action as done"),
    "action-reopen": ("重新打开已完成的行动", "Reopen an action that was done"),
    "action-snooze": ("推迟行动", "Move an action to a later day"),
    "action-edit": ("修改行动", "Change an action"),
    "action-list": ("列出行动", "List actions"),
    "action-text": ("要做什么", "what to do"),
    "action-owner": ("谁来做（新行动默认是自己）", "who does it; of a new one you by default"),
    "action-list-deal": (
        "商机；省略则列出全部商机的行动",
        "a deal; without one the actions of all deals",
    ),
    "action-list-all": ("包括已完成的", "done ones too"),
    "due": ("截止日期：周五、明天、+3d、12月5号", "the due day: fri, tomorrow, +3d, Dec 5"),
    "agreed-with": ("客户方谁同意的", "who at the customer agreed to it"),
    "snooze-until": ("推迟到哪天", "the new day"),
    # Contacts
    "people-at": (
        "商机或客户：编号、编号开头或名称",
        "the deal or the customer: an id, the start of one, or a name",
    ),
    "person-ref": ("人：编号、编号开头或姓名", "the person: an id, the start of one, or a name"),
    "person-at": ("在哪个商机或客户里找", "the deal or customer to look in"),
    "person-show": (
        "查看一个人和他所在的商机",
        "Show a person and the deals with a part of theirs",
    ),
    "person-export": (
        "把关于一个人的一切写成 JSON",
        "Write everything that is held of a person as JSON",
    ),
    "person-erase": (
        "彻底抹去一个人的一切，不能撤销",
        "Erase everything of a person for good; it cannot be undone",
    ),
    "person-erase-yes": ("不问，直接抹去；要写这个人的姓名", "do not ask; takes the person's name"),
    "person-kept": ("留下的人", "the person whose record stays"),
    "person-other": ("另一个人", "the other person"),
    "contact-merge": ("把两个人的资料合成一个", "Make the records of two people one"),
    "contact-different": ("记住两个人不是同一个", "Remember that two people are two"),
    "contact-same": ("列出可能是同一个人的", "List people who may be one"),
    "merge-yes": ("不问，直接合并", "do not ask"),
    "contact-new": ("是另一个同名的人", "it is somebody else of that name"),
    "contact-stance": (
        "立场：for 支持我们，leaning 倾向，neutral 中立，against 反对，rival 支持对手，空 未知",
        "stance: for us, leaning, neutral, against us, for a rival, or empty",
    ),
    "contact-birthday": ("生日：1980-03-08 或 03-08", "birthday: 1980-03-08 or 03-08"),
    "other-name": ("别名，可以多次", "another name; may be repeated"),
    "remove-other-name": ("去掉一个别名", "take another name away"),
    "customer-list": ("列出客户", "List customers"),
    "customer-show": ("查看一个客户", "Show a customer"),
    "customer-people": ("列出客户的人", "List a customer's people"),
    "customer-new": ("新建客户", "Make a customer"),
    "customer-edit": ("修改名称和别名", "Change the name and other names"),
    "customer-rename": (
        "改名，旧名称成为别名",
        "Give another name; the earlier one becomes another name",
    ),
    "customer-note": ("给客户记一条笔记", "Add a note to a customer"),
    "customer-notes": ("列出客户的笔记", "List a customer's notes"),
    "customer-merge": ("把两个客户合成一个", "Make two customers one"),
    "customer-same": ("列出可能是同一家的客户", "List customers that may be one"),
    "customer-different": ("记住两个客户不是同一家", "Remember that two customers are two"),
    "customer-history": ("查看客户的时间线", "Show a customer's timeline"),
    "customer-undo": ("撤销客户最近一次改动", "Take back the latest change of a customer"),
    "customer-redo": ("重做刚撤销的改动", "Do again what was taken back"),
    "customer-conflicts": ("列出客户的冲突", "List a customer's conflicts"),
    "customer-settle": ("处理客户的一处冲突", "Settle a conflict of a customer"),
    "customer-arg-customer": (
        "客户：编号、编号开头、名称、别名或拼音",
        "the customer: an id, the start of one, a name, another name, or pinyin",
    ),
    "customer-arg-name": ("名称", "the name"),
    "customer-arg-kept": ("留下的客户", "the customer that stays"),
    "customer-arg-other": ("另一个客户", "the other customer"),
    "customer-text": (
        "要在名称里找的字，也可以是拼音",
        "words to look for in the names, also in pinyin",
    ),
    "customer-sort": ("次序", "the order"),
    "contact-add": ("添加联系人", "Add a contact"),
    "contact-edit": ("修改联系人", "Change a contact"),
    "contact-rung": ("设定关系阶段", "Set the relationship stage"),
    "contact-style": ("记录沟通风格", "Record a communication style"),
    "contact-left": ("标记为已离开", "Mark a contact as having left"),
    "contact-list": ("列出联系人", "List contacts"),
    "contact-arg-name": ("姓名", "the name"),
    "contact-arg-contact": (
        "联系人：编号、姓名或序号",
        "the contact: id, name or number in the list",
    ),
    "contact-arg-rung": (
        "关系阶段：stranger、acquaintance、engagement、confidence、alliance 或名称",
        "stranger, acquaintance, engagement, confidence, alliance, or a name",
    ),
    "contact-arg-style": (
        "沟通风格：analytical、amiable、expressive、driving 或名称",
        "analytical, amiable, expressive, driving, or a name",
    ),
    "contact-arg-level": (
        "级别：operator、manager、executive 或名称",
        "operator, manager, executive, or a name",
    ),
    "contact-arg-function": (
        "职能：using、technical、purchasing 或名称",
        "using, technical, purchasing, or a name",
    ),
    "contact-role": (
        "角色，可重复：initiator、decision-maker、user、designer、evaluator",
        "a role, may be repeated: initiator, decision-maker, user, designer, evaluator",
    ),
    "contact-title": ("职务", "job title"),
    "contact-department": ("部门", "department"),
    "contact-phone": ("电话", "phone"),
    "contact-email": ("邮箱", "e-mail"),
    "contact-note": ("备注", "a note"),
    "contact-reports-to": ("上级：向谁汇报", "whom they report to"),
    "contact-guide": ("是不是向导", "whether they are a guide"),
    "contact-key": ("手工标为关键客户", "mark as a key contact by hand"),
    # Playbook and settings
    "playbook-show": ("查看方法手册", "Show the playbook"),
    "playbook-validate": ("校验方法手册", "Check a playbook"),
    "playbook-path": ("正在使用的方法手册在哪里", "Show which playbook is used"),
    "playbook-copy": ("复制一份方法手册供修改", "Copy the playbook to make it your own"),
    "playbook-stage": ("只看这一式", "this stage alone"),
    "playbook-folder": (
        "要校验的文件夹（默认正在使用的）",
        "the folder to check (the one in use by default)",
    ),
    "playbook-target": ("复制到哪个文件夹", "the folder to copy to"),
    "config-show": ("查看设置", "Show the settings"),
    "config-edit": ("用编辑器打开设置文件", "Open the settings file in an editor"),
    "config-path": ("设置文件在哪里", "Show where the settings file is"),
    "config-set": ("修改一项设置", "Change one setting"),
    "config-key": ("设置的名字", "the setting's name"),
    "anyway": (
        "对可疑的内容（重名、已过的签约日、像电话的邮箱）不再询问",
        "save what looks odd (a second deal of that name, a close date gone by, a phone number for an e-mail) without a question",
    ),
    "config-value": ("新的值", "the new value"),
}
