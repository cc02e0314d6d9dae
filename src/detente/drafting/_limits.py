"""What a draft may hold: the keys that are asked of an assistant, and sizes.

What is left out is either the analyst's to say (``meant``, ``resolved``, ``views``, ``variants``,
``correlations``), or would make detente read another file (``history``, ``bargaining``).
"""

from __future__ import annotations

OFFERED = (
    "detente", "title", "question", "about", "clock", "sources", "parameters", "actors",
    "conditions", "infeasible", "issues", "status_quo", "claims", "brief", "notes",
)  # fmt: skip
"""The keys of a case that a draft may have."""

REFUSED = (
    "claims.resolved", "sources.author", "sources.date", "sources.publisher", "sources.address",
    "sources.note",
)  # fmt: skip
"""Keys below them that are not asked for."""

MOST_STATES = 20_000
MOST_CLAIMS = 300
MOST_ANSWER = 2**20
"""Bytes of an answer."""
