"""The clauses of the regulation that the program serves: what each asks, in a line of either language.

Whoever makes the program serve another clause adds its line here; see docs/how-to/add-a-clause.md.
"""

from guanxi.kernel.clauses import Clause, Kind, declare

RULE, DEADLINE, APPROVAL, PERMISSION = Kind.RULE, Kind.DEADLINE, Kind.APPROVAL, Kind.PERMISSION
RECORD, WORKFLOW, ANALYSIS, REPORT, PAGE = Kind.RECORD, Kind.WORKFLOW, Kind.ANALYSIS, Kind.REPORT, Kind.PAGE

CUSTOMER_ARCHIVE = (
    Clause("ARC-01", RECORD, "全公司一户一档、一户一号", "One file and one number per customer, company-wide"),
    Clause("ARC-02", RECORD, "客户基础资料齐备", "The basic data of a customer"),
    Clause("ARC-03", RECORD, "客户关键人物的个人情况", "What is known of a customer's key people"),
    Clause("ARC-04", WORKFLOW, "走访与销售各环节回填档案", "Visits and every later stage return news to the file"),
    Clause("ARC-05", RECORD, "各部门记录客户对我方的意见", "Every department notes what customers say of us"),
    Clause("ARC-06", RECORD, "客户特征与重要客户的政策记录", "Characteristics, and trade policy notes of key accounts"),
    Clause("ARC-07", RECORD, "竞争关系与单笔流向", "Competitors, and where each single order went"),
    Clause("ARC-08", RECORD, "交易现状逐项更新并保留旧值", "The state of dealings, item by item, old values kept"),
    Clause("ARC-09", RECORD, "其余档案栏目与完整度", "The further parts of a file, and how complete they are"),
    Clause("ARC-10", RECORD, "客户需求与偏好供报价时参考", "Needs and preferences, at hand when an offer is made"),
    Clause("ARC-11", RECORD, "档案材料分六类、编号、活页装册", "Six classes, numbered items, loose-leaf volumes"),
    Clause("ARC-12", RECORD, "第一类：客户基础材料", "Class 1: papers of the beginning"),
    Clause("ARC-13", RECORD, "第二类：合同协议按签订日期排列", "Class 2: contracts in the order of signing"),
    Clause("ARC-14", RECORD, "第三类：欠款、还款与展期材料", "Class 3: arrears, repayments and extensions"),
    Clause(
        "ARC-15", RECORD, "第四类：投诉、降价与责任认定", "Class 4: complaints, reductions and who answers for them"
    ),
    Clause("ARC-16", RECORD, "第五类：行业动态与同行情况", "Class 5: news of the trade and of peers"),
    Clause("ARC-17", RECORD, "第六类：促销人员方案、业绩与佣金", "Class 6: promoters' schemes, sales and commission"),
    Clause("ARC-18", RECORD, "每类备有可检索的编号目录", "A numbered catalogue for each class"),
    Clause("ARC-19", DEADLINE, "每年清理并装订成册", "Cleaned and bound once a year"),
    Clause("ARC-20", RECORD, "每位客户经理各类单独成册", "A volume of his own for each account manager"),
    Clause("ARC-21", WORKFLOW, "报送前由客户经理核对并确认属实", "Checked and confirmed true before it is handed in"),
    Clause("ARC-22", APPROVAL, "三方签字后方可归档", "Filed only with three signatures"),
    Clause("ARC-23", PERMISSION, "全员均可补充档案，专人归档", "Anybody adds to the archive; the archivist files"),
    Clause(
        "ARC-24",
        APPROVAL,
        "已归档内容经销售部经理同意才可变更",
        "What is filed changes only with the sales manager's consent",
    ),
    Clause("ARC-25", APPROVAL, "失效档案经同意并说明理由后删除", "Dead files are deleted with consent and a reason"),
    Clause(
        "ARC-26",
        DEADLINE,
        "删除后保留一个月，再次确认才清除",
        "Deleted files stay a month and go on a second confirmation",
    ),
    Clause("ARC-27", RECORD, "日常档案收存往来与会议材料", "The daily archive keeps what comes in every day"),
    Clause(
        "ARC-28", WORKFLOW, "日常档案中的要件及时转入六类", "What matters moves from the daily archive into its class"
    ),
    Clause("ARC-29", RULE, "具有凭证效力的必须留存纸质原件", "What serves as evidence is kept on paper"),
    Clause("ARC-30", RECORD, "重要电子文件打印归档，一式两套", "Important electronic documents are kept twice"),
    Clause("ARC-31", RECORD, "纸质与电子目录互相注明位置", "Paper and electronic catalogues refer to each other"),
    Clause("ARC-32", RECORD, "动态管理：变化随时入档", "A living file: changes are noted as they come"),
    Clause("ARC-33", DEADLINE, "每两个月全面核对一次档案", "All files are revised every two months"),
    Clause(
        "ARC-34", ANALYSIS, "增长快的与流失的客户列入关注名单", "Fast-growing and lost customers go on a watch list"
    ),
    Clause("ARC-35", WORKFLOW, "信息由收集、整理、分析到反馈", "From collecting to filing, analysing and telling back"),
    Clause("ARC-36", RECORD, "主要客户的信息须有多种来源", "News of main customers comes from several sources"),
    Clause("ARC-37", ANALYSIS, "档案质量：及时、准确、完整", "Quality of the archive: timely, accurate, complete"),
    Clause("ARC-38", PAGE, "领导一页看清一个客户", "A leader sees a customer at a glance"),
    Clause("ARC-39", RECORD, "五类市场档案", "Market archives of five kinds"),
    Clause("ARC-40", RECORD, "客户三本台账", "The three books of a customer"),
    Clause("ARC-41", RECORD, "广义客户关系", "Relations in the broad sense"),
    Clause("ARC-42", RECORD, "经销商的下游客户", "A dealer's own customers"),
    Clause("ARC-43", RECORD, "集团客户的层级", "Groups of several institutions"),
    Clause("ARC-44", RECORD, "案例与法规资料库", "A library of cases and laws"),
    Clause("ARC-45", ANALYSIS, "消费水平与购买意向评估", "What customers can and want to buy"),
)
SALES_WORKFLOW = (
    Clause("WF-01", RULE, "按规模与紧迫程度分需求等级", "Levels of demand by size and urgency"),
    Clause("WF-02", RECORD, "客户资源登记表", "The registration form of a customer"),
    Clause("WF-03", RECORD, "专人保管原始材料，查阅须经其手", "A keeper of originals, through whom they are read"),
    Clause("WF-04", WORKFLOW, "客户情况变化及时上报并更正", "Changes at a customer are reported and put right"),
    Clause("WF-05", REPORT, "往来客户名册可打印", "A register of dealing customers, to be printed"),
    Clause("WF-06", RECORD, "业务员填写客户信息档案表", "Salespeople fill in a customer information file"),
    Clause(
        "WF-07", WORKFLOW, "市场部收集的客户交属地业务员", "Marketing hands customers to the salesperson of the place"
    ),
    Clause("WF-08", RECORD, "记录客户来源", "The source of each customer"),
    Clause("WF-09", APPROVAL, "信息档案表先经经理审核", "The manager reviews a file before it is entered"),
    Clause("WF-10", DEADLINE, "收集后两个工作日内录入", "Entered within two working days"),
    Clause("WF-11", DEADLINE, "录入次日送市场部", "Sent to marketing on the next day"),
    Clause("WF-12", WORKFLOW, "市场部经理指派专人整理归档", "The marketing manager assigns who files it"),
    Clause("WF-13", RULE, "谁收集，谁负责", "Who collected a customer looks after it"),
    Clause("WF-14", RULE, "客户归属有争议时以先登记者为准", "Of two claims the earlier record counts"),
    Clause("WF-15", PERMISSION, "归属由业务经理最终裁定", "The business manager has the last word on ownership"),
    Clause("WF-16", WORKFLOW, "活动所得客户均衡分配", "Customers of campaigns are shared out evenly"),
    Clause("WF-17", DEADLINE, "新客户一周内须联系", "A new customer is contacted within a week"),
    Clause("WF-18", WORKFLOW, "无人负责的客户由经理分配", "Customers without an owner are given one"),
    Clause("WF-19", RULE, "首次联系先寄资料，少用电话推销", "A first contact goes in writing, seldom by telephone"),
    Clause("WF-21", RECORD, "宣传资料及其发送对象", "Company material, and what of it was sent to whom"),
    Clause("WF-22", RECORD, "走访记录接待人、职务与决策权", "Who was met at a visit, his post, and whether he decides"),
    Clause("WF-24", APPROVAL, "外出走访须批准并交考勤签收", "No visit without approval and the clerk's receipt"),
    Clause("WF-29", RECORD, "走访言行要点清单", "A guide of conduct for visits"),
    Clause("WF-25", RECORD, "会谈指定专人记录", "A named person keeps the minutes of a meeting"),
    Clause("WF-26", DEADLINE, "会谈后两个工作日内写纪要", "Minutes within two working days of a meeting"),
    Clause("WF-27", WORKFLOW, "会谈纪要审阅后提交并确认收到", "Minutes are reviewed, sent, and confirmed as received"),
    Clause("WF-28", RECORD, "会谈与电话均记入客户履历", "Meetings and calls stand in the customer's history"),
)
RIGHTS = (
    Clause("SEC-01", PERMISSION, "客户经理只看自己负责的客户", "An account manager sees the customers he looks after"),
    Clause("SEC-02", PERMISSION, "总经理与销售部经理查看全部档案", "General manager and sales manager see every file"),
    Clause("SEC-03", APPROVAL, "其他部门经理经批准才能查阅", "Other managers read a file only when it is granted"),
    Clause(
        "SEC-04", RULE, "档案保密：查看、导出、打印留痕", "Files are confidential: looks, exports and prints are logged"
    ),
    Clause("SEC-05", PERMISSION, "档案由专人管理", "The archive has a keeper of its own"),
    Clause("SEC-06", RULE, "新员工不得管理档案", "Newcomers do not manage the archive"),
    Clause("SEC-07", PERMISSION, "档案来自业务，服务决策", "What sales and marketing gather serves who decides"),
)
SALES = (
    Clause("SAL-01", ANALYSIS, "个人产品与服务销售指标及达成", "Targets for products and services, achieved or not"),
    Clause("SAL-02", RECORD, "年度、季度、月度销售计划", "Sales plans for year, quarter and month"),
    Clause("SAL-03", WORKFLOW, "月计划分解到片区和周", "The month's plan broken down to areas and weeks"),
    Clause("SAL-04", WORKFLOW, "合同协议：起草、审核、签订", "Contracts: drafted, reviewed, signed"),
    Clause("SAL-08", ANALYSIS, "与业务员商定指标并持续沟通达成情况", "Targets set together and talked about all year"),
    Clause("SAL-05", WORKFLOW, "成交后的接入与实施", "Onboarding after a deal, across departments"),
    Clause("SAL-06", DEADLINE, "按承诺日期及时送货", "Goods are delivered by the promised day"),
    Clause("SAL-07", REPORT, "销售记录实时可见", "Sales are seen by others at once"),
    Clause("SAL-09", RECORD, "客户进销记录簿", "What each customer bought and sold on"),
    Clause("SAL-12", WORKFLOW, "订单、仓库、财务依据同一单据协作", "Order, warehouse, finance act on the same records"),
    Clause("SAL-13", RECORD, "客户预订记录", "Bookings of customers"),
    Clause("SAL-14", RECORD, "每个客户都有关系负责人", "Somebody looks after the relation to each customer"),
)
VISITS = (
    Clause("VIS-01", WORKFLOW, "业务管理七个阶段", "The seven stages of the sales process"),
    Clause("VIS-02", WORKFLOW, "走访七个步骤", "The seven steps of a sales visit"),
    Clause("VIS-04", Kind.REMINDER, "回访发现的不满须解决", "What customers are dissatisfied with is solved"),
    Clause("VIS-05", Kind.REMINDER, "定期回访客户", "Customers are visited again at intervals"),
    Clause("VIS-06", RECORD, "客户拜访记录簿", "The visit log"),
    Clause("VIS-12", RECORD, "会议、谈判记录参加人与结果", "Meetings and negotiations, who was there and the result"),
)
CAMPAIGNS = (
    Clause("CMP-03", RECORD, "传统、电话、网上三类营销的受众识别", "Who was reached by which class of promotion"),
)
PROCESSES = (
    Clause("PRC-01", WORKFLOW, "流程模板：步骤、责任角色、终点", "Process templates: steps, roles, a defined end"),
    Clause("PRC-02", WORKFLOW, "判断节点的是与否两个出口", "Decisions with a way on and a way back"),
)
REPORTS = (
    Clause("RPT-01", DEADLINE, "每月召开客史档案补充更新会", "A meeting on the archive once a month"),
    Clause("RPT-02", RECORD, "月度重点关注客户名单", "The month's list of customers to watch"),
    Clause("RPT-05", REPORT, "日、周销售报表归入日常档案", "Sales reports of days and weeks, filed"),
    Clause("RPT-06", REPORT, "月、季、年销售对照计划并作总结", "Sales against plan by month, quarter, year"),
    Clause("RPT-07", DEADLINE, "按时完成市场分析报告", "Market analysis reports on time"),
    Clause("RPT-10", REPORT, "部门业务进展逐级可见", "How a department goes, visible upward"),
    Clause("RPT-08", RECORD, "各级会议记录归档可查", "Minutes of meetings of all levels on file"),
)
PROGRAM = (
    Clause("CRM-01", PAGE, "主菜单：每个模块一个入口", "A main menu with a place for each record type"),
    Clause("CRM-02", PAGE, "子菜单提供新建操作", "Creating from the menu"),
    Clause("CRM-03", RULE, "带 * 的栏目必须填写", "What is marked must be filled in"),
    Clause("CRM-04", PAGE, "编辑改原记录，复制另存一条", "Editing changes one, copying makes another"),
    Clause("CRM-05", PAGE, "列表页顶部可检索", "A search above every list"),
    Clause("CRM-06", PAGE, "导入", "Import from a file"),
    Clause("CRM-07", PAGE, "全部导出", "Export to a file"),
    Clause("CRM-08", PAGE, "产品列表", "The list of products"),
    Clause("CRM-09", RECORD, "新建产品", "A new product"),
    Clause("CRM-11", PAGE, "供应商列表", "The list of vendors"),
    Clause("CRM-12", RECORD, "新建供应商", "A new vendor"),
    Clause("CRM-13", RULE, "没有产品也可先建供应商", "A vendor may be there before any product"),
    Clause("CRM-14", RECORD, "新建价格单", "A new price book"),
    Clause("CRM-15", PAGE, "价格单的编辑、复制与删除", "Editing, copying and deleting a price book"),
    Clause("CRM-16", PAGE, "勾选产品并填写批发价", "Products are ticked and priced"),
    Clause("CRM-17", PAGE, "客户列表", "The list of customers"),
    Clause("CRM-18", RECORD, "新建客户后进入其页面", "A new customer opens its page"),
    Clause("CRM-19", PAGE, "客户页内直接新建相关记录", "Related records from the customer's page"),
    Clause("CRM-20", RECORD, "联系人", "Contacts"),
    Clause("CRM-21", PAGE, "销售机会列表", "The list of opportunities"),
    Clause("CRM-22", RECORD, "新建销售机会须有客户", "A new opportunity is bound to a customer"),
    Clause("CRM-23", PAGE, "客户选择窗口", "The customer picker"),
    Clause("CRM-24", PAGE, "销售线索列表", "The list of leads"),
    Clause("CRM-25", RECORD, "新增销售线索", "A new lead"),
    Clause("CRM-29", PAGE, "报价单的查找、编辑与删除", "Quotes are found, edited, deleted"),
    Clause("CRM-30", RECORD, "新建报价单须有客户与产品", "A new quote has a customer and products"),
    Clause("CRM-31", PAGE, "行内选择产品并填写数量与价格", "Products are picked on the lines, with quantity and price"),
    Clause(
        "CRM-32",
        PAGE,
        "业务订单：采购订单与销售订单两个选项卡",
        "Business orders: purchase and sales orders side by side",
    ),
    Clause("CRM-33", PAGE, "订单的查找、编辑与删除", "Orders are found, edited, deleted"),
    Clause("CRM-35", PAGE, "付款地址与收货地址互相复制", "Billing and delivery address are copied either way"),
    Clause("CRM-36", RECORD, "新建销售订单", "A new sales order"),
    Clause("CRM-34", RECORD, "新增采购订单", "A new purchase order"),
    Clause("CRM-37", PAGE, "发票的查找、编辑与删除", "Invoices are found, edited, deleted"),
    Clause("CRM-38", RECORD, "新增发票", "A new invoice"),
    Clause("CRM-39", PAGE, "服务支持：故障单与常见问答", "Service: tickets and frequent questions side by side"),
    Clause("CRM-40", RECORD, "故障单", "Tickets of customers"),
    Clause("CRM-26", PAGE, "销售活动列表：日程与任务", "One list of events and tasks"),
    Clause("CRM-28", RECORD, "新增任务", "A new task"),
    Clause(
        "CRM-27",
        RECORD,
        "新建日程：时间、类型、受邀人、重复",
        "Events: time, kind, who is invited, how they come again",
    ),
    Clause("CRM-41", REPORT, "故障单统计信息", "Statistics of tickets"),
    Clause("CRM-42", RECORD, "常见问答", "Frequent questions and answers"),
    Clause("CRM-43", PAGE, "报表向导：主模块与相关模块", "Report wizard: primary and related modules"),
    Clause("CRM-44", PAGE, "报表设置自上而下逐项完成", "Settings of a report from top to bottom"),
    Clause("CRM-45", PAGE, "保存并执行：名称、描述、文件夹", "Save and run: name, description, folder"),
    Clause("CRM-46", RECORD, "报表文件夹", "Folders of reports"),
    Clause("CRM-47", REPORT, "报表汇总各模块数据", "Reports summarise what the modules hold"),
    Clause("CRM-48", PAGE, "备忘录", "Memos"),
    Clause("CRM-49", PAGE, "邮件：检索、已发送列表、全部导出", "Mails: search, the list of sent ones, export"),
    Clause(
        "CRM-50",
        RECORD,
        "撰写邮件：收件人类型、主题、内容、发送",
        "Writing a mail and sending it",
    ),
    Clause("CRM-51", PAGE, "邮件保存为草稿，不发送", "A saved mail is a draft and is not sent"),
    Clause("CRM-52", RECORD, "邮件模板：系统默认与自建", "Mail templates: default ones and one's own"),
    Clause(
        "CRM-53", PAGE, "日程安排：日历，他人的私人日程不可见", "The calendar; private events of others stay unseen"
    ),
)

declare(*CUSTOMER_ARCHIVE, *SALES_WORKFLOW, *RIGHTS, *SALES, *CAMPAIGNS, *VISITS, *PROCESSES, *REPORTS, *PROGRAM)
