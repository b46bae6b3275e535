from guanxi.rooms.customers.models.access import ArchiveAccess
from guanxi.rooms.customers.models.consent import Consent
from guanxi.rooms.customers.models.customer import BLOCKS, Customer
from guanxi.rooms.customers.models.following import Following
from guanxi.rooms.customers.models.knowledge import (
    ChangeEvent,
    Contribution,
    DownstreamCustomer,
    IntelligenceNote,
    Need,
    Opinion,
    PolicyNote,
)
from guanxi.rooms.customers.models.library import LibraryEntry
from guanxi.rooms.customers.models.market import (
    Competitor,
    CompetitorPromotion,
    CompetitorStanding,
    MarketFlow,
    MarketTrend,
    PublicContact,
    SimilarProduct,
    TrendReference,
)
from guanxi.rooms.customers.models.people import Address, BillingProfile, Contact
from guanxi.rooms.customers.models.pool import PoolCause, PoolEntry, PoolState
from guanxi.rooms.customers.models.promoters import CommissionScheme, PromotedSale, Promoter
from guanxi.rooms.customers.models.quality import DataCheck

__all__ = [
    "BLOCKS",
    "Address",
    "ArchiveAccess",
    "BillingProfile",
    "ChangeEvent",
    "CommissionScheme",
    "Competitor",
    "CompetitorPromotion",
    "CompetitorStanding",
    "Consent",
    "Contact",
    "Contribution",
    "Customer",
    "DataCheck",
    "DownstreamCustomer",
    "Following",
    "IntelligenceNote",
    "LibraryEntry",
    "MarketFlow",
    "MarketTrend",
    "Need",
    "Opinion",
    "PolicyNote",
    "PoolCause",
    "PoolEntry",
    "PoolState",
    "PromotedSale",
    "Promoter",
    "PublicContact",
    "SimilarProduct",
    "TrendReference",
]
