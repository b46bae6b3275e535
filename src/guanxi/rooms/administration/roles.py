"""The one table of rights: every shipped role × line of rights × action → scope, and its installation.

A line of rights ("@customer") covers all modules whose description names that profile; see `records.module.Module`.
The table is only what a new installation starts with: afterwards security administrators change roles as data, and no
later installation overrides what they changed.
"""

import datetime
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from django.db import transaction

from guanxi.platform.access.models import PersonRole, Role, RoleKind, RoleRight, Scope
from guanxi.platform.people.models import Person
from guanxi.records import derived, registry

#: The lines of rights and what stands on them.
#: customer: customers and what belongs to them · contribution: what anybody may hand in, such as leads ·
#: archive_access: archives opened for a time to those who are not in sales ·
#: activity: events and tasks, judged by their customer · catalog: products, vendors, price books ·
#: organisation: people and departments · security: roles and rights · settings: picklists, parameters, calendar ·
#: audit: the audit trail · token: access tokens, each person's own ·
#: operations: the installation itself, its backups ·
#: integration: webhooks, each with the rights of its owner · batch: everybody's bulk actions ·
#: dossier: the papers filed of customers · shelf: volumes and paper originals · loan: originals that are lent ·
#: daily: the papers of the day, everybody's own · review: rounds of revising all dossiers ·
#: work: what processes ask of people · process: processes as they run · approval: what was asked for ·
#: duty: what the regulation lays on people, by a day · compliance: how the regulation is kept, in figures ·
#: inspection: self-inspections of the archive ·
#: report: reports, dashboards, schedules, everybody's own; what they show is each reader's · report_folder: folders ·
#: intake: information files of companies that may become customers · allotment: who is responsible where ·
#: promoter: who sells for a commission · library: cases and laws, for everybody · contract: contracts with customers ·
#: contract_text: every text that a contract had, which nobody writes · following: which customers a leader follows ·
#: meeting: meetings of our own, with who is asked to them · watch: customers to watch, month by month ·
#: ticket: what customers report, and what became of it ·
#: faq: frequent questions; who sees any sees those that are published ·
#: lead: who may want to buy and is no customer yet · opportunity: chances to sell, judged by their customer ·
#: pipeline: the stages they pass, for everybody to read ·
#: letter: mails, seen with their customer and by their owner · mailbox: the connections they pass through ·
#: mail_template: what a mail begins with · material: company material, for everybody to send ·
#: plan: sales targets of the company, its areas and people, and the talks about them ·
#: visit_plan: visits as planned, approved and received, judged by their customer ·
#: quote, sales_order: what customers are offered and order, judged by their customer ·
#: purchase_order: what is ordered from vendors ·
#: invoice: what customers owe by invoices, judged by their customer ·
#: period_report: what has to be written about a month, quarter or year, by whom and when ·
#: pool: customers whom nobody looks after, for whoever claims them ·
#: project: what follows a deal, judged by its customer.
PROFILES = (
    "customer", "contribution", "archive_access", "activity", "market", "catalog", "organisation",
    "security", "settings", "audit", "token", "integration", "batch", "operations", "work", "process", "approval",
    "duty", "dossier", "shelf", "loan", "daily", "review", "intake", "allotment", "compliance",
    "inspection",
    "report", "report_folder",
    "promoter", "library", "contract", "contract_text", "following", "meeting", "watch", "ticket", "faq",
    "lead", "opportunity", "pipeline", "plan", "visit_plan", "letter", "mailbox", "mail_template", "material",
    "quote", "sales_order", "purchase_order", "invoice", "period_report", "pool", "project",
)  # fmt: skip

#: Lines that carry customer data: none of the three administrators may hold a right on them.
CUSTOMER_PROFILES = (
    "customer", "contribution", "archive_access", "activity", "market", "work", "process", "approval",
    "duty", "dossier", "shelf", "loan", "daily", "review",
    "intake",
    "inspection",
    "promoter", "contract", "contract_text", "following", "meeting", "watch", "ticket",
    "lead", "opportunity", "plan", "visit_plan", "letter", "quote", "sales_order", "invoice",
    "period_report", "pool", "project",
)  # fmt: skip

BASE_ROLE = "employee"
#: Who keeps the archive; not everybody may be appointed (SEC-05, SEC-06).
ARCHIVIST = "archivist"

