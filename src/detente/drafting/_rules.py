"""What is asked of a draft beyond being a sound case: nothing invented, each claim anchored.

The rules are read off the plain values of an answer (`detente.case.read_outline`), so they hold for
a case that is not sound yet, and all that is wrong is said at once. Cost: linear in the answer, and
in the document for its sentences.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from math import prod
from typing import Any

from detente.case import Places, bare_words, format_fields, look_up
from detente.drafting._limits import MOST_CLAIMS, MOST_STATES, OFFERED
from detente.errors import InputError, Problem
from detente.reading import Document, Sentence
from detente.text import quote

JUDGEMENT = "judgement"
_NARROW = 0.5
_FREE = {-1.0, 0.0, 1.0}
_NEGATIONS = {"not", "never", "hardly", "t"}
_YES_OR_NO = ("equilibrium", "possible")
_FIGURE = re.compile(r"(\d+(?:[.,]\d+)?)\s*(%|per ?cent\b)?")
_SHARES = re.compile(r"(\d+(?:\.\d+)?)\s*(?:-|\u2013|to|and)\s*\d+(?:\.\d+)?\s*(?:%|per ?cent\b)")
_COUNTS = dict(
    zip(
        ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"],
        range(1, 11),
        strict=True,
    )
)
_COUNT = rf"(\d{{1,3}}|{'|'.join(_COUNTS)})"
_RATIO = re.compile(rf"\b{_COUNT}[\s-](?:in|out of)[\s-]{_COUNT}\b")

Tree = Mapping[str, Any]
Path = tuple[str | int, ...]
Found = tuple[Path, str, str]
"""Where something is wrong, what, and what to do."""


def draft_problems(
    case: Tree, places: Places, document: Document, source: str, name: str
) -> list[Problem]:
    """Return what an answer does that a draft may not, each with its place."""
    found = [
        *_keys(case, source),
        *_sizes(case),
        *_parameters(_map(case, "parameters")),
        *_numbers(case),
        *_claims(case, document),
    ]
    return [Problem(name, *places.of(*path), message, remedy) for path, message, remedy in found]


def withheld(case: Tree) -> list[str]:
    """Return the keys of an answer that a case may have, and a draft may not."""
    known = {field.path for field in format_fields()}
    return [key for key in case if key in known and key not in OFFERED]


def _map(tree: Any, key: str) -> Tree:
    value = tree.get(key) if isinstance(tree, Mapping) else None
    return value if isinstance(value, Mapping) else {}


def _keys(case: Tree, source: str) -> Iterator[Found]:
    for key in withheld(case):
        yield (key,), f"a draft has no {quote(key)}", "take it out"
    for other in _map(case, "sources"):
        if other != source:
            message = f"the one source of this draft is {source}, not {quote(other)}"
            yield ("sources", other), message, f"write `sources: {{{source}: {{title: {source}}}}}`"
    claims = case.get("claims")
    for index, claim in enumerate(claims if isinstance(claims, list) else ()):
        if isinstance(claim, Mapping) and "resolved" in claim:
            message = "how a claim turned out is not in the document"
            yield ("claims", index, "resolved"), message, "take it out"


def _sizes(case: Tree) -> Iterator[Found]:
    claims = case.get("claims")
    if isinstance(claims, list) and len(claims) > MOST_CLAIMS:
        message = f"the case has {len(claims):,} claims, more than {MOST_CLAIMS:,}"
        yield ("claims",), message, "leave out the least of them"
    states = count_states(case)
    if states > MOST_STATES:
        size = f"{states:,}" if states < 10**15 else "more than 10^15"
        message = f"the case has {size} states, more than {MOST_STATES:,}"
        yield ("actors",), message, "take out options, conditions or levels, or merge some"


def count_states(case: Tree) -> int:
    """Return the number of states of a case, as far as its levels can be read."""
    forms = [
        form for actor in _map(case, "actors").values() for form in _map(actor, "options").values()
    ]
    sizes = []
    for form in [*forms, *_map(case, "conditions").values()]:
        levels = form.get("levels") if isinstance(form, Mapping) else form
        sizes.append(max(len(levels), 1) if isinstance(levels, list) else 1)
    return prod(sizes)


def _parameters(parameters: Tree) -> Iterator[Found]:
    for name, body in parameters.items():
        path: Path = ("parameters", name)
        if not isinstance(body, Mapping):
            continue
        ends = body.get("range")
        if ends is None and body.get("choices") is None:
            remedy = "add `range: [low, high]`, wide enough for people who disagree"
            yield path, f"{quote(name)} has no range", remedy
            if not str(body.get("reason") or "").strip():
                yield path, f"{quote(name)} has no reason", "add `reason: …`"
        if body.get("source") not in {None, JUDGEMENT} or (ends is None and "source" not in body):
            remedy = f"write `source: {JUDGEMENT}`; the reason may say what the document says"
            yield (*path, "source"), f"the value of {quote(name)} is a judgement", remedy
        if _is_narrow(body.get("value"), ends):
            remedy = "widen it to at least half the size of the value"
            yield (*path, "range"), f"the range of {quote(name)} is narrow", remedy


def _is_narrow(value: Any, ends: Any) -> bool:
    numbers = [_number(one) for one in (value, *ends)] if isinstance(ends, list) else []
    if len(numbers) != 3 or None in numbers:
        return False
    size, low, high = (number or 0.0 for number in numbers)
    return 0.0 < high - low < _NARROW * abs(size)


def _number(value: Any) -> float | None:
    """Return a number that is written as one, or as a text that is nothing else."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        return float(value)
    except (ValueError, OverflowError):
        return None


