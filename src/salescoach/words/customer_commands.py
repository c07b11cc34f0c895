"""What the shell says of customers and of people's whole records."""

TEXTS: dict[str, tuple[str, str]] = {
    "no-customers": ("没有这样的客户。", "There are no such customers."),
    "unreadable": (
        "有 {count} 个客户文件读不出来：salescoach doctor",
        "Customers that cannot be read: {count}. See salescoach doctor",
    ),
    "made": ("已建立客户“{name}”，编号 {id}。", "Made the customer '{name}', id {id}."),
    "known": (
        "客户“{name}”（{id}）已经有了，没有改动。",
        "The customer '{name}' ({id}) is there already; nothing was changed.",
    ),
    "changed": ("已修改客户“{name}”。", "Changed the customer '{name}'."),
    "no-notes": ("没有笔记。", "No notes."),
    "taken": (
        "“{asked}”就是客户“{name}”（{id}）。",
        "'{asked}' is the customer '{name}' ({id}).",
    ),
    "did-you-mean": (
        "没有客户“{asked}”。是“{name}”（{id}）吗？[y/n]",
        "There is no customer '{asked}'. Did you mean '{name}' ({id})? [y/n]",
    ),
    "near": (
        "“{asked}”是新客户；已有一个相近的：{name}（{id}）。如果是同一个：salescoach customer merge {id} {asked}",
        "'{asked}' is a new customer; there is one much like it: {name} ({id}). If they are the same: salescoach customer merge {id} '{asked}'",
    ),
    "needs-deal": (
        "{option} 说的是在一个商机里的情况：请写商机，不要写客户。",
        "{option} is about the part in a deal: name a deal, not a customer.",
    ),
    "no-record": (
        "“{name}”的客户文件读不出来：salescoach doctor",
        "The customer of '{name}' cannot be read: see salescoach doctor",
    ),
    "involved": (
        "客户已有 {name}（{id}）：把他加进这个商机。如果是另一个同名的人，用 --new。",
        "The customer has {name} ({id}) already: made a stakeholder of this deal. For somebody else of that name use --new.",
    ),
    "two-people": ("记住了：他们是两个人。", "Remembered: they are two people."),
    "two-customers": ("记住了：它们是两个客户。", "Remembered: they are two customers."),
    "merge-customers": (
        "“{gone}”的 {people} 人、{deals} 个商机和笔记都归“{kept}”，名称成为别名。",
        "The {people} people, {deals} deals and notes of '{gone}' go to '{kept}', its name becomes another name.",
    ),
    "merge-ask": (
        "把“{gone}”合到“{kept}”吗？可以撤销。[y/n]",
        "Make '{gone}' one with '{kept}'? It can be undone. [y/n]",
    ),
    "merge-needs-yes": ("没有合并：确实要合并就加 --yes", "Nothing was merged: add --yes to do it"),
    "merged": (
        "合成了一个：{name}（{id}）。撤销：salescoach customer undo {id}",
        "Made one: {name} ({id}). To take it back: salescoach customer undo {id}",
    ),
    "why-name": ("名称相同", "the same name"),
    "why-other-name": ("别名相同", "the same other name"),
    "why-legal-form": ("只差公司类型", "only the legal form differs"),
    "why-contains": ("一个名称里有另一个", "one name is in the other"),
    "why-pinyin": ("拼音相同", "spelled alike in pinyin"),
    "why-short-name": ("一个是另一个的简称", "one is a short form of the other"),
    "why-reach": ("电话或邮箱相同", "the same phone or e-mail"),
    "why-against": ("{why}；不同的是：{fields}", "{why}; different: {fields}"),
    "erase-what": (
        "要抹去 {name}（客户“{customer}”，{deals} 个商机）的一切：资料、笔记、提到的地方、旧版本。不能撤销。",
        "Everything of {name} goes (customer '{customer}', deals: {deals}): the record, notes, mentions, old versions. It cannot be undone.",
    ),
    "erase-ask": ("请输入姓名“{name}”确认：", "Type the name '{name}' to go on:"),
    "erase-needs-yes": (
        "没有抹去：确实要抹去就加 --yes “{name}”",
        "Nothing was erased: add --yes '{name}' to do it",
    ),
    "erase-not": ("没有抹去：姓名不对。", "Nothing was erased: that is not the name."),
    "erase-other-name": (
        "--yes 后面要写这个人的姓名：{name}",
        "--yes takes the name of the person: {name}",
    ),
    "erased": ("已抹去 {name}（{id}）的一切。", "Erased everything of {name} ({id})."),
    "erased-versions": (
        "{kind} {id}：去掉了 {count} 个旧版本，撤销不再能回到那之前",
        "{kind} {id}: old versions that went: {count}; undo leads back no further",
    ),
    "erased-files": (
        "另外去掉 {removed} 个文件，改写 {rewritten} 个",
        "Other files that went: {removed}; that were rewritten: {rewritten}",
    ),
    "erased-left": (
        "这个文件还有这个人，没能改：{path}",
        "This file still tells of the person and could not be changed: {path}",
    ),
    "erased-backup": (
        "这个备份里还有这个人，请自己决定留不留：{path}",
        "This backup still holds the person; whether to keep it is for you to decide: {path}",
    ),
    "erased-elsewhere": (
        "别的客户那里也提到这样一个人，没有改：{kind} {id}",
        "Somebody like that is named at another customer, too, and was let be: {kind} {id}",
    ),
}