Line = Mapping[Scope, str]


@dataclass(frozen=True)
class ShippedRole:
    """A role as shipped: its code, its Chinese name and task, and its rights.

    `rights`: by line of rights ("customer") or single record type ("people.deputy") the actions with each scope.
    """

    code: str
    name: str
    description: str
    rights: Mapping[str, Line]
    kind: RoleKind = RoleKind.BUSINESS

    def cells(self) -> Iterator[tuple[str, str, Scope]]:
        """Each right as (module, action, scope), a line of rights named as rights do: "@customer"."""
        for key, line in self.rights.items():
            module = key if "." in key else f"@{key}"
            for scope, actions in line.items():
                for action in actions.split():
                    yield module, action, scope


_WRITE = "view create edit delete restore"
_MERGE = "merge unmerge"
_CUSTOMER_VERBS = "turn_into_account correct_archive enter_stage return_to_stage"
_SUBJECT_VERBS = "subject_report erase_subject"
_ACTIVITY_VERBS = (
    "close_visit complete_task drop_task send_minutes confirm_receipt hand_out hold_event miss_event change_day "
    "leave_out_day confirm_event write_talk_minutes"
)
_FILING_VERBS = "file_contribution decline_contribution"
_SETTING_VERBS = (
    "import export set_parameter set_conditions install_pack remove_pack publish set_condition draw new_draft take_in "
    "write_table"
)
_SIGNING_VERBS = "submit_document note_customer_signature take_back ask_signature revoke_link"
_CONTRACT_VERBS = "submit_contract sign_contract take_up_contract end_contract withdraw_contract"
_QUOTE_VERBS = "send_quote reject_quote revise_quote make_order"
_ORDER_VERBS = "confirm_booking deliver_order cancel_order invoice_order"
_INVOICE_VERBS = "issue_invoice void_invoice red_letter"
_OPPORTUNITY_VERBS = "move_stage win_opportunity lose_opportunity reopen_opportunity begin_project"
_PROJECT_VERBS = "give_step finish_project give_up_project"
_PLAN_VERBS = "agree_plan revise_plan break_down"
_LEAD_VERBS = "note_contact qualify_lead disqualify_lead reopen_lead"
_PURCHASE_VERBS = "send_purchase receive_all receive_part cancel_purchase"
_SHELF_VERBS = "lend_original return_original report_state bind_volume bind_year"
_INTAKE_VERBS = "submit_file enter_file"
_INSPECTION_VERBS = "draw_sample record_results finish_inspection"
_WORK_VERBS = "approve refuse complete answer_yes answer_no send_back pass_on add_signer copy_to note_copy"
_TICKET_VERBS = "take_ticket ask_customer resume_ticket close_ticket reopen_ticket add_note make_faq"
_FAQ_VERBS = "review_faq publish_faq retire_faq revise_faq add_note"
_VISIT_VERBS = "submit_visit leave check_in call_off_visit"
_LETTER_VERBS = "send_letter choose_template attach file_letter make_private"
_MAILBOX_VERBS = "connect_mailbox disconnect_mailbox test_mailbox set_password fetch_now"
_MEETING_VERBS = "hold_meeting cancel_meeting"
_DUTY_CARE = "view export waive hand_over remind"