def _numbers(case: Tree) -> Iterator[Found]:
    """Complain about numbers that should be parameters."""
    for path, value in _formulas(case):
        number = _number(value)
        if number is not None and number not in _FREE:
            message = f"{path[-1]} is the bare number {value}"
            yield path, message, "make it a parameter, with its range and reason"


def _formulas(case: Tree) -> Iterator[tuple[Path, Any]]:
    for actor, body in _map(case, "actors").items():
        here: Path = ("actors", actor)
        for key in ("rate", "precision", "discount"):
            yield (*here, key), body.get(key) if isinstance(body, Mapping) else None
        for issue, weight in _map(_map(body, "preferences"), "weights").items():
            yield (*here, "preferences", "weights", issue), weight
        for option, form in _map(body, "options").items():
            cost = form.get("cost") if isinstance(form, Mapping) else None
            for key, one in cost.items() if isinstance(cost, Mapping) else [("cost", cost)]:
                place = ("cost", key) if isinstance(cost, Mapping) else ("cost",)
                yield (*here, "options", option, *place), one
    for condition, body in _map(case, "conditions").items():
        for jump, rate in _map(body, "rates").items():
            yield ("conditions", condition, "rates", jump), rate


def _claims(case: Tree, document: Document) -> Iterator[Found]:
    at = {(one.paragraph, one.number): one for one in document.sentences()}
    by_hash = {one.hash: one for one in document.sentences()}
    claims = case.get("claims")
    for index, claim in enumerate(claims if isinstance(claims, list) else ()):
        if not isinstance(claim, Mapping):
            continue
        path: Path = ("claims", index)
        label = quote(str(claim.get("id", f"claim {index + 1}")))
        where = claim.get("where")
        if not isinstance(where, Mapping):
            remedy = "add `where:` with source, paragraph, sentence and hash of its sentence"
            yield path, f"{label} does not say where it stands", remedy
            continue
        hash_ = str(getattr(where.get("hash"), "written", where.get("hash")))
        sentence = at.get((_count(where.get("paragraph")), _count(where.get("sentence"))))
        if sentence is None or sentence.hash != hash_:
            yield (*path, "where"), *_astray(label, where, sentence, by_hash.get(hash_))
            continue
        yield from _words(path, label, claim, sentence)
        yield from _expect((*path, "expect"), label, claim, sentence)


def _count(value: Any) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) else 0


