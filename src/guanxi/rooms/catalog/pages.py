"""The page of the catalogue that no description gives: choosing products for a price book (CRM-16)."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.http import HttpResponseBase
from django.urls import path
from django.views.decorators.http import require_http_methods

from guanxi.kernel.errors import Invalid, Problem
from guanxi.kernel.messages import Message
from guanxi.kernel.money import format_money
from guanxi.records import listing, registry
from guanxi.records.actions import run
from guanxi.rooms.catalog.actions import ADD_PRODUCTS, ENTRIES
from guanxi.rooms.catalog.models import PriceBook, Product
from guanxi.rooms.catalog.module import PRICE_BOOK, PRODUCT
from guanxi.rooms.catalog.queries import listed_products, on_sale
from guanxi.web import addresses, errors, flashes
from guanxi.web.gate import Request, require
from guanxi.web.once import new_token, once
from guanxi.web.rendering import page

app_name = "catalog"
#: How many products the page offers at once; more are reached by searching.
SHOWN = 60


@dataclass
class Choice:
    """One product on the page: whether it is ticked, what was typed as its price, and what is wrong with that."""

    product: Product
    ticked: bool = False
    price: str = ""
    errors: list[str] = field(default_factory=list)
    listed: Decimal | None = None

    @property
    def unit(self) -> str:
        """The product's unit as it is called."""
        return registry.entry(PRODUCT).field("unit").text(self.product)

    @property
    def standard_price(self) -> str:
        """The product's standard price with its sign."""
        return format_money(self.product.standard_price)

    @property
    def listed_price(self) -> str:
        """Its price in this book, "" when it does not stand there."""
        return "" if self.listed is None else format_money(self.listed)


@require_http_methods(["GET", "POST"])
def choose(request: Request, pk: UUID) -> HttpResponseBase:
    """Tick products and type their wholesale prices; searching keeps what is ticked and typed."""
    book = request.ctx.get(PRICE_BOOK, pk)
    require(request.ctx, registry.entry(PRICE_BOOK), ADD_PRODUCTS.name, ADD_PRODUCTS.label)
    if request.method == "GET" or request.POST.get("do") == "search":
        return _draw(request, book)

    def act() -> str:
        ticked = list(dict.fromkeys(request.POST.getlist("pk")))
        entries = [{"product": key, "price": request.POST.get(f"price-{key}", "")} for key in ticked]
        run(ADD_PRODUCTS, request.ctx, PRICE_BOOK, book, {ENTRIES: entries})
        return addresses.record(PRICE_BOOK, book.pk)

    address, problem = once(request, act)
    if problem is not None:
        return _draw(request, book, problem)
    count = len(set(request.POST.getlist("pk")))
    return flashes.redirect(address, Message("%(count)s products added to the price book.", count=count))


def _draw(request: Request, book: PriceBook, problem: Problem | None = None) -> HttpResponseBase:
    text = request.POST.get("q", request.GET.get("q", "")).strip()[:60]
    choices, more = _choices(request, book, text, problem)
    context: dict[str, Any] = {
        "book": book,
        "choices": choices,
        "more": more,
        "text": text,
        "problem": problem,
        "problem_title": errors.title_of(problem) if problem else "",
        "general_errors": problem.errors.get("", []) if isinstance(problem, Invalid) else [],
        "form_token": new_token(),
        "back": addresses.record(PRICE_BOOK, book.pk),
        "module": PRICE_BOOK,
        "new_product": addresses.of_module(PRODUCT, "new") if request.ctx.may(PRODUCT, "create") else None,
    }
    return page(request, "catalog/pricebook/choose.html", context, status=problem.status if problem else 200)


def _choices(request: Request, book: PriceBook, text: str, problem: Problem | None) -> tuple[list[Choice], bool]:
    """The ticked products first, whatever is searched for; then what the search finds and is on sale."""
    wrong = problem.errors if isinstance(problem, Invalid) else {}
    listed = listed_products(book)
    ticked = _ids(request.POST.getlist("pk"))
    seen = request.ctx.search(PRODUCT)
    chosen = list(seen.filter(pk__in=ticked).order_by("name", "id"))
    selected = listing.selected(request.ctx, PRODUCT, listing.Query(text=text))
    found = list(on_sale(selected, request.ctx.today).exclude(pk__in=ticked).order_by("name", "id")[: SHOWN + 1])
    choices = [
        Choice(
            product=product,
            ticked=product.pk in ticked,
            price=request.POST.get(f"price-{product.pk}", ""),
            errors=[str(message) for message in wrong.get(str(product.pk), ())],
            listed=listed.get(product.pk),
        )
        for product in [*chosen, *found[:SHOWN]]
    ]
    return choices, len(found) > SHOWN


def _ids(texts: list[str]) -> set[UUID]:
    found = set()
    for text in texts:
        try:
            found.add(UUID(text))
        except ValueError:
            continue
    return found


urlpatterns = [path("catalog/pricebook/<uuid:pk>/choose/", choose, name="choose")]