ROLES: tuple[ShippedRole, ...] = (
    ShippedRole(
        BASE_ROLE,
        "员工",
        "人人都有的基本角色：查看通讯录与产品，补充档案、转达客户意见，安排自己的日程。",
        {
            "customers.customer": {Scope.ALL: "check_known"},
            "organisation": {Scope.ALL: "view"},
            "catalog": {Scope.ALL: "view"},
            "contribution": {Scope.OWN: f"{_WRITE}"},
            "activity": {Scope.OWN: f"{_WRITE} {_ACTIVITY_VERBS}"},
            "meeting": {Scope.OWN: f"{_WRITE} {_MEETING_VERBS}"},
            "token": {Scope.OWN: "view create revoke"},
            "integration": {Scope.OWN: "view agree switch_off ping send_again"},
            "work": {Scope.OWN: f"view {_WORK_VERBS}"},
            "report": {Scope.OWN: f"{_WRITE} share_report"},
            "report_folder": {Scope.ALL: "view", Scope.OWN: "create edit delete restore"},
            "process": {Scope.OWN: "view withdraw remind start_process"},
            "approval": {Scope.OWN: "view"},
            "duty": {Scope.OWN: "view discharge"},
            "loan": {Scope.OWN: "view"},
            "daily": {Scope.OWN: f"{_WRITE}"},
            "library": {Scope.ALL: "view"},
            "faq": {Scope.OWN: "view"},
            "pipeline": {Scope.ALL: "view"},
            "letter": {Scope.OWN: f"{_WRITE} reveal {_LETTER_VERBS}"},
            "mailbox": {Scope.OWN: f"{_WRITE} {_MAILBOX_VERBS}"},
            "mail_template": {Scope.OWN: _WRITE},
            "material": {Scope.ALL: "view"},
        },
    ),
    ShippedRole(
        "account_manager",
        "客户经理",
        "开发并维护自己负责的客户；看不到别人的客户。",
        {
            "customer": {Scope.OWN: f"{_WRITE} {_MERGE} reveal import export {_CUSTOMER_VERBS}"},
            "customers.customer": {Scope.OWN: "return_to_pool"},
            "pool": {Scope.ALL: "view claim_customer"},
            "contribution": {Scope.OWN: f"{_WRITE}"},
            "activity": {Scope.OWN: f"{_WRITE} export {_ACTIVITY_VERBS}"},
            "visit_plan": {Scope.OWN: f"{_WRITE} export {_VISIT_VERBS}"},
            "watch": {Scope.OWN: "view look_again", Scope.ALL: "see_watch_list"},
            "letter": {Scope.OWN: "export"},
            "market": {Scope.ALL: "view create edit", Scope.OWN: "reveal"},
            "promoter": {Scope.ALL: "view"},
            "lead": {Scope.OWN: f"{_WRITE} reveal import export {_LEAD_VERBS} convert_lead"},
            "opportunity": {Scope.OWN: f"{_WRITE} import export {_OPPORTUNITY_VERBS}"},
            "plan": {Scope.OWN: "view create edit"},
            "period_report": {Scope.OWN: "view edit hand_in_report"},
            "quote": {Scope.OWN: f"{_WRITE} export {_QUOTE_VERBS}"},
            "sales_order": {Scope.OWN: f"{_WRITE} export {_ORDER_VERBS}"},
            "invoice": {Scope.OWN: f"{_WRITE} reveal export"},
            "contract": {Scope.OWN: f"{_WRITE} import export {_CONTRACT_VERBS}"},
            "project": {Scope.OWN: f"{_WRITE} export {_PROJECT_VERBS}"},
            "contract_text": {Scope.OWN: "view"},
            "ticket": {Scope.OWN: f"{_WRITE} import export {_TICKET_VERBS}"},
            "faq": {Scope.OWN: f"{_WRITE} import export add_note"},
            "dossier": {Scope.OWN: f"{_WRITE} import export {_SIGNING_VERBS}"},
            "shelf": {Scope.OWN: "view"},
            "daily": {Scope.OWN: f"{_WRITE} assign_to_dossier"},
            "review": {Scope.OWN: "view verify_dossier"},
            "intake": {Scope.OWN: f"{_WRITE} reveal import export {_INTAKE_VERBS}"},
            "allotment": {Scope.ALL: "view"},
        },
    ),
    ShippedRole(
        "team_leader",
        "团队主管",
        "作为直接领导，审批下属经办的档案资料，审阅下属的会谈纪要。",
        {
            "dossier": {Scope.DEPARTMENT: "view approve_document"},
            "activity": {Scope.DEPARTMENT: "view review_minutes"},
            "plan": {Scope.DEPARTMENT: f"view create edit delete restore {_PLAN_VERBS}"},
            "visit_plan": {Scope.DEPARTMENT: "view"},
        },
    ),
    ShippedRole(
        "sales_manager",
        "销售部经理",
        "查看全部客户，分配与调整负责人，审核档案，维护产品与价格。",
        {
            "customer": {Scope.ALL: f"{_WRITE} {_MERGE} reveal see_looks assign import export {_CUSTOMER_VERBS}"},
            "customers.customer": {Scope.ALL: "return_to_pool recycle_customer"},
            "pool": {Scope.ALL: "view export claim_customer assign_from_pool"},
            "contribution": {Scope.ALL: f"{_WRITE} {_MERGE} assign import export"},
            "archive_access": {Scope.ALL: "view export end_access"},
            "following": {Scope.OWN: f"{_WRITE} export"},
            "activity": {Scope.ALL: f"{_WRITE} {_MERGE} assign import export review_minutes {_ACTIVITY_VERBS}"},
            "visit_plan": {Scope.ALL: f"{_WRITE} assign export {_VISIT_VERBS}"},
            "meeting": {Scope.ALL: f"{_WRITE} assign export {_MEETING_VERBS}"},
            "watch": {Scope.ALL: "view create edit assign export look_again take_off see_watch_list"},
            "letter": {Scope.ALL: f"{_WRITE} reveal assign export {_LETTER_VERBS}"},
            "mail_template": {Scope.ALL: f"{_WRITE} assign import export give_to_all take_back_template"},
            "material": {Scope.ALL: f"{_WRITE} assign import export"},
            "market": {Scope.ALL: f"{_WRITE} {_MERGE} reveal assign import export"},
            "promoter": {Scope.ALL: f"{_WRITE} reveal assign import export"},
            "library": {Scope.ALL: f"{_WRITE} import export"},
            "lead": {Scope.ALL: f"{_WRITE} reveal assign import export {_LEAD_VERBS} convert_lead"},
            "opportunity": {Scope.ALL: f"{_WRITE} assign import export {_OPPORTUNITY_VERBS}"},
            "plan": {Scope.ALL: f"{_WRITE} assign import export {_PLAN_VERBS}"},
            "period_report": {Scope.ALL: f"{_WRITE} assign import export hand_in_report"},
            "quote": {Scope.ALL: f"{_WRITE} assign export {_QUOTE_VERBS}"},
            "sales_order": {Scope.ALL: f"{_WRITE} assign export approve_order {_ORDER_VERBS}"},
            "invoice": {Scope.ALL: f"{_WRITE} reveal assign export"},
            "purchase_order": {Scope.ALL: f"{_WRITE} assign export approve_purchase {_PURCHASE_VERBS}"},
            "contract": {Scope.ALL: f"{_WRITE} assign import export {_CONTRACT_VERBS}"},
            "project": {Scope.ALL: f"{_WRITE} assign export {_PROJECT_VERBS}"},
            "contract_text": {Scope.ALL: "view"},
            "ticket": {Scope.ALL: f"{_WRITE} assign import export {_TICKET_VERBS}"},
            "faq": {Scope.ALL: f"{_WRITE} assign import export {_FAQ_VERBS}"},
            "dossier": {Scope.ALL: f"{_WRITE} assign import export approve_document {_SIGNING_VERBS}"},
            "shelf": {Scope.ALL: "view export"},
            "loan": {Scope.ALL: "view export"},
            "daily": {Scope.ALL: "view export assign_to_dossier"},
            "review": {Scope.ALL: "view export verify_dossier"},
            "catalog": {Scope.ALL: f"{_WRITE} {_MERGE} assign import export add_products"},
            "settings": {Scope.ALL: "view"},
            "intake": {Scope.ALL: f"{_WRITE} reveal import export {_INTAKE_VERBS} decide_owner close_file"},
            "intake.assignment": {Scope.ALL: "transfer_customer"},
            "allotment": {Scope.ALL: f"{_WRITE} import export"},
            "process": {Scope.ALL: "view remind"},
            "approval": {Scope.ALL: "view"},
            "report": {Scope.ALL: "see_performance"},
            "duty": {Scope.DEPARTMENT: _DUTY_CARE},
            "compliance": {Scope.DEPARTMENT: "view"},
            "inspection": {Scope.ALL: f"{_WRITE} assign export {_INSPECTION_VERBS}"},
            "people.deputy": {Scope.ALL: _WRITE},
        },
    ),
    ShippedRole(
        "general_manager",
        "总经理",
        "查看全部业务，审批例外，决定制度参数，查阅审计记录。",
        {
            "customer": {
                Scope.ALL: f"{_WRITE} {_MERGE} reveal see_looks assign import export {_CUSTOMER_VERBS} {_SUBJECT_VERBS}"
            },
            "customers.customer": {Scope.ALL: "return_to_pool recycle_customer"},
            "pool": {Scope.ALL: "view export assign_from_pool"},
            "contribution": {Scope.ALL: f"{_WRITE} {_MERGE} assign import export"},
            "archive_access": {Scope.ALL: "view export end_access"},
            "following": {Scope.OWN: f"{_WRITE} export"},
            "activity": {Scope.ALL: f"{_WRITE} {_MERGE} assign import export review_minutes {_ACTIVITY_VERBS}"},
            "visit_plan": {Scope.ALL: f"{_WRITE} assign export receive_plan {_VISIT_VERBS}"},
            "meeting": {Scope.ALL: f"{_WRITE} assign export {_MEETING_VERBS}"},
            "watch": {Scope.ALL: "view export see_watch_list"},
            "letter": {Scope.ALL: f"{_WRITE} reveal assign export {_LETTER_VERBS}"},
            "mail_template": {Scope.ALL: f"{_WRITE} assign import export give_to_all take_back_template"},
            "material": {Scope.ALL: f"{_WRITE} assign import export"},
            "market": {Scope.ALL: f"{_WRITE} {_MERGE} reveal assign import export"},
            "promoter": {Scope.ALL: f"{_WRITE} reveal assign import export"},
            "library": {Scope.ALL: f"{_WRITE} import export"},
            "lead": {Scope.ALL: f"{_WRITE} reveal assign import export {_LEAD_VERBS} convert_lead"},
            "opportunity": {Scope.ALL: f"{_WRITE} assign import export {_OPPORTUNITY_VERBS}"},
            "plan": {Scope.ALL: f"{_WRITE} assign import export {_PLAN_VERBS}"},
            "period_report": {Scope.ALL: f"{_WRITE} assign import export hand_in_report"},
            "quote": {Scope.ALL: f"{_WRITE} assign export {_QUOTE_VERBS}"},
            "sales_order": {Scope.ALL: f"{_WRITE} assign export approve_order {_ORDER_VERBS}"},
            "invoice": {Scope.ALL: f"{_WRITE} reveal assign export"},
            "purchase_order": {Scope.ALL: f"{_WRITE} assign export approve_purchase {_PURCHASE_VERBS}"},
            "contract": {Scope.ALL: f"{_WRITE} assign import export {_CONTRACT_VERBS}"},
            "project": {Scope.ALL: f"{_WRITE} assign export {_PROJECT_VERBS}"},
            "contract_text": {Scope.ALL: "view"},
            "ticket": {Scope.ALL: f"{_WRITE} assign import export {_TICKET_VERBS}"},
            "faq": {Scope.ALL: f"{_WRITE} assign import export {_FAQ_VERBS}"},
            "dossier": {Scope.ALL: f"{_WRITE} assign import export approve_document {_SIGNING_VERBS}"},
            "shelf": {Scope.ALL: "view export"},
            "loan": {Scope.ALL: "view export"},
            "daily": {Scope.ALL: "view export assign_to_dossier"},
            "review": {Scope.ALL: "view export verify_dossier"},
            "catalog": {Scope.ALL: f"{_WRITE} {_MERGE} assign import export add_products"},
            "security": {Scope.ALL: "view"},
            "settings": {Scope.ALL: "view set_parameter"},
            "intake": {Scope.ALL: "view reveal export"},
            "allotment": {Scope.ALL: "view"},
            "process": {Scope.ALL: "view remind reassign"},
            "approval": {Scope.ALL: "view"},
            "report": {Scope.ALL: "see_performance"},
            "duty": {Scope.ALL: _DUTY_CARE},
            "compliance": {Scope.ALL: "view export"},
            "inspection": {Scope.ALL: f"{_WRITE} assign export {_INSPECTION_VERBS}"},
            "audit": {Scope.ALL: "view"},
            "people.deputy": {Scope.ALL: _WRITE},
            "people.person": {Scope.ALL: "waive_service end_waiver"},
        },
    ),
    ShippedRole(
        "department_manager",
        "部门经理",
        "其他部门的负责人：经销售部经理或总经理批准后，可限时查阅指定客户的档案。",
        {
            "archive_access": {Scope.OWN: "view create end_access export"},
            "duty": {Scope.DEPARTMENT: _DUTY_CARE},
            "compliance": {Scope.DEPARTMENT: "view"},
        },
    ),
    ShippedRole(
        ARCHIVIST,
        "档案管理员",
        "专人管理客户档案：建档、编号、装订、借阅、保管与到期销毁。",
        {
            "customer": {Scope.ALL: f"{_WRITE} {_MERGE} reveal purge import export correct_archive {_SUBJECT_VERBS}"},
            "contribution": {Scope.ALL: f"{_WRITE} purge import export {_FILING_VERBS}"},
            "pool": {Scope.ALL: "view export"},
            "market": {Scope.ALL: f"{_WRITE} reveal import export"},
            "promoter": {Scope.ALL: f"{_WRITE} reveal import export"},
            "lead": {Scope.ALL: "view export purge"},
            "opportunity": {Scope.ALL: "view export purge"},
            "plan": {Scope.ALL: "view export purge"},
            "period_report": {Scope.ALL: "view export purge"},
            "quote": {Scope.ALL: "view export purge"},
            "sales_order": {Scope.ALL: "view export purge"},
            "invoice": {Scope.ALL: "view export purge"},
            "purchase_order": {Scope.ALL: "view export purge"},
            "contract": {Scope.ALL: "view export purge"},
            "project": {Scope.ALL: "view export purge"},
            "contract_text": {Scope.ALL: "view"},
            "ticket": {Scope.ALL: "view export purge"},
            "faq": {Scope.ALL: "view export purge"},
            "library": {Scope.ALL: f"{_WRITE} import export"},
            "activity": {Scope.ALL: "view export"},
            "visit_plan": {Scope.ALL: "view export purge"},
            "meeting": {Scope.ALL: "view purge export"},
            "letter": {Scope.ALL: "view purge export"},
            "material": {Scope.ALL: "purge"},
            "watch": {Scope.ALL: "view export see_watch_list"},
            "intake": {Scope.ALL: "view reveal purge export send_file"},
            "catalog": {Scope.ALL: "purge"},
            "dossier": {Scope.ALL: f"{_WRITE} purge import export file_document take_contribution {_SIGNING_VERBS}"},
            "shelf": {Scope.ALL: f"{_WRITE} purge assign export {_SHELF_VERBS}"},
            "loan": {Scope.ALL: "view export end_loan"},
            "daily": {Scope.ALL: f"{_WRITE} purge export assign_to_dossier"},
            "review": {Scope.ALL: "view create export verify_dossier"},
            "inspection": {Scope.ALL: f"{_WRITE} purge export {_INSPECTION_VERBS}"},
        },
    ),
    ShippedRole(
        "attendance_clerk",
        "考勤员",
        "登记外出：查看走访计划，签收经批准的客户走访单。",
        {"visit_plan": {Scope.ALL: "view receive_plan export"}},
    ),
    ShippedRole(
        "risk_control",
        "风控",
        "维护信用额度，监控风险敞口，预警、冻结与解除；查看制度执行情况。",
        {"compliance": {Scope.ALL: "view"}},
    ),
    ShippedRole(
        "finance",
        "财务",
        "开票、收款、对账与移交。",
        {
            "sales_order": {Scope.ALL: "view export invoice_order"},
            "invoice": {Scope.ALL: f"view edit delete restore reveal assign export {_INVOICE_VERBS}"},
            "purchase_order": {Scope.ALL: "view export"},
        },
    ),
    ShippedRole(
        "storekeeper",
        "仓管员",
        "收货、发货与盘点。",
        {
            "sales_order": {Scope.ALL: "view deliver_order"},
            "purchase_order": {Scope.ALL: f"{_WRITE} export {_PURCHASE_VERBS}"},
        },
    ),
    ShippedRole(
        "service",
        "客服",
        "处理工单、投诉与满意度回访；查看本月重点关注客户。",
        {
            "watch": {Scope.ALL: "see_watch_list"},
            "ticket": {Scope.ALL: f"{_WRITE} assign import export {_TICKET_VERBS}"},
            "faq": {Scope.ALL: f"{_WRITE} assign import export {_FAQ_VERBS}"},
        },
    ),
    ShippedRole(
        "marketing",
        "市场",
        "维护产品、供应商与价格单，收集市场信息。",
        {
            "period_report": {Scope.OWN: "view create edit hand_in_report"},
            "market": {Scope.ALL: f"{_WRITE} {_MERGE} reveal assign import export"},
            "promoter": {Scope.ALL: f"{_WRITE} reveal assign import export"},
            "library": {Scope.ALL: f"{_WRITE} import export"},
            "watch": {Scope.ALL: "see_watch_list"},
            "lead": {Scope.ALL: f"{_WRITE} reveal assign import export {_LEAD_VERBS}"},
            "material": {Scope.ALL: f"{_WRITE} assign import export"},
            "mail_template": {Scope.ALL: f"{_WRITE} assign import export give_to_all take_back_template"},
            "intake": {Scope.OWN: f"{_WRITE} reveal import assign_filing file_away"},
            "catalog": {Scope.ALL: f"{_WRITE} {_MERGE} assign import export add_products"},
        },
    ),
    ShippedRole(
        "system_admin",
        "系统管理员",
        "维护人员、部门与系统设置；不因此看到客户资料，也不能授予角色。",
        {
            "organisation": {Scope.ALL: f"{_WRITE} import export deactivate reactivate reset_password"},
            "settings": {Scope.ALL: f"{_WRITE} {_SETTING_VERBS}"},
            "integration": {Scope.ALL: f"{_WRITE} switch_off switch_on new_secret ping send_again"},
            "mailbox": {Scope.ALL: f"{_WRITE} purge assign {_MAILBOX_VERBS}"},
            "mail_template": {Scope.ALL: "view purge"},
            "batch": {Scope.ALL: "view"},
            "pipeline": {Scope.ALL: f"{_WRITE} purge export"},
            "operations": {Scope.ALL: "view back_up download_backup"},
        },
        RoleKind.SYSTEM,
    ),
    ShippedRole(
        "security_admin",
        "安全管理员",
        "设立角色并授予他人；不能给自己授权，也不因此看到客户资料。",
        {
            "organisation": {Scope.ALL: "view give_role take_role end_sessions reset_factors"},
            "security": {Scope.ALL: f"{_WRITE} export"},
            "token": {Scope.ALL: "view revoke"},
            "integration": {Scope.ALL: "view switch_off"},
        },
        RoleKind.SECURITY,
    ),
    ShippedRole(
        "audit_admin",
        "审计管理员",
        "查阅并核验审计记录；不因此看到客户资料。",
        {
            "organisation": {Scope.ALL: "view"},
            "security": {Scope.ALL: "view"},
            "settings": {Scope.ALL: "view"},
            "integration": {Scope.ALL: "view"},
            "audit": {Scope.ALL: "view export"},
            "compliance": {Scope.ALL: "view export"},
        },
        RoleKind.AUDIT,
    ),
)


