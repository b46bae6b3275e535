"""The verbs of a contract: submit for review, sign, take up again, end, withdraw (SAL-04)."""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Mapping
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from guanxi.kernel.decision import Decision
from guanxi.kernel.errors import Conflict
from guanxi.kernel.messages import Message
from guanxi.platform.calendar import local
from guanxi.platform.files.models import StoredFile
from guanxi.platform.notices.notify import notify
from guanxi.platform.people.models import Person
from guanxi.platform.workflow import running, versions
from guanxi.platform.workflow.models import ProcessInstance
from guanxi.platform.workflow.purposes import purpose
from guanxi.records.actions import Action, run
from guanxi.records.context import Context, system_context
from guanxi.records.fields import asked
from guanxi.records.standard import DELETE, ENTERED, create
from guanxi.rooms.dossiers.public import DossierClass
from guanxi.rooms.sales.models import Contract, ContractState
from guanxi.rooms.sales.rules import may_be_signed_on, may_discard, must_have_text

CONTRACT = "sales.contract"
#: The process of the review, and what it is started for.
REVIEW = "sales.contract"
APPROVED, REFUSED = "approved", "refused"
NOTICE = "contract"


# ---- Review ----------------------------------------------------------------------------------------------------------


def _has_text(ctx: Context, contract: Any, values: Mapping[str, Any]) -> Decision:
    return must_have_text(bool(contract.content.strip() or contract.file_id))


def _submit(ctx: Context, contract: Any, values: dict[str, Any]) -> None:
    version = versions.in_use(REVIEW)
    if not versions.serves(versions.diagram_of(version), REVIEW):
        raise Conflict(Message("The process of the review asks nobody; nothing can be submitted."))
    contract.submitted_by = ctx.actor
    contract.reviewed_by, contract.reviewed_at, contract.review = None, None, ""
    figures = {"owner": str(contract.owner_id), "kind": contract.kind, "amount": int(contract.amount or 0)}
    running.start(
        version, ctx.actor, f"{contract.number} {contract.name}", ctx.now, verb=f"{CONTRACT}:{SUBMIT_CONTRACT.name}",
        module=CONTRACT, record_id=contract.pk, purpose=REVIEW, figures=figures,
    )  # fmt: skip


SUBMIT_CONTRACT = Action(
    name="submit_contract",
    label=_("Submit contract for review"),
    icon="send",
    tone="ink",
    rules=(_has_text,),
    states=(ContractState.DRAFT,),
    to_state=ContractState.REVIEW,
    perform=_submit,
    undoable=False,
)


def _note_review(ctx: Context, contract: Any, values: dict[str, Any]) -> None:
    contract.reviewed_by, contract.reviewed_at, contract.review = ctx.actor, ctx.now, ctx.reason


#: What the end of the review does to the contract. Nobody holds these as rights: only the process comes to them.
_PASS = Action(
    name="contract_approved", label=_("Contract approved in review"), states=(ContractState.REVIEW,),
    to_state=ContractState.APPROVED, perform=_note_review,
)  # fmt: skip
_RETURN = Action(
    name="contract_returned", label=_("Contract returned in review"), states=(ContractState.REVIEW,),
    to_state=ContractState.DRAFT, perform=_note_review,
)  # fmt: skip
ENTERED.update({action.name: action.label for action in (_PASS, _RETURN)})


