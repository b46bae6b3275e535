"""Every page in both languages, on a desk and on a phone: nothing broken, untranslated or raw; and a picture of it."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest

from guanxi.demo.company import DEPARTMENTS, EVERYBODY
from guanxi.rooms.administration.roles import ROLES
from tests.e2e.conftest import DESK, PHONE, Visit

WIDTHS = {"desk": DESK, "phone": PHONE}
#: name of the picture → (who looks, address); {customer} etc. are the first rows of the lists.
PAGES: dict[str, tuple[str, str]] = {
    "home": ("sales_manager", "/"),
    "customers": ("sales_manager", "/customers/customer/"),
    "customer": ("sales_manager", "{customers/customer}"),
    "customer-archive": ("sales_manager", "{customers/customer}?tab=archive"),
    "customer-people": ("sales_manager", "{customers/customer}?tab=people"),
    "customer-market": ("sales_manager", "{customers/customer}?tab=market"),
    "customer-engagement": ("sales_manager", "{customers/customer}?tab=engagement"),
    "customer-edit": ("sales_manager", "{customers/customer}edit/"),
    "customer-history": ("sales_manager", "{customers/customer}history/"),
    "customer-visits": ("sales_manager", "{customers/customer}books/visits/"),
    "customer-directory": ("sales_manager", "{customers/customer}books/directory/"),
    "customer-new": ("sales_manager", "/customers/customer/new/"),
    "customer-filter": ("sales_manager", "/customers/customer/?build=1&w0=city&o0=contains&v0=成"),
    "customer-nothing": ("sales_manager", "/customers/customer/?q=zzqqxx"),
    "customer-import": ("sales_manager", "/customers/customer/import/"),
    "customer-export": ("sales_manager", "/customers/customer/export/"),
    "customer-bin": ("sales_manager", "/customers/customer/bin/"),
    "contacts": ("sales_manager", "/customers/contact/"),
    "contact": ("sales_manager", "{customers/contact}"),
    "followups": ("sales_manager", "/engagement/followup/"),
    "followup-new": ("sales_manager", "/engagement/followup/new/"),
    "visits": ("sales_manager", "/engagement/visitreport/"),
    "visit": ("sales_manager", "{engagement/visitreport}"),
    "tasks": ("sales_manager", "/engagement/task/"),
    "memos": ("sales_manager", "/engagement/memo/"),
    "memo-new": ("sales_manager", "/engagement/memo/new/"),
    "contributions": ("archivist", "/customers/contribution/"),
    "marketflows": ("sales_manager", "/customers/marketflow/"),
    "competitor": ("sales_manager", "{customers/competitor}"),
    "products": ("sales_manager", "/catalog/product/"),
    "product": ("sales_manager", "{catalog/product}"),
    "vendors": ("sales_manager", "/catalog/vendor/"),
    "pricebook": ("sales_manager", "{catalog/pricebook}"),
    "pricebook-edit": ("sales_manager", "{catalog/pricebook}edit/"),
    "pricebook-choose": ("sales_manager", "{catalog/pricebook}choose/"),
    "search": ("sales_manager", "/search/?q=成都"),
    "notices": ("sales_manager", "/notices/"),
    "settings": ("sales_manager", "/settings/"),
    "jobs": ("sales_manager", "/jobs/"),
    "work": ("sales_manager", "/workflow/workitem/"),
    "work-item": ("sales_manager", "{workflow/workitem}"),
    "requests": ("sales_manager", "/approvals/pendingaction/"),
    "request": ("sales_manager", "{approvals/pendingaction}"),
    "processes": ("system_admin", "/workflow/processversion/"),
    "approval-rule": ("system_admin", "{approvals/approvalrule}"),
    "duties": ("sales_manager", "/obligations/obligation/"),
    "duty": ("sales_manager", "{obligations/obligation}"),
    "documents": ("archivist", "/dossiers/document/"),
    "document": ("archivist", "{dossiers/document}"),
    "catalogue": ("archivist", "/dossiers/catalogue/"),
    "missing-papers": ("archivist", "/dossiers/missing/"),
    "volumes": ("archivist", "/dossiers/volume/"),
    "daily-papers": ("archivist", "/dossiers/dailypaper/"),
    "review-round": ("archivist", "{dossiers/reviewround}"),
    "information-files": ("sales_manager", "/intake/informationfile/"),
    "information-file": ("sales_manager", "{intake/informationfile}"),
    "information-file-new": ("sales_manager", "/intake/informationfile/new/"),
    "share-out": ("sales_manager", "/intake/share/"),
    "clauses": ("sales_manager", "/regulation/clauses/"),
    "clause": ("sales_manager", "/regulation/clauses/ARC-22/"),
    "board": ("sales_manager", "/regulation/board/"),
    "evidence": ("sales_manager", "/regulation/evidence/"),
    "report": ("sales_manager", "/customers/reports/register/"),
    "known": ("sales_manager", "/customers/known/"),
    "consents": ("sales_manager", "/customers/consent/"),
    "contracts": ("sales_manager", "/sales/contract/"),
    "contract": ("sales_manager", "{sales/contract}"),
    "library-entry": ("sales_manager", "{customers/libraryentry}"),
    "promoters": ("sales_manager", "/customers/promoter/"),
    "market-trends": ("sales_manager", "/customers/markettrend/"),
    "territory": ("sales_manager", "{intake/territory}"),
    "new-customer": ("sales_manager", "{intake/assignment}"),
    "registration": ("sales_manager", "{intake/registration}"),
    "process-running": ("sales_manager", "{workflow/processinstance}"),
    "process-start": ("sales_manager", "/processes/start/"),
    "copies": ("sales_manager", "/workflow/copied/"),
    "inspections": ("archivist", "/compliance/inspection/"),
    "volume": ("archivist", "{dossiers/volume}"),
    "loan": ("archivist", "{dossiers/loan}"),
    "review": ("archivist", "{dossiers/review}"),
    "daily-paper": ("archivist", "{dossiers/dailypaper}"),
    "process": ("system_admin", "{workflow/processversion}"),
    "process-take-in": ("system_admin", "/processes/version/take-in/"),
    "decision-table": ("system_admin", "{workflow/decisiontable}"),
    "decision-table-take-in": ("system_admin", "/processes/table/take-in/"),
    "role-edit": ("security_admin", "{access/role}edit/"),
    "people": ("system_admin", "/people/person/"),
    "person": ("system_admin", "{people/person}"),
    "person-new": ("system_admin", "/people/person/new/"),
    "departments": ("system_admin", "/people/department/"),
    "administration": ("system_admin", "/administration/"),
    "parameters": ("system_admin", "/administration/parameters/"),
    "roles": ("security_admin", "/access/role/"),
    "why": ("security_admin", "/administration/why/"),
    "audit": ("audit_admin", "/administration/audit/"),
}
#: What a person never should read: names of code, unfilled places, Python's own words.
RAW = re.compile(
    r"\b[a-z]+_[a-z_]+\b|%\(\w+\)s|\{\w+\}|\bNone\b|\bTrue\b|\bFalse\b|\b(?:customers|catalog|engagement)\.[a-z]+\b"
    r"|<[a-z]+ |&[a-z]+;"
)
#: Latin words that stand on a Chinese page rightly: units, names of formats, keys, browsers and of ours.
LATIN = {"Ctrl", "Enter", "Esc", "English", "Excel", "Alt", "vol", "Chrome", "Linux"}
#: What the demo's people have entered as codes: user names, codes of departments and roles.
CODES = {
    *EVERYBODY,
    *DEPARTMENTS,
    *(role.code for role in ROLES),
    "none",
}
OWN_WORDS = """() => {
  const own = document.documentElement.lang.slice(0, 2);
  const foreign = [...document.querySelectorAll("body [lang]")].filter((part) => part.lang.slice(0, 2) !== own);
  foreign.forEach((part) => part.style.setProperty("display", "none", "important"));
  const words = document.body.innerText;
  foreign.forEach((part) => part.style.removeProperty("display"));
  return words;
}"""
#: Until the tabs have got their numbers.
SETTLE_MS = 150
LATIN_WORD = re.compile(r"(?<![A-Za-z0-9@._/-])[A-Z]?[a-z]{3,}(?![A-Za-z0-9@_/-])(?!\.[a-z])")


@pytest.fixture(scope="module")
def places() -> dict[str, str]:
    """Addresses of first rows, found once."""
    return {}


def _address(visit: Visit, places: dict[str, str], who: str, template: str) -> str:
    """The address with `{app/noun}` replaced by the address of that list's first row."""
    for listing in re.findall(r"\{([a-z/]+)\}", template):
        if listing not in places:
            page = visit(who, f"/{listing}/")
            href = page.locator("tbody tr a.n").first.get_attribute("href") or ""
            places[listing] = href.partition("?")[0]
            page.context.close()
        template = template.replace(f"{{{listing}}}", places[listing])
    return template


def _words(page: Any) -> str:
    """What can be read on the page in its own language: what is marked as another one's is left out."""
    return str(page.evaluate(OWN_WORDS))


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("who", sorted({who for who, _path in PAGES.values()}))
def test_every_page_looks_right(
    visit: Visit, places: dict[str, str], picture: Callable[..., None], language: str, width: str, who: str
) -> None:
    faults = []
    page = visit(who, "/settings/", language=language, viewport=WIDTHS[width])
    for name, (_who, template) in PAGES.items():
        if _who != who:
            continue
        page.goto(_address(visit, places, who, template))
        page.wait_for_timeout(SETTLE_MS)
        words = _words(page)
        faults += [f"{name}: raw {word!r}" for word in sorted(set(RAW.findall(words)) - CODES)]
        if language == "zh":
            faults += [f"{name}: {word!r}" for word in sorted(set(LATIN_WORD.findall(words)) - LATIN - CODES)]
        picture(page, f"{name}-{language}-{width}")
    assert not faults, "\n".join(faults)
