"""What would it take: the price of a behaviour, who would pay it, fair points, linked deals."""

from detente.deals.price import Price, price
from detente.deals.question import PAYMENT, Question, ask

__all__ = ["PAYMENT", "Price", "Question", "ask", "price"]
