"""What the help says about each screen."""

TEXTS: dict[str, tuple[str, str]] = {
    "keys-here": ("这个画面的按键", "Keys of this screen"),
    "keys-everywhere": ("到处可用", "Everywhere"),
    "lists": (
        "列表里: 上下箭头或 j k 移动，PgUp PgDn 翻页，Home End 到头尾，Enter 进入，Esc 返回。鼠标也可以。"
        "按键可以在 config.toml 的 [keymap] 里改。",
        "In lists: arrows or j k move, PgUp PgDn page, Home End go to the ends, Enter goes in, Esc goes back. "
        "The mouse works too. Keys can be changed under [keymap] in config.toml.",
    ),
    "customers-title": ("客户", "Customers"),
    "customers": (
        "每个客户一行：人数、进行中的商机、没做完的行动、最近一次记录。/ 按名称、别名或拼音搜索，s 换排序，Enter 打开。\n"
        "D 找名称相近、可能是同一家的客户：合并，或记住它们是两家。合并可以用 u 撤销。",
        "A row each: people, open deals, open actions, when something was last recorded. / searches by name, other name "
        "or pinyin, s sorts, Enter opens.\n"
        "D looks for customers that may be the same: merge them, or have it remembered that they are two. u takes a merge back.",
    ),
    "customer-title": ("一个客户", "A customer"),
    "customer": (
        "这个客户的人、商机和所有商机里没做完的行动。每个人只有一份资料：在这里改了，各个商机里都变。\n"
        "Enter 打开商机，或改光标下的人。m 把两个人合成一个，先让你看留下什么、让出什么。D 找可能重复的人。"
        "x 把关于一个人的一切写进文件，X 永久删除。",
        "The customer's people, its deals and the open actions of all of them. Everybody has one record: what is changed "
        "here is changed in every deal.\n"
        "Enter opens the deal, or changes the person under the cursor. m makes two people one and shows before what is kept "
        "and what gives way. D looks for people who may be the same. x writes all that is held of a person into a file, X erases it for good.",
    ),
    "form-title": ("表单", "A form"),
    "form": (
        "Tab 或 Enter 到下一项，Ctrl+G 或 F10 提交，Esc 离开；已经写了什么会先问。\n"
        "一行里原有的内容，直接打字就换掉；先移动光标就接着改。\n"
        "选择项: 左右箭头换，字母跳到以它开头的那一项，数字选定，Enter 列出全部。能选几项的: 箭头和字母移动标记，空格或数字勾选。",
        "Tab or Enter goes to the next field, Ctrl+G or F10 sends, Esc leaves and asks first if something was typed.\n"
        "What stands in a line is replaced when you type; move the cursor first to change it.\n"
        "A choice: left and right change it, letters jump to what begins with them, a number takes one, Enter lists all. "
        "Where several can be picked, arrows and letters move the mark, Space or a number ticks.",
    ),
    "choice-title": ("选一项", "Pick one"),
    "choice": (
        "箭头移动，Enter 选定，数字直接选，Esc 不选。",
        "Arrows move, Enter picks, a number picks at once, Esc picks nothing.",
    ),
    "upgrade-title": ("升级", "Upgrade"),
    "upgrade": (
        "早先的版本把一个人的资料放在每个商机里；现在只在客户那里放一份。先做备份，再逐个客户升级。Esc 停下，下次启动接着做，商机照样能用。",
        "An earlier version kept what is known of a person in every deal; now it stands once, with the customer. A backup is made first, then customer after customer is upgraded. Esc stops it, the next start goes on, and the deals can be used as ever.",
    ),
    "home-title": ("首页", "Home"),
    "home": (
        "今日: 所有商机里逾期、今天和七天内的行动，再往下是到了再看日子的商机、"
        "已赢单但服务或回款还没完的商机，和没有下一步的商机。\n"
        "商机、维护、已结束: 每行一个商机，显示现在第几式、完成几招、下一步和在这一式停了几天。\n"
        "底部是光标下那个商机最要紧的一步，和理由。",
        "Today: overdue actions, those of today and of the next seven days over all deals, then deals in nurture "
        "whose day has come, won ones of which service or payment is open, and deals without a next step.\n"
        "Deals, nurture, closed: a deal a row, with its stage, moves done, next step and days in the stage.\n"
        "At the bottom: the one step that matters most in the deal under the cursor, and why.",
    ),
    "deal-title": ("商机", "A deal"),
    "deal": (
        "左边是一式的四招和检查项，右边是光标所在项的指导、证据、工具和关口。\n"
        "{marks}\n"
        "行尾的 e2 是两条证据，n1 是一条笔记，! 是教练有质疑、还没有回应。式号后的 * 表示进行中，= 表示已结束。",
        "On the left a stage's four moves and their items, beside it guidance, evidence, tools and the gate.\n"
        "{marks}\n"
        "At a row's end e2 means two pieces of evidence, n1 one note, ! that a coach objects and nothing has answered him. After a stage's number * means open, = closed.",
    ),
    "gate-title": ("关口", "Gate"),
    "gate": (
        "每一式有开始标志和结束标志。缺什么列在这里，Enter 当场补上。",
        "Every stage has an entry and an exit marker. What is missing is listed; Enter fills it in.",
    ),
    "questions-title": ("四个问题", "The four questions"),
    "questions": (
        "判断机会的四个问题。答“是”要写依据：凭什么知道。没写依据的“是”不算数。",
        "The four questions that judge the opportunity. A yes needs its basis: what tells you so. Without one it does not count.",
    ),
    "contacts-title": ("联系人", "Contacts"),
    "contacts": (
        "每行一位: K 关键客户，G 向导，# 的个数是关系到了第几级，? 表示只是说法，! 表示教练有质疑。右边是怎样和他打交道、怎样再上一级。",
        "A person a row: K key contact, G guide, as many # as rungs climbed, with ? where that is only claimed and ! where a coach objects. Beside it: how to meet them and reach the next rung.",
    ),
    "actions-title": ("行动", "Actions"),
    "conflicts": (
        "两处同时改了同一项。商机里是后存的值；另一个值留在这里，等人来定。",
        "The same field was changed in two places. The deal has the one saved later; the other waits here.",
    ),
    "actions": ("未完成的按日期排，完成的在后面。", "Open ones by date, then what is done."),
    "timeline-title": ("时间线", "Timeline"),
    "timeline": (
        "每次修改和每条笔记，最新的在上。自己最近 100 个动作可以撤销，重启后也可以。",
        "Every change and every note, latest first. Your last 100 changes can be undone, also after a restart.",
    ),
}
