"""The text from which a new case starts: small, sound, and with a remark on every part."""

from __future__ import annotations

import json

_TEXT = """\
# A new case. Change a name or a number, and see what follows.
detente: 1
title: {title}
question: Does the second give way when the first presses?
about: A sketch of two parties; replace it by who acts in your conflict.

clock: {{start: 2026-01-01, end: 2030-12-31}}

sources:
  notes: {{title: My notes}}

# Numbers that honest people may put differently: a value, and the range in which it may lie.
parameters:
  stake: {{value: 1, range: [0.5, 2], reason: Worth of the matter to it., source: judgement}}
  burden: {{value: 0.8, range: [0.3, 1.5], reason: Cost of pressure a year., source: judgement}}

# Who decides, what each can do (lowest level first), and what each cares about.
actors:
  first:
    title: First party
    precision: 3
    options:
      pressure: {{levels: [none, some], cost: 0.05}}
    preferences:
      weights: {{concession: 1, effort: -0.2}}
  second:
    title: Second party
    precision: 3
    options:
      stance: {{levels: [firm, yielding], cost: 0.1}}
    preferences:
      weights: {{standing: stake, hardship: -burden}}

# What they care about, computed from what is the case.
issues:
  concession: second.stance == yielding
  standing: second.stance == firm
  effort: first.pressure == some
  hardship: (first.pressure == some) * (second.stance == firm)

status_quo: {{first.pressure: none, second.stance: firm}}

# What is argued, each with the question that it puts to the model.
claims:
  - id: C1
    says: The second party is likely to give way within five years.
    words: likely
    ask: {{probability: "F[0, 5] second.stance == yielding"}}
    expect: words
"""


def new_case_text(title: str) -> str:
    """Return the text of a new case.

    Examples
    --------
    >>> from detente.case import read_case
    >>> read_case(new_case_text("Grain: a quarrel").encode(), "grain.yaml").title
    'Grain: a quarrel'
    """
    return _TEXT.format(title=json.dumps(title, ensure_ascii=False))
