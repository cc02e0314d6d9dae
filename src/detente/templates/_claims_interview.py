"""What the dialogue asks about claims: the sentence, what must hold, for how long, how likely.

A claim becomes one of four questions of the format: it happens within some years, it lasts through
them, it holds for a share of them, or it is an equilibrium.
"""

from __future__ import annotations

import re
from collections.abc import Generator, Mapping
from functools import partial
from typing import Any

from detente.case import look_up
from detente.errors import InputError
from detente.templates._question import (
    Called,
    DialogueQuestion,
    accepted_by,
    read_choice,
    read_names,
    read_number,
)

_PART = "What is argued"
_MOST_CLAIMS = 20
_KINDS = read_names("happens, lasts, share, stable", "kind", 4)
_LONGEST_PHRASE = 5
_WORD = re.compile(r"[\w'’-]+")
_INTERVAL = re.compile(r"\[?\s*([\d.]+)\s*(?:,|-|–|to)\s*([\d.]+)\s*\]?")
_TRUTHS = {"yes": True, "true": True, "no": False, "false": False}


def ask_claims(
    case: dict[str, Any], levels: Mapping[str, tuple[Called, ...]]
) -> Generator[DialogueQuestion, Any, None]:
    """Ask for claims until none is given; the first is needed."""
    name, known = next(iter(levels.items()))
    there = ", ".join(
        f"{variable} ({', '.join(level.name for level in known)})"
        for variable, known in levels.items()
    )
    example = f"such as {name} == {known[-1].name}; there are {there}"
    while len(case["claims"]) < _MOST_CLAIMS:
        again = bool(case["claims"])
        words = "Another one? Nothing to finish." if again else "What is claimed? One sentence."
        says = yield DialogueQuestion(
            _PART, words, partial(_read_sentence, case),
            f"such as: It is likely that {name} is {known[-1].title} within five years.",
            default="" if again else None,
        )  # fmt: skip
        if not says:
            return
        case["claims"].append((yield from _ask_claim(case, says, example)))


def _ask_claim(
    case: dict[str, Any], says: str, example: str
) -> Generator[DialogueQuestion, Any, dict[str, Any]]:
    claim: dict[str, Any] = {"id": f"C{len(case['claims']) + 1}", "says": says}
    kind = yield DialogueQuestion(
        _PART,
        "What does it say of that? It happens (within some years), it lasts (all through them), it "
        "holds for a share (of the time), or it is stable (nobody would leave it).",
        partial(read_choice, choices=_KINDS, what="kind"),
        default="happens",
    )

    def read_formula(text: str) -> str:
        accepted_by(case, {"claims": [{**claim, "ask": _question(kind, text, 1)}]})
        return text

    formula = yield DialogueQuestion(
        _PART, "What must be the case? A formula of the state.", read_formula, example
    )
    years = 0.0
    if kind != "stable":
        clock = case["clock"]
        ahead = (clock["end"] - clock["start"]).days / 365.25
        years = yield DialogueQuestion(
            _PART,
            "Within how many years?" if kind == "happens" else "Over how many years?",
            partial(read_number, least=0.01, most=100),
            default=f"{ahead:.0f}" if ahead >= 1 else "1",
        )
    claim["ask"] = _question(kind, formula, years)

    def read_expectation(text: str) -> dict[str, Any]:
        expected = _expectation(text)
        accepted_by(case, {"claims": [{**claim, **expected}]})
        return expected

    expected = yield DialogueQuestion(
        _PART,
        "Is it so? yes or no." if kind == "stable" else
        "How likely does it say that is? Words of ICD 203 (unlikely, likely, very likely, ...), a "
        "bound or an interval.",
        read_expectation,
        "yes or no" if kind == "stable" else "such as likely, > 0.5 or 0.2 to 0.45",
        default="yes" if kind == "stable" else _phrase_in(says) or "likely",
    )  # fmt: skip
    return {"id": claim["id"], "says": says, **expected, "ask": claim["ask"]}


def _read_sentence(case: Mapping[str, Any], text: str) -> str:
    if text:
        accepted_by(case, {"claims": [{"id": "C", "says": text, "unasked": "not yet"}]})
    return text


def _question(kind: str, formula: str, years: float) -> dict[str, Any]:
    if kind == "stable":
        return {"equilibrium": formula, "concept": "seq"}
    if kind == "share":
        return {"average": formula, "over": years}
    return {"probability": f"{'F' if kind == 'happens' else 'G'}[0, {years}] {formula}"}


def _expectation(text: str) -> dict[str, Any]:
    """Read what a claim expects, in words or numbers."""
    if text.casefold() in _TRUTHS:
        return {"expect": _TRUTHS[text.casefold()]}
    if between := _INTERVAL.fullmatch(text):
        return {"expect": [read_number(end, 0, 1) for end in between.groups()]}
    if text[0].isalpha():
        look_up(text)
        return {"words": text, "expect": "words"}
    return {"expect": text}


def _phrase_in(sentence: str) -> str:
    """Return the words of likelihood in a sentence, the longest there are.

    Examples
    --------
    >>> _phrase_in("It is very likely that the dam is built."), _phrase_in("It will be.")
    ('very likely', '')
    """
    words = _WORD.findall(sentence)
    for length in range(_LONGEST_PHRASE, 0, -1):
        for start in range(len(words) - length + 1):
            phrase = " ".join(words[start : start + length])
            try:
                look_up(phrase)
            except InputError:
                continue
            return phrase.casefold().removeprefix("is ")
    return ""