@purpose(REVIEW, ends=(APPROVED, REFUSED))
def settle_review(instance: ProcessInstance, person: Person | None, at: datetime.datetime) -> None:
    """The review has ended: the contract may be signed, or goes back to whoever drafts it, with the reason (SAL-04).

    Raises Conflict when whoever decided drafts or submitted the contract himself.
    """
    assert instance.record_id is not None  # it was started for a contract
    contract = Contract.objects.select_related("owner").get(pk=instance.record_id)
    actor = person or instance.owner  # nobody decided where a timer ended it
    is_approved = instance.state == ProcessInstance.State.ENDED and instance.outcome == APPROVED
    if is_approved and actor.pk in (contract.owner_id, contract.submitted_by_id):
        raise Conflict(Message("Nobody reviews a contract that he drafts or submitted."))
    ctx = system_context(actor, now=at).because(str(instance.figures.get("comment") or ""))
    run(_PASS if is_approved else _RETURN, ctx, CONTRACT, contract)
    if instance.state == ProcessInstance.State.WITHDRAWN or contract.owner is None:
        return
    title = (
        Message("Approved, ready to be signed: %(contract)s", contract=contract.name)
        if is_approved
        else Message("Contract returned by the manager: %(contract)s", contract=contract.name)
    )
    notify([contract.owner], title, ctx.reason, CONTRACT, contract.pk, NOTICE, at=at)


# ---- Signing ---------------------------------------------------------------------------------------------------------


def _signed_in_time(ctx: Context, contract: Any, values: Mapping[str, Any]) -> Decision:
    return may_be_signed_on(values["signed_on"], local(contract.reviewed_at).date(), ctx.today)


def _sign(ctx: Context, contract: Any, values: dict[str, Any]) -> None:
    """It is signed, and a paper of class 2 of the customer's dossier, which its handler then brings to its volume."""
    contract.signed_on, contract.signed_file = values["signed_on"], values["signed_file"]
    contract.document = create(
        ctx.as_program(), "dossiers.document", confirmed=True, title=contract.name, customer=contract.customer,
        dossier_class=DossierClass.CONTRACTS, kind="contract", signed_on=contract.signed_on,
        effective_on=contract.begins_on, expires_on=contract.ends_on, content=contract.content,
        file=contract.signed_file or contract.file, legally_effective=True, owner=contract.owner,
    )  # fmt: skip


SIGN_CONTRACT = Action(
    name="sign_contract",
    label=_("Note as signed"),
    icon="signature",
    tone="ink",
    inputs=(
        asked("signed_on", _("day of signing"), models.DateField(), required=True),
        asked(
            "signed_file", _("scan of the signed contract"), models.ForeignKey(StoredFile, models.PROTECT, null=True)
        ),
    ),
    rules=(_signed_in_time,),
    states=(ContractState.APPROVED,),
    to_state=ContractState.SIGNED,
    perform=_sign,
    undoable=False,
)


def _take_up(ctx: Context, contract: Any, values: dict[str, Any]) -> None:
    contract.reviewed_by, contract.reviewed_at, contract.review = None, None, ""


TAKE_UP_CONTRACT = Action(
    name="take_up_contract",
    label=_("Draft again"),
    icon="arrow-back-up",
    confirm=_("Draft the contract again? It has to be reviewed anew then."),
    states=(ContractState.APPROVED,),
    to_state=ContractState.DRAFT,
    perform=_take_up,
    rare=True,
    undoable=False,
)


# ---- The end ---------------------------------------------------------------------------------------------------------


def _close(ctx: Context, contract: Any, values: dict[str, Any]) -> None:
    contract.closed_on, contract.closing = ctx.today, ctx.reason


END_CONTRACT = Action(
    name="end_contract",
    label=_("End the contract"),
    icon="circle-check",
    asks_reason=True,
    states=(ContractState.SIGNED,),
    to_state=ContractState.ENDED,
    perform=_close,
    rare=True,
    undoable=False,
)
WITHDRAW_CONTRACT = Action(
    name="withdraw_contract",
    label=_("Withdraw the contract"),
    icon="circle-x",
    asks_reason=True,
    states=(ContractState.DRAFT, ContractState.APPROVED),
    to_state=ContractState.WITHDRAWN,
    perform=_close,
    rare=True,
    undoable=False,
)


def _never_signed(ctx: Context, contract: Any, values: Mapping[str, Any]) -> Decision:
    return may_discard(contract.signed_on is not None)


DISCARD_CONTRACT = dataclasses.replace(DELETE, rules=(_never_signed,))
