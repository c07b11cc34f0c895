"""Every fact of the method is found in the packaged edition, in Chinese and in English, in the place it belongs to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import get_args

import pytest
from pydantic import BaseModel

from salescoach.playbook import lookup
from salescoach.playbook.lookup import fitting
from salescoach.playbook.models import Check, Head, Item, Marker, Playbook, Text
from salescoach.text import cell_width
from salescoach.words import LANGS

# Where: `playbook` (what it says of the whole), `stage:KEY` (without its moves), `move:KEY`, `tool:KEY` or
# `tool:KEY/ENTRY`. All words of a row, separated by `+`, must be in the texts of that place.
FACTS = """
playbook | 需求+信赖+价值+价格+体验 | five factors+need+trust+value+price+experience
playbook | 五个都满足才能赢 | satisfying all five
playbook | 资料收集+六式 | gathering of facts+six stages
playbook | 四个具体行为+二十四招 | four concrete behaviours+twenty-four moves
playbook | 大客户+基本流程 | base process+large customers
playbook | 心态+内功+根基 | attitude+inner strength
playbook | 销售技巧+辅助 | sales skill assists
playbook | 简单销售+周期短+没有正式谈判 | simple sale+short-cycle+no formal negotiation
playbook | 第 0 步 | step 0
playbook | 默认 30 天+合同额的 10% | 30 days+10% of the contract
playbook | 礼品从来不算进展+公司限额+合规警告+反贿赂 | gift is never progress+company's limits+compliance warning+anti-bribery law
playbook | 前提+沟通风格+不单列一招 | precondition+communication style+not a move
playbook | 第三式就可以开始+第二式可以同时开着 | stage 3 may open+stage 2 can stay open
playbook | 让步一次比一次小+底线和期望算出来 | each is smaller than the one before+computed from the deal
playbook | 两半 | two halves
playbook | 只说自己可以说的 | shares only what they are free to share
stage:customer-analysis | 锁定+目标客户 | target customer is fixed on
stage:customer-analysis | 明确的销售机会+属实 | definite sales opportunity+judged real
stage:customer-analysis | 钱、时间和精力有限 | money, time and energy are limited
stage:customer-analysis | 真正的目标+销售计划 | real targets+plan the sale
stage:building-trust | 有明确的销售机会 | definite sales opportunity
stage:building-trust | 与关键客户建立了良好的关系 | relationships with the key contacts are good
stage:building-trust | 由低到高+认识、约会、信赖、同盟 | low to high+acquaintance, engagement, confidence, alliance
stage:building-trust | 组合+各种活动+快速 | mix of activities+fast
stage:building-trust | 前提+沟通风格 | communication style
stage:building-trust | 约会以上+第三式 | engagement or higher+stage 3
stage:uncovering-needs | 约会+或更高 | engagement or higher
stage:uncovering-needs | 需求已经明确+书面 | needs are explicit+in writing
stage:uncovering-needs | 愿景+问题和障碍+产品要求+就是需求 | vision+problems and obstacles+product requirements+is the need
stage:uncovering-needs | 全面、完整、深入、有共识 | completely, wholly, deeply and with consensus
stage:uncovering-needs | 需求背后的需求 | need behind the need
stage:presenting-value | 需求已经明确+书面 | needs are explicit+in writing
stage:presenting-value | 商务谈判开始 | commercial negotiation begins
stage:presenting-value | 不只是我们和客户两方+好一点点+白费 | not between us and the customer alone+a little better+undoes all
stage:presenting-value | 从竞争分析得出策略 | strategy from competitive analysis
stage:winning-commitment | 商务谈判开始 | commercial negotiation begins
stage:winning-commitment | 协议签订 | agreement is signed
stage:winning-commitment | 价格始终是焦点+每一项承诺 | price is always in focus+every other promise
stage:winning-commitment | 简单销售+大额采购走另一条路 | simple sale+large purchase takes a different road
stage:follow-up | 协议签订 | agreement is signed
stage:follow-up | 付清全部款项 | paid everything
stage:follow-up | 签约不是终点 | signing is not the end
stage:follow-up | 三个目标+留住老客户+带来新客户+账款 | three goals+keeps old customers+refer new ones+money comes in
move:develop-guides | 最了解客户的人就在客户内部 | know a customer best work there
move:develop-guides | 认可我们的价值+愿意把情况告诉 | insider who recognises our value+willing to tell
move:develop-guides | 先易后难 | easy before hard
move:develop-guides | 先低后高 | low level before high
move:develop-guides | 由点到面 | single points before the whole area
move:develop-guides | 信息网 | network of information
move:develop-guides | 没有项目+维系这些关系 | no opportunity is open+keeping these relationships alive
move:develop-guides | 过节问候+几乎不花成本 | greeting at a festival+almost nothing
move:develop-guides | 只说他可以说的 | only what they are free to share
move:gather-facts | 事实加需求 | facts plus needs
move:gather-facts | 关心的是自己的需求 | care about their needs
move:gather-facts | 事实要在见面之前收好 | gather the facts before you meet
move:gather-facts | 已经发生的结果+基本不变 | already happened and hardly change
move:gather-facts | 需求在采购过程中一直在变 | needs keep changing
move:gather-facts | 五类+背景、使用现状、组织、个人、竞争对手 | five kinds+background, current use, organisation, people, competitors
tool:facts/background | 电话、地址、网址、电子邮件 | phone, address, website, e-mail
tool:facts/background | 主营业务 | line of business
tool:facts/background | 经营状况+财务状况 | operating position+financial position
tool:facts/current-use | 同类产品和服务+竞争对手的都要写 | similar products and services in use+competitors
tool:facts/current-use | 用途 | what they are used for
tool:facts/current-use | 最近的采购计划+要解决的问题 | latest purchasing plan+problem the plan is to solve
tool:facts/organisation-facts | 与采购有关的部门+职能+负责人 | departments tied to the purchase+does+heads
tool:facts/organisation-facts | 汇报关系+制约关系 | who reports to whom+who checks whom
tool:facts/personal | 家庭、家乡、毕业院校、专业 | family, home town, university, subject
tool:facts/personal | 运动、餐馆和饮食、书籍和杂志 | sports, restaurants and food, books and magazines
tool:facts/personal | 度假+旅行 | holiday plans and travel
tool:facts/personal | 和谁要好+对头 | friends and rivals
tool:facts/competitors | 产品的使用情况+满意度 | their products in use+satisfaction with them
tool:facts/competitors | 销售代表+销售风格 | rep's name+selling style
tool:facts/competitors | 人脉+和客户方哪些人来往 | rep's relations+whom at the customer
move:analyse-organisation | 销售是和人打交道 | selling is about people
move:analyse-organisation | 所有可能与采购有关的人+绝不盲目开始 | everyone who may touch the purchase+never start blind
move:analyse-organisation | 级别、职能、角色三个维度 | level, function and role
tool:organisation/operator | 每天接触产品+最终使用者 | touch the product every day+final users
tool:organisation/operator | 定不了采购+最有发言权 | cannot decide+strongest voice
tool:organisation/operator | 人数多+意见会影响采购 | many of them+opinion affects the purchase
tool:organisation/operator | 最终决定我们在这家客户的份额 | finally determines our share
tool:organisation/operator | 拉进采购过程+直接影响 | drawn into the purchase+directly
tool:organisation/manager | 中小额采购+下放签字权 | small or medium purchase+delegates signing authority
tool:organisation/manager | 大额采购+代表本部门说话 | large purchase+speak for their own
tool:organisation/manager | 定不了+可以否决 | cannot decide+can veto
tool:organisation/executive | 定战略、建组织、优化流程 | set strategy, build the organisation and optimise processes
tool:organisation/executive | 一项投资 | an investment
tool:organisation/executive | 不重要的采购+授权 | delegate what is unimportant
tool:organisation/executive | 决定权始终在他们手里 | decision always stays with them
tool:organisation/executive | 买不买、何时买、预算多少、选哪家、签不签 | whether to buy, when, on what budget, from which supplier, and signing
tool:organisation/using | 最先提出+最后评判 | first to ask+last to judge
tool:organisation/using | 整个采购过程都在场 | throughout the purchase
tool:organisation/technical | 规划采购+维护 | plans the purchase+maintains what was bought
tool:organisation/technical | 常规物品+自己就买 | buys routine items itself
tool:organisation/purchasing | 各行业不同+财务 | names differ by industry+finance
tool:organisation/purchasing | 集中采购+降低成本+更好的条件 | central purchasing lowers cost+better terms
tool:organisation/purchasing | 按采购指标比较、评估和谈判 | compares, evaluates and negotiates by the purchasing criteria
tool:organisation/initiator | 严重的问题而提出采购 | proposes the purchase because of a serious problem
tool:organisation/initiator | 使用部门+战略性+决策层 | using department+strategic+executive
tool:organisation/initiator | 来自员工+留住好员工 | from employees+keep good employees
tool:organisation/initiator | 可能的发起者+新的订单 | possible initiator+new order
tool:organisation/decision-maker | 预算+上不上+供应商+高层领导 | budget+go or no-go+supplier+senior leader
tool:organisation/user | 整个采购过程都在+重要的影响者 | whole process+important influencer
tool:organisation/user | 发起者+设计组或评估组 | initiator+design or evaluation group
tool:organisation/user | 满不满意+很大程度上由他决定 | largely decides how satisfied
tool:organisation/designer | 规划买什么+小组 | plans what to buy+may be a group
tool:organisation/designer | 简单的采购不需要+仔细设计 | simple purchase needs none+careful design
tool:organisation/designer | 采购动机变成采购指标 | turns the motive into purchasing criteria
tool:organisation/evaluator | 评判各家方案+人或小组 | person or group that judges the proposals
tool:organisation/evaluator | 可能就是设计者，也可能不是 | may or may not be the designers
tool:organisation/evaluator | 按设计者定的指标+方案和承诺 | solutions and promises+by the designers' criteria
move:judge-opportunity | 分水岭 | watershed
move:judge-opportunity | 有没有机会+有没有解决方案+能不能赢+值不值得赢 | is there an opportunity+do we have a solution+can we win+is it worth winning
move:judge-opportunity | 机会明确+马上进入第二式 | definite opportunity+stage 2 at once
move:judge-opportunity | 暂时没有+留在第一式，维系关系 | none for now+stay in stage 1+relationships warm
tool:opportunity | 有没有机会+有没有解决方案+能不能赢+值不值得赢 | is there an opportunity+do we have a solution+can we win+is it worth winning
move:acquaintance | 叫出你的名字 | call you by name
move:acquaintance | 电话+拜访先约好时间和地点 | phone+visit at an agreed time and place
move:acquaintance | 喜欢的小礼品+合法、符合公司规定 | small gift the contact likes+lawful, within company rules
move:acquaintance | 衣着言谈专业 | look and sound professional
tool:relationship/acquaintance | 能叫出你的名字 | call you by name
tool:relationship/acquaintance | 电话+约好时间和地点+小礼品+合法 | phone+agreed time and place+small gifts+lawful
tool:relationship/acquaintance | 言谈专业 | professional appearance helps
move:engagement | 互动+接受邀请+第三地 | interact+accept an invitation to a third place
move:engagement | 便饭、喝杯茶 | meal or a cup of tea
tool:relationship/engagement | 接受邀请到第三地 | accepting an invitation to a third place
tool:relationship/engagement | 商务活动+便饭、喝杯茶 | business occasions+meal or a cup of tea
tool:relationship/engagement | 我们公司+成功客户 | our company+successful customer
tool:relationship/engagement | 展会、发布会、演示、讲座 | exhibition, launch, demonstration or talk
tool:relationship/engagement | 测试环境和样品 | test environment and samples
tool:relationship/confidence | 个人明确而坚定地支持+更私人的活动 | personal, clear and firm support+more private activities
tool:relationship/confidence | 聚餐、运动、看比赛、娱乐 | dinner, sport, a match, entertainment
tool:relationship/confidence | 家人+有来有往 | family+both ways
tool:relationship/confidence | 异地参观 | visit out of town
tool:relationship/confidence | 贵重礼品+合规警告+反贿赂 | valuable gifts+compliance warning+anti-bribery
move:confidence | 明确而坚定的支持+更私人 | personal, clear and firm support+more private
move:confidence | 社交活动+家庭活动+异地参观 | social events+family occasions+visit out of town
tool:relationship/alliance | 传递资料、安排会面、决策时公开替我们说话 | shares material, arranges meetings, speaks openly for us at the decision
tool:relationship/alliance | 穿针引线+同事和领导 | introduc+colleagues and leaders
tool:relationship/alliance | 成为向导+持续提供 | guide+steady flow of the information
tool:relationship/alliance | 决策+坚定+我们的方案 | stands up firmly for our solution at the decision
move:alliance | 穿针引线 | introductions to colleagues and leaders
tool:styles | 没有好坏之分 | none of the four is better or worse
tool:styles | 重叠+不同的时候+写日期 | overlap+different times+carries its date
tool:styles | 合适的方式回应+推进关系的前提 | respond fittingly+precondition of moving a relationship on
tool:styles/analytical | 有礼貌，内敛+逻辑+事实+负责任 | polite, reserved+logical+factual+responsible
tool:styles/analytical | 精确+完美+勤奋、细心、有毅力、有条理 | precise+perfectionist+diligent, careful, persistent, orderly
tool:styles/analytical | 封闭、少情趣、孤僻+忧郁 | closed, little fun, withdrawn, sometimes gloomy
tool:styles/analytical | 过分追求完美，不肯冒险 | perfectionism in the extreme; takes no risks
tool:styles/analytical | 迟疑说明资料还没分析完 | hesitation means the data is not fully analysed yet
tool:styles/analytical | 准确+快乐+怕出错，怕受责备 | joy in exactness+being wrong and being blamed
tool:styles/analytical | 有系统、完整、经过考虑、准确 | systematic, complete, considered and accurate
tool:styles/analytical | “怎么”的问题+事实和分析+尊重逻辑 | questions that begin with how+facts and analysis+honour logic
tool:styles/analytical | 不要太热络+不要催，要点可以重复 | not be too familiar+not rush; repeat your points
tool:styles/analytical | 思考的时间+证据+称赞他工作准确 | time to think+plenty of proof+praise accurate work
tool:styles/amiable | 有恒心、忠诚、勤恳+别人放弃时仍能坚持 | devoted, persistent, loyal, hard-working+carries on when others stop
tool:styles/amiable | 合作、随和、可靠+倾听 | cooperative, easy, trustworthy, responsive+good listener
tool:styles/amiable | 犹豫，不敢冒险+在意别人的看法，守旧，被动 | hesitant and unadventurous+weighs others' opinion too much; conventional, passive
tool:styles/amiable | 不为自己说话，过分顺从+反反复复 | not speak up for self; over-compliant+back and forth on decisions
tool:styles/amiable | 稳定与合作+怕变化，怕混乱 | stability and cooperation+change and disorder
tool:styles/amiable | 轻松随和，多听+维持现状+可以预料 | relaxed and easy, and listen well+keep things as they are+predictable
tool:styles/amiable | 书面的准则+具体的计划 | concrete plans+written guidelines
tool:styles/amiable | 公开地表示赞同+“我们”+团队精神+绝不逼他、催他 | agree openly and often+say we+team spirit+never push or hurry
tool:styles/expressive | 口才好，有魅力+热心，乐于助人，善于交际+先人后事 | eloquent and charming+warm, helpful, sociable+people come before tasks
tool:styles/expressive | 没耐心，以偏概全+说话伤人+不理智 | impatient; generalises+cutting words; sometimes irrational
tool:styles/expressive | 自私、有心计、记仇+缺乏条理+摩擦 | selfish, scheming or vengeful+disorganised+friction
tool:styles/expressive | 被接纳，受称赞+怕被冷落 | acceptance and praise+being left out
tool:styles/expressive | 关系处好+更有光彩 | build the relationship+improves their image
tool:styles/expressive | 热情、坦率，有问必答+讲新闻、讲故事、讲经历 | warm and open, and answer everything+news, stories and experience
tool:styles/expressive | 友好健谈+“是谁”+容易接近 | friendly and talkative+begin with who+warm and approachable
tool:styles/driving | 有雄心，闲不住，敢冒险，是行动派 | ambitious, restless, risk-taking, a doer
tool:styles/driving | 外向，意志坚强，果断+有条理，务实，直率 | outgoing, strong-willed, decisive+orderly, practical, direct
tool:styles/driving | 先看任务和快速的结果，再看关系 | tasks and quick results come before relations
tool:styles/driving | 固执己见，独断+没耐心，不体谅人，脾气急+不顾形式和细节 | opinionated and autocratic+impatient, insensitive, short-tempered+neglects form and detail
tool:styles/driving | 要求高，爱控制，不妥协+傲慢冷漠 | demanding, controlling, uncompromising+arrogant and cold
tool:styles/driving | 权力、掌控和尊重+失去尊重，怕没有结果，怕被人利用 | power, control and respect+losing respect, getting no result, being used
tool:styles/driving | 掌握主动+紧扣任务和预期的结果 | give them control+stick to the task and the expected results
tool:styles/driving | 公事公办，有凭有据，简洁有条理+“是什么” | businesslike, evidenced, concise and orderly+begin with what
tool:styles/driving | 讲事实，不讲感受+不在细节上耗时间+选项 | facts, not feelings+no time on detail+offer options
move:goals | 近期+增长、利润、资产效率 | near-term goals+growth, profit, asset efficiency
move:problems | 已经遇到+可能还会遇到+与我们产品有关 | has got in the way so far and what may yet+our products bear on
move:solution | 问题分析、总体方案、实施步骤、产品和服务什么时候投入使用 | problem analysis, overall solution, steps, and when products and services come into use
move:requirements | 产品和服务+采购指标 | products and services+purchasing criteria
move:requirements | 前一半+后一半+写细、写出数字 | first half+second half+in detail and in figures
tool:needs/goals | 近期+增长、利润、资产效率 | near term+growth, profit and asset efficiency
tool:needs/problems | 已经遇到或可能遇到+与我们的产品有关 | stands, or may come to stand+our products bear on
tool:needs/solution | 问题分析、总体方案、实施步骤+投入使用 | problem analysis, overall solution, steps+come into use
tool:needs/products | 方案里需要采购的产品和服务 | products and services that the solution needs bought
tool:needs/criteria | 详细、可量化 | detailed, quantified demands
tool:needs | 全面+完整+深入+有共识 | complete+whole+deep+agreed
tool:phases | 贯穿整个商机 | span the whole deal
tool:phases/need-found | 发起者意识到+自己定不了+向决策者提出申请 | initiator realises+cannot decide+apply to the decision-maker
tool:phases/internal-deliberation | 决策者决定+要不要买，什么时候买，预算多少 | decision-maker+whether to buy, when, and with what budget
tool:phases/purchase-design | 规划解决方案，并通知供应商 | plans the solution and notifies suppliers
tool:phases/evaluation | 各家介绍、比较各家建议书+进入谈判 | talks and proposals+better ones go on to negotiation
tool:phases/commitment | 价格、到货、服务、付款条件和违约+书面合同 | price, delivery, service, payment terms and breach+written contract is signed
tool:phases/implementation | 按合同交货+验收、安装+开始使用 | delivered by the contract, accepted and installed together with the supplier+use begins
move:competitive-analysis | 优势和劣势 | strengths and weaknesses
move:competitive-analysis | 哪位客户的哪个需求 | which need of which contact
move:competitive-analysis | 会影响到谁 | whom does it hurt
move:competitive-strategy | 每位客户定一份行动计划 | action plan for each contact
move:competitive-strategy | 得益的人+讲清楚 | explain each strength to those who gain
move:competitive-strategy | 补救办法+谈透 | remedy+talk it through
move:competitive-strategy | 支持者在决策时主动提出我们的好处 | at the decision supporters bring up our benefits themselves
move:proposal | 围绕客户需求 | around the customer's needs
tool:proposal/background | 背景+现状+趋势+突出机会+期待+一段以内 | background, present state and trend+stress the opportunity+hopes+one paragraph
tool:proposal/problems | 写深写透+对客户前景的危害 | deeply and thoroughly+harm+customer's prospects
tool:proposal/solution | 概述、产品、实施计划和服务体系+怎样解决 | overview, products, implementation plan and service system+how it solves the problem
tool:proposal/quotation | 每一项产品和服务+分类+合计+看得懂、算得出、便于确认 | every product and service+by category+summed+easy to follow, calculate and confirm
tool:proposal/credentials | 营业执照、产品规格资料和公司简介 | business licence, product specifications and company profile
move:presentation | 投标时尤其重要 | in a tender it matters most
tool:talk/opening | 先用目光+再开口+看得见+点头致意+重要来宾 | eye contact before+everybody can see you+nod to the people you know and to important guests
tool:talk/attention | 目光都在你身上+一分钟+故事或一个问题 | all eyes are on you+within a minute+telling story or a question
tool:talk/thanks | 引出主题之后+感谢和欢迎 | once the topic is introduced+thank+welcome
tool:talk/value | 有价值的东西才来+简短 | hoping to hear something valuable+briefly
tool:talk/agenda | 跟得上+重复重点而不显得混乱 | follow more easily+repeat the key points without confusing
tool:talk/body | 大部分时间，但不放在开头+三到五个要点+分层展开 | most of the time but never comes first+three to five points+nested beneath
tool:talk/body | 数据和好故事 | data and good stories
tool:talk/summary | 重复一遍要点+引到 | repeat the points and lead over
tool:talk/call-to-action | 关键+十足的信心+有感染力+正确的决定 | crux+full confidence+rousing words+right decision now
move:buying-signals | 细问价格、服务条款、产品功能+明确的购买信号 | detailed questions about price, service terms or product functions+clear buying signals
move:buying-signals | 看见得快+转入下一招 | quickly+move straight on
move:closing | 暗示+自然+不惹人烦 | by hints and naturally, without annoying
tool:closing | 直接建议法+选择法+限时促销法+总结利益法 | direct suggestion+alternatives+limited-time offer+summary of benefits
tool:closing | 简单销售+周期短、没有正式谈判 | simple sale, short-cycle and without formal negotiation
move:upsell | 真实需求+相关的产品+更多收入和利润 | real needs+related products+more revenue and profit
move:negotiation | 价格、付款条件、交货时间和服务条款 | price, payment terms, delivery time and service terms
tool:negotiation/preparation | 谁做什么+底线和期望的结果 | who does what+bottom line and the result we expect
tool:negotiation/positions | 别卡在价格上+利益和轻重次序 | not get stuck on price+interests at the table and their order of importance
tool:negotiation/positions | 价格和相关费用、配置、付款方式、使用期限、交货和安装日期、技术支持和服务、赔偿条款 | price and related costs, configuration, payment method, period of use, delivery and installation date, technical support and service, compensation clauses
tool:negotiation/trading | 共同点+先换双方都容易给的 | common ground+trade first where both sides give easily
tool:negotiation/trading | 对我们不重要、对他们重要+对我们重要、对他们不重要+双赢 | unimportant to us and important to them+important to us and unimportant to them+both sides win
tool:negotiation/concessions | 底线+方式和幅度+信号+逐步减小 | bottom line+manner and the size+signal+shrink step by step
tool:negotiation/leaving-the-table | 僵局+破裂+对方让步的前奏 | deadlock may break the talks+prelude to the other side's concession
tool:negotiation/leaving-the-table | 统一口径，不随意让步+诚意+愿意再谈 | unify our position+no random concession+goodwill and readiness to talk
tool:negotiation/leaving-the-table | 理想的协议很少在桌上谈成+走出对抗 | ideal agreement is seldom reached at the table+escape the confrontation
tool:negotiation/agreement | 精疲力尽+耐心+逐条确认+文字+书面承诺 | exhausted+patient+one by one+in writing+written commitment
move:satisfaction | 费用和时间可以只有新客户的一半，利润还更高 | half the cost and time, at a higher profit
move:satisfaction | 不满意的隐患 | hidden causes of dissatisfaction
move:satisfaction | 到货、产品验收、开始使用、处理投诉 | delivery through acceptance and first use to complaints
tool:service | 到货+产品验收+开始使用+处理投诉 | delivery+acceptance+first use+complaints
move:referral-list | 推广政策+满意的客户+名单 | promotion policy+satisfied customers+list of prospects
move:referral-list | 推荐成功后客户能得到的好处 | what they gain once a referral succeeds
move:referral-selling | 被推荐的客户+新的销售 | new sales cycle with the referred customer
move:referral-selling | 口碑+圈子里传开 | word of mouth spread in your circle
move:receivables | 先找原因 | find the cause first
tool:receivables/fraud | 官司打赢了，也很少能全部追回 | won lawsuit rarely recovers it all
tool:receivables/fraud | 售前预防+信用核查+营业执照+账户和往来 | prevention before the sale+check credit+business licence+account and dealings
tool:receivables/fraud | 专业的金融风险公司 | professional financial-risk firm
tool:receivables/own-fault | 交货晚了、验收没通过 | delivery was late or acceptance failed
tool:receivables/own-fault | 马上和公司一起解决+损失降到最小+再去收款 | with the company at once+loss small+collect once that is done
tool:receivables/unwilling | 先付给收得最严 | pay the strictest collector first
tool:receivables | 先付谁+严格管理 | collects most strictly+manage receivables firmly
tool:receivables/short-small | 财务按正常程序催收 | finance collects in the normal way
tool:receivables/short-large | 销售代表亲自 | rep collects in person
tool:receivables/long-small | 催款函逐级升级 | dunning letters escalate level by level
tool:receivables/long-large | 与公司商定特别措施 | agrees special measures with the company
tool:receivables | 默认 30 天、合同额的 10% | 30 days and 10% of the contract
"""
ROWS = [tuple(cell.strip() for cell in line.split("|")) for line in FACTS.strip().splitlines()]


def texts(part: object, *, without: tuple[str, ...] = ()) -> Iterator[Text]:
    """Yield every text in a part of the playbook."""
    if isinstance(part, Text):
        yield part
    elif isinstance(part, BaseModel):
        for field in type(part).model_fields:
            if field not in without:
                yield from texts(getattr(part, field))
    elif isinstance(part, tuple):
        for inner in part:
            yield from texts(inner)


def entry(part: object, key: str) -> BaseModel | None:
    """Return the entry with this key anywhere below a part."""
    if isinstance(part, BaseModel) and not isinstance(part, Text):
        if getattr(part, "key", None) == key:
            return part
        part = tuple(getattr(part, field) for field in type(part).model_fields)
    if isinstance(part, tuple):
        return next((found for inner in part if (found := entry(inner, key)) is not None), None)
    return None


def said_at(playbook: Playbook, where: str) -> list[Text]:
    kind, _, key = where.partition(":")
    if kind == "playbook":
        return [text for field in Head.model_fields for text in texts(getattr(playbook, field))]
    if kind == "stage":
        return list(texts(lookup.stage_of(playbook, key), without=("moves",)))
    if kind == "move":
        return list(texts(lookup.move_of(playbook, key)))
    tool, _, inner = key.partition("/")
    part = getattr(playbook.tools, tool)
    if inner:
        part = entry(tuple(getattr(part, field) for field in type(part).model_fields), inner)
        assert part is not None, where
    return list(texts(part))


def test_the_table_has_the_facts_of_the_whole_method() -> None:
    assert all(len(row) == 3 and all(row) for row in ROWS)
    assert len(ROWS) >= 150
    assert len({row[0] for row in ROWS if row[0].startswith("move:")}) == 24
    assert len({row[0] for row in ROWS if row[0].startswith("stage:")}) == 6


@pytest.mark.parametrize(("where", "zh", "en"), ROWS)
def test_every_fact_is_told_in_both_languages(
    cuilong: Playbook, where: str, zh: str, en: str
) -> None:
    said = said_at(cuilong, where)
    chinese = "\n".join(text.zh for text in said)
    english = "\n".join(text.en for text in said).casefold()
    assert [word for word in zh.split("+") if word not in chinese] == []
    assert [word for word in en.split("+") if word.casefold() not in english] == []


def test_six_stages_of_four_moves_in_their_order(cuilong: Playbook) -> None:
    assert [
        (stage.name.zh, [move.name.zh for move in stage.moves]) for stage in cuilong.stages
    ] == [
        ("客户分析", ["发展向导", "收集资料", "组织结构分析", "判断销售机会"]),
        ("建立信任", ["认识", "约会", "信赖", "同盟"]),
        ("挖掘需求", ["目标和愿望", "问题和障碍", "解决方案", "产品要求"]),
        ("呈现价值", ["竞争分析", "竞争策略", "制作建议书", "呈现方案"]),
        ("赢取承诺", ["识别购买信号", "促成交易", "增值销售", "谈判"]),
        ("跟进服务", ["巩固满意度", "索取推荐名单", "转介绍销售", "回收账款"]),
    ]


def test_each_move_has_three_to_six_items_and_about_a_hundred_in_all(cuilong: Playbook) -> None:
    for stage in cuilong.stages:
        for move in stage.moves:
            assert 3 <= len(move.items) <= 6, move.key
            assert 3 <= len(move.how) <= 6, move.key
            assert 2 <= len(move.pitfalls) <= 4, move.key
            assert 3 <= len(move.questions) <= 5, move.key
            assert any(item.required for item in move.items), move.key
    assert 90 <= len(cuilong.places) <= 120


def test_every_check_is_used_and_the_gates_stand_as_the_method_says(cuilong: Playbook) -> None:
    used = {place.item.auto for place in cuilong.places.values()}
    used |= {stage.exit.auto for stage in cuilong.stages}
    assert used >= set(get_args(Check)) - {None}
    entries = [(stage.entry.auto, stage.entry.follows) for stage in cuilong.stages]
    assert entries == [
        (None, False),
        (None, True),
        ("key-contacts-engaged", False),
        *[(None, True)] * 3,
    ]
    assert [stage.exit.auto for stage in cuilong.stages] == [
        "four-questions",
        *[None] * 3,
        "agreement-signed",
        None,
    ]
    assert [stage.beside for stage in cuilong.stages] == [(), ("uncovering-needs",), *[()] * 4]


def test_a_simple_deal_has_something_to_do_in_every_move_but_the_negotiation(
    cuilong: Playbook,
) -> None:
    for stage in cuilong.stages:
        for move in stage.moves:
            assert bool(lookup.items_for(move, "simple")) == (move.key != "negotiation"), move.key


def test_the_vocabularies_have_the_keys_that_deals_refer_to(cuilong: Playbook) -> None:
    tools = cuilong.tools
    keys = {
        "levels": [level.key for level in tools.organisation.levels],
        "functions": [function.key for function in tools.organisation.functions],
        "roles": [role.key for role in tools.organisation.roles],
        "rungs": [rung.key for rung in tools.relationship.rungs],
        "styles": [style.key for style in tools.styles.styles],
        "questions": [question.key for question in tools.opportunity.questions],
        "layers": [layer.key for layer in tools.needs.layers],
        "qualities": [quality.key for quality in tools.needs.qualities],
        "factors": [factor.key for factor in cuilong.factors],
        "causes": [cause.key for cause in tools.receivables.causes],
        "steps": [step.key for step in tools.negotiation.steps],
        "closing": [step.key for step in tools.closing.steps],
    }
    assert keys == {
        "levels": ["operator", "manager", "executive"],
        "functions": ["using", "technical", "purchasing"],
        "roles": ["initiator", "decision-maker", "user", "designer", "evaluator"],
        "rungs": ["acquaintance", "engagement", "confidence", "alliance"],
        "styles": ["analytical", "amiable", "expressive", "driving"],
        "questions": ["opportunity", "solution", "winnable", "worthwhile"],
        "layers": ["goals", "problems", "solution", "products", "criteria"],
        "qualities": ["completely", "wholly", "deeply", "consensus"],
        "factors": ["need", "trust", "value", "price", "experience"],
        "causes": ["fraud", "own-fault", "unwilling"],
        "steps": [
            "preparation",
            "positions",
            "trading",
            "concessions",
            "leaving-the-table",
            "agreement",
        ],
        "closing": ["direct-suggestion", "alternatives", "limited-time", "summary-of-benefits"],
    }
    assert [(phase.key, phase.key_role) for phase in tools.phases.phases] == [
        ("need-found", "initiator"),
        ("internal-deliberation", "decision-maker"),
        ("purchase-design", "designer"),
        ("evaluation", "evaluator"),
        ("commitment", "decision-maker"),
        ("implementation", "user"),
    ]
    assert len(tools.facts.kinds) == 5
    assert len(tools.organisation.decisions) == 5
    assert len(tools.proposal.steps) == 5
    assert len(tools.talk.steps) == 8
    assert len(tools.service.steps) == 4


def test_the_quadrant_says_who_collects(cuilong: Playbook) -> None:
    assert {
        (field.overdue, field.amount): field.escalation
        for field in cuilong.tools.receivables.quadrant
    } == {
        ("short", "small"): "finance",
        ("short", "large"): "rep",
        ("long", "small"): "letters",
        ("long", "large"): "special-measures",
    }


def test_both_languages_are_complete_and_themselves(cuilong: Playbook) -> None:
    for text in texts(cuilong):
        assert any("\u4e00" <= char <= "\u9fff" for char in text.zh), text.zh
        assert not any(
            "\u2e80" <= char <= "\u9fff" or "\uff00" <= char <= "\uffef" for char in text.en
        ), text.en
        assert not any(char in text.zh for char in ",;:!?"), text.zh


def test_no_line_of_guidance_is_there_twice_in_a_move(cuilong: Playbook) -> None:
    for stage in cuilong.stages:
        for move in stage.moves:
            said = Counter(text.en for text in texts(move))
            assert [line for line, count in said.items() if count > 1] == []


def test_a_text_too_long_for_a_list_has_a_short_form_that_fits(cuilong: Playbook) -> None:
    parts: list[Item | Marker] = [place.item for place in cuilong.places.values()]
    parts += [marker for stage in cuilong.stages for marker in (stage.entry, stage.exit)]
    for part in parts:
        for lang in LANGS:
            assert cell_width(fitting(part, lang, 60)) <= 60, part.text.get(lang)
    shorts = [place.item.short.en for place in cuilong.places.values() if place.item.short]
    assert len(set(shorts)) == len(shorts)
