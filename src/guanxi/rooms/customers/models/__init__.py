from guanxi.rooms.customers.models.access import AccessRequest
from guanxi.rooms.customers.models.consent import Consent
from guanxi.rooms.customers.models.customer import BLOCKS, Customer
from guanxi.rooms.customers.models.knowledge import (
    ChangeEvent,
    Contribution,
    DownstreamCustomer,
    IntelligenceNote,
    Need,
    Opinion,
    PolicyNote,
)
from guanxi.rooms.customers.models.market import (
    Competitor,
    CompetitorStanding,
    MarketFlow,
    PublicContact,
    SimilarProduct,
)
from guanxi.rooms.customers.models.people import Address, BillingProfile, Contact
from guanxi.rooms.customers.models.quality import DataCheck

__all__ = [
    "BLOCKS",
    "AccessRequest",
    "Address",
    "BillingProfile",
    "ChangeEvent",
    "Competitor",
    "CompetitorStanding",
    "Consent",
    "Contact",
    "Contribution",
    "Customer",
    "DataCheck",
    "DownstreamCustomer",
    "IntelligenceNote",
    "MarketFlow",
    "Need",
    "Opinion",
    "PolicyNote",
    "PublicContact",
    "SimilarProduct",
]
