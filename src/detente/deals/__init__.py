"""What would it take: the price of a behaviour, who would pay it, fair points, linked deals."""
