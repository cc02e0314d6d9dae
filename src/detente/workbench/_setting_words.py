"""What differs between two settings, and between their answers, in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from detente.case import Case, Labels
from detente.text import day, plural, precise, spaced
from detente.workbench._setting import Setting
from detente.workbench._stated import StatedAnswer

Answers = Mapping[str, StatedAnswer]


def setting_changes(a: Setting, b: Setting, case: Case) -> tuple[str, ...]:
    """Say what has to be moved to get from one setting to another.

    Parameters
    ----------
    a, b : Setting
    case : Case
        The case of both, as its file has it; of the second where they are of two cases.

    Examples
    --------
    >>> import detente
    >>> a = Setting("chicken")
    >>> b = Setting("chicken", parameters={"nerve": 4.0}, held={"ann.drive": "straight"})
    >>> setting_changes(a, b, detente.load("chicken"))
    ('nerve from 6 to 4', 'ann: drive held at straight')
    """
    return tuple(_differing(a, b, case))


def _differing(a: Setting, b: Setting, case: Case) -> Iterator[str]:
    if a.case != b.case:
        yield f"case {b.case} in place of {a.case}"
        a = Setting(b.case)
    elif a.sha and b.sha and a.sha != b.sha:
        yield "the file of the case has changed"
    yield from (f"variant {name}" for name in b.variants if name not in a.variants)
    yield from (f"no longer variant {name}" for name in a.variants if name not in b.variants)
    yield from _parameters(a, b, case)
    names = Labels(case)
    for name in sorted({*a.held, *b.held}):
        before, after, title = a.held.get(name), b.held.get(name), names.title(name)
        if after is None:
            yield f"{title} no longer held"
        elif before != after:
            yield f"{title} held at {spaced(after)}" + (f", not {spaced(before)}" if before else "")
    if b.held and a.announced != b.announced:
        yield "what is held is announced" if b.announced else "what is held is not announced"
    if b.held and a.during != b.during:
        yield f"held {_during(b)}"
    for name in sorted({*a.today, *b.today}):
        before, after = (_today(side, name, case) for side in (a, b))
        if before != after:
            yield f"{names.title(name)} is {spaced(after)} today, not {spaced(before)}"
    if a.start != b.start:
        start = b.start or case.start
        yield "no start date" if start is None else f"start on {day(start)}"


def _parameters(a: Setting, b: Setting, case: Case) -> Iterator[str]:
    for name in sorted({*a.parameters, *b.parameters}):
        if name not in case.parameters:
            continue
        stated = case.parameters[name].value
        before, after = (side.parameters.get(name, stated) for side in (a, b))
        if before != after:
            again = " again, as stated" if name not in b.parameters else ""
            title = Labels(case).title(name)
            yield f"{title} from {precise(before)} to {precise(after)}{again}"


def _during(setting: Setting) -> str:
    if setting.during is None:
        return "for the whole period"
    begin, end = map(precise, setting.during)
    return f"from year {begin} to year {end}"


def _today(setting: Setting, name: str, case: Case) -> str:
    variable = case.namespace.variables.get(name)
    stated = "" if variable is None else variable.levels[case.status_quo[name]]
    return setting.today.get(name, stated)


def answer_changes(a: Answers, b: Answers) -> tuple[str, ...]:
    """Say which verdicts differ between two settings, and how many more answers move."""
    turned, moved, alone = [], 0, 0
    for name in dict.fromkeys([*a, *b]):
        if name not in a or name not in b:
            alone += 1
        elif a[name].word != b[name].word:
            before, after = (one[name].word or "no verdict" for one in (a, b))
            turned.append(f"{name} from {before} to {after} ({a[name].number} to {b[name].number})")
        elif a[name].number != b[name].number:
            moved += 1
    if moved:
        noun = plural(moved, "answer")
        turned.append(f"{noun} {'moves' if moved == 1 else 'move'}, the verdict as before")
    if alone:
        turned.append(f"{plural(alone, 'claim')} {'is' if alone == 1 else 'are'} on one side")
    return tuple(turned) or ("no answer moves",)