def install_roles(at: datetime.datetime) -> int:
    """Create the shipped roles and rights that are missing; returns how many rows.

    Safe to repeat. What the company has changed stays as it is: a role that was deleted does not come back, and a role
    that was edited gets no right, because a right taken away must not return with the next version of the program. For
    the same reason the base role is given to everybody once, when it is new; whoever enters later gets it then.
    """
    with transaction.atomic():
        is_first = not Role.objects.filter(code=BASE_ROLE).exists()
        installed = sum(_install(shipped, at) for shipped in ROLES)
        return installed + (_give_base_role(at) if is_first else 0)


def _install(shipped: ShippedRole, at: datetime.datetime) -> int:
    role = Role.objects.filter(code=shipped.code).order_by("created_at").last()
    made = 0
    if role is None:
        role = Role.objects.create(
            code=shipped.code, name=shipped.name, description=shipped.description, kind=shipped.kind,
            created_at=at, changed_at=at,
        )  # fmt: skip
        derived.add(registry.entry("access.role"), [role])
        made = 1
    if role.version > 1:
        return 0
    standing = set(RoleRight.objects.filter(role=role).values_list("module", "action"))
    missing = [
        RoleRight(role=role, module=module, action=action, scope=scope, created_at=at, changed_at=at)
        for module, action, scope in shipped.cells()
        if (module, action) not in standing
    ]
    RoleRight.objects.bulk_create(missing)
    return made + len(missing)


def _give_base_role(at: datetime.datetime) -> int:
    role = Role.objects.get(code=BASE_ROLE, deleted_at=None)
    everybody = Person.objects.filter(deleted_at=None)
    given = [PersonRole(person=person, role=role, created_at=at, changed_at=at) for person in everybody]
    return len(PersonRole.objects.bulk_create(given))
