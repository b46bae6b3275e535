"""What a contact has agreed to, beside the contact's page: one line for each channel, one column for each purpose."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from guanxi.records.context import Context
from guanxi.rooms.customers import queries
from guanxi.rooms.customers.models import Contact
from guanxi.rooms.customers.models.consent import Purpose
from guanxi.web import addresses
from guanxi.web.panels import panel

CONSENT = "customers.consent"


@panel("customers.contact")
def consents(ctx: Context, contact: Contact) -> dict[str, Any]:
    """The table of what holds now; each place leads to the form that changes it."""
    if not ctx.may(CONSENT):
        return {}
    new = addresses.of_module(CONSENT, "new") if ctx.may(CONSENT, "create") else ""
    lines: dict[str, dict[str, Any]] = {}
    for state in queries.consent_states(ctx, contact):
        line = lines.setdefault(state.channel, {"label": state.channel.label, "cells": []})
        asked = {"contact": contact.pk, "channel": state.channel.value, "purpose": state.purpose.value}
        line["cells"].append(
            {"purpose": state.purpose.label, "decision": state.decision, "said": state.said,
             "href": f"{new}?{urlencode(asked)}" if new else ""}
        )  # fmt: skip
    table = {"purposes": [purpose.label for purpose in Purpose], "lines": list(lines.values())}
    return {"asides": [{"template": "customers/parts/consents.html", "table": table}]}
