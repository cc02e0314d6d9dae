"""What would it take: the price of a behaviour, who would pay it, fair points, linked deals."""

from detente.deals._assessment import DealAssessment, assess_deal
from detente.deals._bargaining_solutions import BargainingSolutions, bargaining_solutions
from detente.deals._deal_study import DealStudy, study_deal
from detente.deals._deviation import LinkedDeal
from detente.deals._exchanges_in_time import (
    ExchangeInTime,
    ExchangesInTime,
    exchanges_in_time,
)
from detente.deals._leverage import Leverage, leverage
from detente.deals._linkage import Exchange, linked_exchanges
from detente.deals._linked_deals import LinkedDeals, linked_deals
from detente.deals._packages import Packages, packages
from detente.deals._price import TEST_WORDS, TESTS, Price, price
from detente.deals._question import PAYMENT, DealQuestion, deal_question
from detente.deals._traded_case import exchange_case

__all__ = [
    "PAYMENT",
    "TESTS",
    "TEST_WORDS",
    "BargainingSolutions",
    "DealAssessment",
    "DealQuestion",
    "DealStudy",
    "Exchange",
    "ExchangeInTime",
    "ExchangesInTime",
    "Leverage",
    "LinkedDeal",
    "LinkedDeals",
    "Packages",
    "Price",
    "assess_deal",
    "bargaining_solutions",
    "deal_question",
    "exchange_case",
    "exchanges_in_time",
    "leverage",
    "linked_deals",
    "linked_exchanges",
    "packages",
    "price",
    "study_deal",
]
