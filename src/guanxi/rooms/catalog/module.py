"""Products, vendors and price books as the engine knows them."""

import unicodedata
from typing import Any

from django.utils.translation import gettext_lazy as _

from guanxi.kernel.chinese.company import company_key
from guanxi.kernel.confidentiality import DataClass
from guanxi.records import registry
from guanxi.records.context import Context
from guanxi.records.module import Lines, Menu, Module, Related, SameAs, Section, View
from guanxi.rooms.catalog.actions import ADD_PRODUCTS
from guanxi.rooms.catalog.models import PriceBook, PriceBookEntry, Product, Vendor
from guanxi.rooms.catalog.rules import after, checked_credit_code, must_end_after_start


def code_key(code: str) -> str:
    """A code made comparable: width and case folded, blanks removed."""
    return "".join(unicodedata.normalize("NFKC", code).casefold().split())


def _prepare_product(ctx: Context, values: dict[str, Any], record: Any) -> dict[str, Any]:
    must_end_after_start(after(values, record, "sales_start"), after(values, record, "sales_end"), "sales_end")
    return values


def _prepare_vendor(ctx: Context, values: dict[str, Any], record: Any) -> dict[str, Any]:
    if "credit_code" not in values:
        return values
    return {**values, "credit_code": checked_credit_code(values["credit_code"])}


def _prepare_price_book(ctx: Context, values: dict[str, Any], record: Any) -> dict[str, Any]:
    must_end_after_start(after(values, record, "valid_from"), after(values, record, "valid_until"), "valid_until")
    return values


PRODUCT = Module(
    model=Product,
    icon="package",
    data_class=DataClass.C1,
    profile="catalog",
    menu=Menu(group="catalog", order=10),
    number="CP-{seq:05}",
    columns=("name", "code", "category", "brand", "specification", "unit", "standard_price", "active", "vendor"),
    filters=("category", "active", "vendor", "brand"),
    search=("code", "brand", "specification", "barcode"),
    sort="name",
    sections=(
        Section(_("Product"), ("name", "code", "category", "brand", "specification", "unit", "packing", "barcode")),
        Section(_("Price and sale"), ("standard_price", "tax_rate", "active", "sales_start", "sales_end")),
        Section(_("Supply"), ("vendor", "shelf_life_days")),
        Section(_("Further details"), ("image", "description", "owner")),
    ),
    same_as=(SameAs("code", _("product code"), code_key, strict=True),),
    prepare=_prepare_product,
    views=(View("on_sale", _("On sale"), {"field": "active", "op": "is", "value": True}),),
    aliases={
        "name": ("产品", "品名", "商品名称", "物料名称", "货品名称"),
        "code": ("编码", "货号", "商品编码", "物料编码", "产品编号", "SKU"),
        "specification": ("规格型号", "型号"),
        "unit": ("单位", "计量单位"),
        "standard_price": ("单价", "价格", "售价", "标准售价"),
        "tax_rate": ("税率%", "增值税率"),
        "barcode": ("条码", "商品条码"),
        "vendor": ("供货商", "厂家"),
        "shelf_life_days": ("保质期", "保质期(天)"),
    },
)

VENDOR = Module(
    model=Vendor,
    icon="truck-delivery",
    data_class=DataClass.C1,
    profile="catalog",
    menu=Menu(group="catalog", order=20),
    # How to reach a supplier is printed on its letter paper.
    classes={"phone": DataClass.C1, "email": DataClass.C1, "address": DataClass.C1},
    number="GYS-{seq:05}",
    columns=("name", "number", "category", "contact_person", "phone", "email", "owner", "changed_at"),
    filters=("category", "owner"),
    search=("code", "contact_person", "phone", "email", "address", "credit_code"),
    sort="name",
    sections=(
        Section(_("Vendor"), ("name", "code", "category", "credit_code")),
        Section(_("Contact details"), ("contact_person", "phone", "email", "website", "address")),
        Section(_("Further details"), ("description", "owner")),
    ),
    same_as=(
        SameAs("name", _("vendor name"), company_key),
        SameAs("code", _("vendor code"), code_key, strict=True),
        SameAs("credit_code", _("unified social credit code"), strict=True),
    ),
    related=(Related("catalog.product", "vendor", _("Products of this vendor"), ("name", "code", "standard_price")),),
    prepare=_prepare_vendor,
    aliases={
        "name": ("供应商", "供货商", "供货商名称", "厂商"),
        "code": ("编码", "供应商编号"),
        "contact_person": ("联系人", "业务联系人"),
        "phone": ("联系电话", "手机"),
        "credit_code": ("信用代码", "税号", "纳税人识别号"),
        "address": ("联系地址", "公司地址"),
    },
)

PRICE_BOOK = Module(
    model=PriceBook,
    icon="tags",
    data_class=DataClass.C1,
    profile="catalog",
    menu=Menu(group="catalog", order=30),
    number="JGD-{seq:04}",
    columns=("name", "number", "currency", "active", "valid_from", "valid_until", "owner", "changed_at"),
    filters=("active", "currency", "valid_until"),
    search=("description",),
    sort="name",
    sections=(
        Section(_("Price book"), ("name", "currency", "active", "valid_from", "valid_until", "owner")),
        Section(_("Further details"), ("description",)),
    ),
    lines=Lines(PriceBookEntry, "price_book", ("product", "price"), _("Prices"), unique=("product",)),
    actions=(ADD_PRODUCTS,),
    prepare=_prepare_price_book,
    views=(View("in_use", _("In use"), {"field": "active", "op": "is", "value": True}),),
    aliases={"name": ("价格表", "价目表", "价格单")},
)

registry.register(PRODUCT, VENDOR, PRICE_BOOK)
