"""Who and where the customer is: contacts, addresses, what an invoice must say."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from guanxi.records.fields import AddressField, MultiPicklistField, PhoneField, PicklistField, SealedField
from guanxi.records.models import Record
from guanxi.rooms.customers import picklists
from guanxi.rooms.customers.models.customer import Customer


class Gender(models.TextChoices):
    """As the contact is to be addressed."""

    MALE = "male", _("Mr")
    FEMALE = "female", _("Ms")


class Contact(Record):
    """A person at a customer (ARC-03, CRM-20). Legal representatives and managers carry the personal profile."""

    customer = models.ForeignKey(Customer, models.CASCADE, related_name="contacts", verbose_name=_("customer"))
    name = models.CharField(_("full name"), max_length=60)
    gender = models.CharField(_("form of address"), max_length=6, choices=Gender.choices, blank=True)
    post = models.CharField(_("post"), max_length=60, blank=True)
    office = models.CharField(_("department at the customer"), max_length=60, blank=True)
    roles = MultiPicklistField(_("roles"), picklist=picklists.CONTACT_ROLE)
    mobile = PhoneField(_("mobile"))
    phone = PhoneField(_("phone"))
    email = models.EmailField(_("e-mail"), blank=True)
    wechat = models.CharField(_("WeChat"), max_length=60, blank=True)
    birthday = models.DateField(_("birthday"), null=True, blank=True)
    identity_number = SealedField(
        _("identity number"),
        what="identity",
        help_text=_("Of an identity card, checked by its last digit, or a passport."),
    )
    primary = models.BooleanField(_("first contact"), default=False)

    personality = models.TextField(_("personality"), blank=True)
    interests = models.CharField(_("interests"), max_length=300, blank=True)
    hobbies = models.CharField(_("hobbies"), max_length=300, blank=True)
    family = models.TextField(_("family"), blank=True)
    education = models.CharField(_("education"), max_length=120, blank=True)
    age = models.PositiveSmallIntegerField(_("age"), null=True, blank=True)
    ability = models.TextField(_("ability"), blank=True)
    career = models.TextField(_("career background"), blank=True)
    remarks = models.TextField(_("remarks"), blank=True)

    class Meta:
        verbose_name = _("contact")
        verbose_name_plural = _("contacts")
        indexes = [
            models.Index(fields=["-changed_at", "-id"], name="contact_changed"),
            models.Index(fields=["name", "id"], name="contact_name"),
        ]

    def __str__(self) -> str:
        return self.name


class Address(Record):
    """One of a customer's addresses: office, delivery, billing, store."""

    customer = models.ForeignKey(Customer, models.CASCADE, related_name="addresses", verbose_name=_("customer"))
    kind = PicklistField(_("kind of address"), picklist=picklists.ADDRESS_KIND, default="delivery")
    province = models.CharField(_("province"), max_length=30, blank=True)
    city = models.CharField(_("city"), max_length=30, blank=True)
    address = models.CharField(_("address"), max_length=300)
    recipient = models.CharField(_("recipient"), max_length=60, blank=True)
    phone = PhoneField(_("phone"))
    usual = models.BooleanField(_("used by default"), default=False)
    remarks = models.TextField(_("remarks"), blank=True)

    class Meta:
        verbose_name = _("address")
        verbose_name_plural = _("addresses")
        indexes = [models.Index(fields=["-changed_at", "-id"], name="address_changed")]

    def __str__(self) -> str:
        return self.address


class BillingProfile(Record):
    """What an invoice to the customer must say (开票信息): title, tax number, bank, registered address."""

    customer = models.ForeignKey(Customer, models.CASCADE, related_name="billing_profiles", verbose_name=_("customer"))
    title = models.CharField(_("invoice title"), max_length=120)
    tax_number = models.CharField(_("tax number"), max_length=20, blank=True)
    bank = models.CharField(_("bank"), max_length=120, blank=True)
    account = SealedField(_("account number"), what="account")
    address = AddressField(_("registered address"))
    phone = PhoneField(_("phone"))
    email = models.EmailField(_("e-mail for e-invoices"), blank=True)
    usual = models.BooleanField(_("used by default"), default=False)

    class Meta:
        verbose_name = _("billing profile")
        verbose_name_plural = _("billing profiles")
        indexes = [models.Index(fields=["-changed_at", "-id"], name="billing_changed")]

    def __str__(self) -> str:
        return self.title
