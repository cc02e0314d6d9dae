"""What would it take: the price of a behaviour, who would pay it, fair points, linked deals."""

from detente.deals.fair import Fair, fair
from detente.deals.holding import Linked
from detente.deals.inquiry import Inquiry, inquire
from detente.deals.leverage import Leverage, leverage
from detente.deals.linkage import Exchange, linkage
from detente.deals.linked import LinkedDeals, linked
from detente.deals.packages import Packages, packages
from detente.deals.price import Price, price
from detente.deals.question import PAYMENT, Question, ask
from detente.deals.survey import Survey, survey

__all__ = [
    "PAYMENT",
    "Exchange",
    "Fair",
    "Inquiry",
    "Leverage",
    "Linked",
    "LinkedDeals",
    "Packages",
    "Price",
    "Question",
    "Survey",
    "ask",
    "fair",
    "inquire",
    "leverage",
    "linkage",
    "linked",
    "packages",
    "price",
    "survey",
]
