"""A setting as words to type elsewhere: commands, and lines of Python, that give the same numbers.

`detente run` sets parameters and variants. Where a level is held or the present is moved, no one
command answers all claims, so each question about time gets a command of its own, and a comment
names the claims that only Python can ask.
"""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from detente.case import Arm, Case, Claim, ProbabilityQuestion
from detente.errors import InputError
from detente.expression import Formula
from detente.text import listed
from detente.workbench._answers import why_not_during
from detente.workbench._bench import Bench
from detente.workbench._present import moved_levels
from detente.workbench._request import Fragment
from detente.workbench._setting import Setting, plain_number


def as_command(setting: Setting, case: Case) -> str:
    """Return the command lines that give the numbers of a setting.

    Parameters
    ----------
    setting : Setting
    case : Case
        As its file has it.

    Examples
    --------
    >>> import detente
    >>> case = detente.load("sanctions")
    >>> setting, _ = Setting.parse("case=sanctions&set.pain=2")
    >>> print(as_command(setting, case))
    # Its results.json has the answers at these values as `stated`.
    detente run sanctions --set pain=2
    >>> setting, _ = Setting.parse("case=sanctions&set.pain=2&today.tension=high&during=0,2")
    >>> print(as_command(setting, case).splitlines()[-1])
    # No command asks this for T3 and T4; lines of Python do.
    """
    words = [word for label in setting.variants for word in ("--variant", label)]
    for name, value in setting.parameters.items():
        words += ["--set", f"{name}={plain_number(value)}"]
    changed = setting.apply(case)
    if not (setting.held or setting.today or setting.start):
        run = shlex.join(["detente", "run", setting.case, *words])
        return f"# Its results.json has the answers at these values as `stated`.\n{run}"
    start = moved_levels(case.variant(*setting.variants), changed)
    lines, left = [], []
    if setting.start is not None:
        lines += [f"# The clock starts on {setting.start}: --given has the levels of that day."]
    for claim in changed.claims:
        if claim.ask is None:
            continue
        found = _forecasts(claim, setting, changed, start)
        if found:
            about = ": the first less the second" if len(found) > 1 else ""
            lines.append(f"# {claim.id}{about}")
            lines += [shlex.join([*one, *words]) for one in found]
        else:
            left.append(claim.id)
    if left:
        lines.append(f"# No command asks this for {listed(left)}; lines of Python do.")
    return "\n".join(lines)


def as_python(setting: Setting, case: Case) -> str:
    """Return lines of Python that print the answers of all claims at a setting.

    Parameters
    ----------
    setting : Setting
    case : Case
        As its file has it.

    Examples
    --------
    >>> import detente
    >>> setting, _ = Setting.parse("case=chicken&set.nerve=4")
    >>> print(as_python(setting, detente.load("chicken")))
    import detente
    from detente.claims import answer_claim, claims_model
    <BLANKLINE>
    case = detente.load("chicken")
    case = case.set({"nerve": 4.0})
    claims = case.claims
    model = claims_model(case, claims=claims)
    for claim in claims:
        if claim.ask is not None:
            try:
                print(claim.id, answer_claim(claim, model).value)
            except detente.DetenteError as error:
                print(claim.id, error)
    """
    changed = setting.apply(case)
    lines = [f"case = detente.load({_text(setting.case)})"]
    parts = []
    present = moved_levels(case.variant(*setting.variants), changed)
    if present:
        parts.append(f"status_quo={_text(present)}")
    if setting.start is not None:
        parts.append(f"clock={_text({'start': setting.start.isoformat()})}")
    if parts:
        lines.append(f"case = case.replace({', '.join(parts)})")
    if setting.variants:
        lines.append(f"case = case.variant({', '.join(map(_text, setting.variants))})")
    if setting.parameters:
        lines.append(f"case = case.set({_text(dict(setting.parameters))})")
    if setting.held and setting.during is not None:
        return "\n".join(["import detente", "", *lines, *_for_a_period(setting, changed)])
    names = "answer_claim, claims_model"
    if setting.held:
        names += ", hold_in_claim"
        lines.append(f"held = {_text(setting.levels(case))}  # {', '.join(setting.held.values())}")
        lines.append(
            f"claims = [hold_in_claim(one, held, {setting.announced}) for one in case.claims]"
        )
    else:
        lines.append("claims = case.claims")
    return "\n".join(["import detente", f"from detente.claims import {names}", "", *lines, *_ASK])