def _astray(
    label: str, where: Tree, there: Sentence | None, meant: Sentence | None
) -> tuple[str, str]:
    """Say what is wrong with an anchor that leads to no sentence, or to another."""
    said = f"{where.get('paragraph')}.{where.get('sentence')}"[:20]
    if meant is not None:
        message = f"{label} points at {said}, but its hash is that of {meant.place}"
        return message, f"write paragraph: {meant.paragraph}, sentence: {meant.number}"
    if there is None:
        message = f"{label} points at {said}, and the document has no such sentence"
        return message, "give the numbers and the hash that stand before the sentence"
    message = f"{label} points at {said}, whose hash is not the one it gives"
    return message, f"write hash: {there.hash} if that sentence is meant"


def _words(path: Path, label: str, claim: Tree, sentence: Sentence) -> Iterator[Found]:
    text = f" {bare_words(sentence.text)} "
    says = bare_words(str(claim.get("says", "")))
    if says and f" {says} " == text and len(says.split()) > 6:
        message = f"{label} copies sentence {sentence.place}"
        yield (*path, "says"), message, "say it in your own words"
    words = claim.get("words")
    if not isinstance(words, str) or not words.strip():
        return
    bare = bare_words(words)
    before, found, after = text.partition(f" {bare} ")
    if not bare or not found:
        message = f"sentence {sentence.place} does not say {quote(words)}"
        yield (*path, "words"), message, "quote its own words of likelihood, or leave words out"
        return
    longer = _longer(
        bare, before.split()[-1:], after.split()[:1], str(claim.get("scale", "icd203"))
    )
    if longer:
        message = f"sentence {sentence.place} says {quote(longer)}, not just {quote(words)}"
        yield (*path, "words"), message, "quote all of it"


def _longer(bare: str, before: list[str], after: list[str], scale: str) -> str:
    """Return the words with a neighbour that changes what they say; empty where none does."""
    for near in ([*before, bare], [bare, *after]):
        longer = " ".join(near)
        if longer == bare:
            continue
        beside = before if near[-1] == bare else after
        if set(beside) & _NEGATIONS:
            return longer
        try:
            one, other = look_up(bare, scale), look_up(longer, scale)
        except InputError:
            continue
        if (one.low, one.high) != (other.low, other.high):
            return longer
    return ""


def _expect(path: Path, label: str, claim: Tree, sentence: Sentence) -> Iterator[Found]:
    expect, ask = claim.get("expect"), claim.get("ask")
    if expect is None or not isinstance(ask, Mapping) or str(expect).strip() == "words":
        return
    if any(key in ask for key in _YES_OR_NO):
        return
    remedy = "quote the words of likelihood with `expect: words`, or leave expect out"
    if isinstance(expect, bool) or str(expect).strip() in {"true", "false"}:
        message = f"{label} expects {str(expect).lower()} of what has a probability"
        yield path, message, remedy
        return
    written = (
        expect
        if isinstance(expect, list)
        else re.findall(r"[-+]?[\d.]+(?:e[-+]?\d+)?", str(expect))
    )
    numbers = {number for one in written if (number := _number(one)) is not None}
    free = {0.0} if "probability" not in ask or "versus" in claim else set()
    bounds = {0.0, 1.0} if numbers & _figures(sentence.text) else free
    invented = sorted(numbers - _figures(sentence.text) - bounds)
    if invented:
        said = ", ".join(f"{number:g}" for number in invented)
        yield path, f"{label} expects {said}, which sentence {sentence.place} does not say", remedy


def _figures(text: str) -> set[float]:
    """Return the numbers of a sentence, per cent and *one in five* as shares.

    Examples
    --------
    >>> sorted(_figures("It has a one in five chance, or 30 per cent."))
    [0.2, 0.3]
    """
    found = {float(share[1]) / 100.0 for share in _SHARES.finditer(text.lower())}
    for ratio in _RATIO.finditer(text.lower()):
        of, all_ = (float(_COUNTS.get(count, count)) for count in ratio.groups())
        found |= {of / all_} if 0 < of <= all_ else set()
    for figure in _FIGURE.finditer(text.lower()):
        value = float(figure[1].replace(",", "."))
        found.add(value / 100.0 if figure[2] else value)
    return found