_ASK = (
    "model = claims_model(case, claims=claims)",
    "for claim in claims:",
    "    if claim.ask is not None:",
    "        try:",
    "            print(claim.id, answer_claim(claim, model).value)",
    "        except detente.DetenteError as error:",
    "            print(claim.id, error)",
)


def share(bench: Bench, body: Mapping[str, Any]) -> Iterator[Fragment]:
    """Answer the page's request for a setting in words; ``kind`` is ``command`` or ``python``."""
    setting, _ = Setting.parse(str(body.get("query", "")))
    kinds = {"command": as_command, "python": as_python}
    kind = str(body.get("kind", ""))
    if kind not in kinds:
        raise InputError(f"a setting cannot be copied as {kind!r}; copy it as command or python")
    yield {"text": kinds[kind](setting, bench.case(setting.case))}


def _forecasts(
    claim: Claim, setting: Setting, case: Case, start: Mapping[str, str]
) -> list[list[str]]:
    """Return the commands that answer a claim, one for each arm; none where no command can."""
    ask = claim.ask
    if not isinstance(ask, ProbabilityQuestion):
        return []
    arms = [ask.arm] if claim.versus is None else [ask.arm, claim.versus]
    if any(arm.set for arm in arms):
        return []
    period: list[str] = []
    if setting.held and setting.during is not None:
        if why_not_during(claim, setting, case):
            return []
        period = ["--during", ",".join(map(plain_number, setting.during))]
        period += [word for name, k in setting.held.items() for word in ("--do", f"{name}={k}")]
        period += [] if setting.announced else ["--unannounced"]
    scope = [] if claim.scope is None else ["--while", claim.scope.text]
    head = ["detente", "forecast", setting.case, ask.query.text, *scope]
    return [[*head, *_started(arm, case, start), *period, *_held(arm, case)] for arm in arms]


def _started(arm: Arm, case: Case, start: Mapping[str, str]) -> list[str]:
    if isinstance(arm.given, Formula):
        return ["--given", arm.given.text]
    levels = {**start, **_words(arm.given or {}, case)}
    return [word for name, level in levels.items() for word in ("--given", f"{name}={level}")]


def _held(arm: Arm, case: Case) -> list[str]:
    levels = _words(arm.do or {}, case)
    words = [word for name, level in levels.items() for word in ("--do", f"{name}={level}")]
    return words if arm.announced or not words else [*words, "--unannounced"]


def _for_a_period(setting: Setting, case: Case) -> Sequence[str]:
    """Return the lines that answer the claims that can be under a hold for a part of the period."""
    lines = [
        "equilibrium = case.conflict().equilibrium()",
        f"held = {_text(dict(setting.held))}",
    ]
    for claim in case.claims:
        ask = claim.ask
        if isinstance(ask, ProbabilityQuestion) and not why_not_during(claim, setting, case):
            given = ask.arm.given
            text = given.text if isinstance(given, Formula) else _words(given or {}, case) or None
            lines += [
                "found = equilibrium.probability(",
                f"    {_text(ask.query.text)}, {_text(text)}, do=held,",
                f"    announced={setting.announced}, during={setting.during},",
                ")",
                f"print({_text(claim.id)}, found.value)",
            ]
    return lines


def _words(levels: Mapping[str, int], case: Case) -> dict[str, str]:
    variables = case.namespace.variables
    return {name: variables[name].levels[level] for name, level in levels.items()}


def _text(value: object) -> str:
    """Return a value as Python reads it: for text, numbers and mappings that is JSON's spelling."""
    return "None" if value is None else json.dumps(value, ensure_ascii=False)
