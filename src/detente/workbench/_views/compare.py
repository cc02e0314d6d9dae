"""Compare: the present setting beside one or two others, claim by claim.

The others stand in the address, each as ``with`` and its own address: settings that were pinned,
other cases of the folder, or earlier versions of one. Cost: one solve a setting that is not
remembered; over draws, which are there for the asking, that of two studies.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any
from urllib.parse import parse_qsl

from detente.case import CaseFolder, Claim, builtin_cases
from detente.comparison import InputChange, compare, input_changes
from detente.engine import Progress, poll
from detente.errors import InputError
from detente.report import claim_readings
from detente.text import Kind, plural, show
from detente.workbench._bench import Scene
from detente.workbench._counted import CountedWork
from detente.workbench._links import link
from detente.workbench._request import FIRST, Fragment, PageView, Request, put, say
from detente.workbench._setting import Setting
from detente.workbench._setting_words import Answers, setting_changes
from detente.workbench._stated import StatedAnswer, stated_answers
from detente.workbench._templates import render

MOST = 2
"""Settings that can stand beside the present one."""
DRAWS, LARGEST = 100, 1000
"""Draws that are offered for a comparison, and the most that an address may ask for."""
_LETTERS = "AB"
_SAVED = re.compile(r"(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)\d\dZ-[0-9a-f]+\.ya?ml")
_VERSIONS = 10


@dataclass(frozen=True)
class ComparedSetting:
    """A setting beside the present one.

    Attributes
    ----------
    letter : str
    scene : Scene
    moved : tuple of str
        What it has moved away from its case as stated.
    differs : tuple of str
        What the present setting has moved away from it.
    inputs : tuple of InputChange
        What the files state differently, where they are two.
    there, without : str
        Addresses: of this setting, and of the comparison without it.
    """

    letter: str
    scene: Scene
    moved: tuple[str, ...]
    differs: tuple[str, ...]
    inputs: tuple[InputChange, ...]
    there: str
    without: str


@dataclass(frozen=True)
class ComparedCell:
    """What a setting answers to a claim, and in words how that differs from the present answer."""

    answer: StatedAnswer | None
    differs: str = ""


@dataclass(frozen=True)
class ComparedClaim:
    """A claim with the answers of all settings, the present one last."""

    claim: Claim
    cells: tuple[ComparedCell, ...]

    @property
    def everywhere(self) -> bool:
        """Whether every setting asks it."""
        return all(cell.answer for cell in self.cells)

    @property
    def turns(self) -> bool:
        """Whether verdicts differ where it is asked."""
        return len({cell.answer.word for cell in self.cells if cell.answer}) > 1

    @property
    def differs(self) -> bool:
        """Whether anything that is printed differs."""
        return any(cell.differs for cell in self.cells)


def _frame(request: Request) -> str:
    return render("compare_view.html.j2")


def _answer(request: Request) -> Iterator[Fragment]:
    scene, pinned = request.scene, _pinned(request)
    yield put("compare-tools", _tools(request, pinned))
    found: list[ComparedSetting] = []
    wrong: list[tuple[str, str]] = []
    for address in pinned[:MOST]:
        rest = [other for other in pinned if other != address]
        try:
            found.append(_beside(address, rest, request, _LETTERS[len(found)]))
        except InputError as error:
            wrong.append((str(error), _with(request, rest)))
    if len(pinned) > MOST:
        wrong.append(
            (f"{MOST} settings at most stand beside this one", _with(request, pinned[:MOST]))
        )
    now = setting_changes(Setting(scene.setting.case), scene.setting, scene.base)
    yield put("compare-sides", render("compare_sides.html.j2", now=now, sides=found, wrong=wrong))
    if found:
        answers = []
        scenes = [*(one.scene for one in found), scene]
        for side in scenes:
            poll()
            answers.append(stated_answers(side))
        yield put("compare-claims", _claims(answers, scenes, found))
    else:
        yield put("compare-claims", "")
    yield put("compare-draws", _offer(request, pinned) if found else "")
    yield FIRST
    draws = _draws(request)
    if draws and found:
        done, counted = [], CountedWork()
        for one in found:
            work = partial(_over_draws, one, scene, draws, counted.tell)
            done.append((yield from counted.run(work, f"draws of {one.letter} and of now")))
            yield put("compare-draws", render("compare_draws.html.j2", sides=done))
    yield say("")


def _draws(request: Request) -> int:
    """Return how many draws are asked for in the address."""
    text = request.words.get("draws", "0")
    if not text.isdecimal() or not 0 <= int(text) <= LARGEST:
        raise InputError(f"draws={text} in the address; give a number up to {LARGEST}")
    return int(text)


def _offer(request: Request, pinned: list[str]) -> str:
    if _draws(request):
        return ""
    address = f"{_with(request, pinned)}&draws={DRAWS}"
    return render("compare_offer.html.j2", address=address, draws=DRAWS)


def _over_draws(
    side: ComparedSetting, now: Scene, draws: int, progress: Progress
) -> dict[str, Any]:
    """Return what differs over draws of everything that neither setting holds at a value."""
    for scene in (side.scene, now):
        scene.check_held()
    found = compare(side.scene.case, now.case, draws, 1, progress=progress)
    return {
        "letter": side.letter,
        "found": found,
        "claims": [(change, claim_readings(change, side.letter, "now")) for change in found.moved],
        "alike": [change.id for change in found.claims if change.what == "same"],
    }


def _pinned(request: Request) -> list[str]:
    """Return the addresses that stand beside the present setting, each once."""
    return list(dict.fromkeys(filter(None, request.words.get("with", "").split("\n"))))


def _with(request: Request, pinned: Sequence[str], setting: Setting | None = None) -> str:
    pairs = [("with", address) for address in pinned]
    pairs.append(("plain", request.words.get("plain", "")))
    return link("compare", setting or request.scene.setting, *pairs)


def _tools(request: Request, pinned: list[str]) -> str:
    own = request.scene.setting.address()
    folder, case = request.bench.folder, request.scene.setting.case
    names = sorted((*folder.cases(), *builtin_cases()), key=lambda name: name != case)
    choices = [(f"{name} as stated" if name == case else name, name) for name in names]
    choices = [*choices[:1], *_versions(folder, case), *choices[1:]]
    hidden = [*parse_qsl(own), *(("with", address) for address in pinned[-1:])]
    if "plain" in request.words:
        hidden.append(("plain", "1"))
    return render(
        "compare_tools.html.j2",
        own=own,
        pin=_with(request, [*pinned, own][-MOST:]),
        hidden=hidden,
        cases=[(words, Setting(name).address()) for words, name in choices],
    )


def _versions(folder: CaseFolder, case: str) -> list[tuple[str, str]]:
    """Return the newest earlier versions of a file that were saved on the page, in words."""
    place = f".detente/versions/{case}"
    try:
        names = sorted((path.name for path in folder.inside(place).iterdir()), reverse=True)
    except (InputError, OSError):
        return []
    found = [(match, name) for name in names if (match := _SAVED.fullmatch(name))]
    return [
        (
            f"{case} as it was until {match[1]}-{match[2]}-{match[3]} {match[4]}:{match[5]} UTC",
            f"{place}/{name}",
        )
        for match, name in found[:_VERSIONS]
    ]


def _beside(address: str, rest: list[str], request: Request, letter: str) -> ComparedSetting:
    setting, _ = Setting.parse(address)
    if not setting.case:
        raise InputError(f"{address!r} names no case; take it out of the address")
    scene, own = request.bench.scene(setting), request.scene
    # The hash that stands in the address is of the file as it was when the setting was pinned.
    stale = () if setting.fits(scene.base) else ("the file of the case has changed since then",)
    two = own.base.sha256 != scene.base.sha256
    return ComparedSetting(
        letter=letter,
        scene=scene,
        moved=(*stale, *setting_changes(Setting(setting.case), scene.setting, scene.base)),
        differs=setting_changes(scene.setting, own.setting, own.base),
        inputs=input_changes(scene.base, own.base) if two else (),
        there=_with(request, rest, scene.setting),
        without=_with(request, rest),
    )


def _claims(answers: list[Answers], scenes: list[Scene], sides: list[ComparedSetting]) -> str:
    claims = {claim.id: claim for scene in scenes for claim in scene.asked}
    order = dict.fromkeys(claim.id for scene in reversed(scenes) for claim in scene.asked)
    rows = [_row(claims[name], [side.get(name) for side in answers]) for name in order]
    differing = sorted(
        (row for row in rows if row.differs), key=lambda row: (not row.everywhere, not row.turns)
    )
    return render(
        "compare_claims.html.j2",
        sides=sides,
        rows=differing,
        alike=[row.claim.id for row in rows if not row.differs],
        summary=_summary(rows),
        why={
            row.claim.id: link("why", scenes[-1].setting, ("claim", row.claim.id)) for row in rows
        },
    )


def _row(claim: Claim, answers: list[StatedAnswer | None]) -> ComparedClaim:
    *sides, now = answers
    cells = [*(ComparedCell(one, _difference(one, now)) for one in sides), ComparedCell(now)]
    return ComparedClaim(claim, tuple(cells))


def _difference(one: StatedAnswer | None, now: StatedAnswer | None) -> str:
    """Say how the present answer differs from one; nothing where they are printed alike."""
    if one is None or now is None:
        return "" if one is now else "on one side only"
    if (one.number, one.word) == (now.number, now.word):
        return ""
    parts = ["another verdict"] if one.word != now.word else []
    if one.number != now.number and one.kind == now.kind != "truth":
        kind: Kind = "points" if one.kind in {"share", "points"} else "signed"
        gap = show(abs(now.value - one.value), kind).removeprefix("+")
        parts.append(f"{gap} {'higher' if now.value > one.value else 'lower'} now")
    return ", ".join(parts) or "another answer"


def _summary(rows: Sequence[ComparedClaim]) -> str:
    both = [row for row in rows if row.everywhere]
    turned = sum(row.turns for row in both)
    moved = sum(row.differs and not row.turns for row in both)
    alone = len(rows) - len(both)
    parts = []
    if turned or moved:
        verb = "differs" if turned == 1 else "differ"
        parts.append(f"{turned or 'None'} of {plural(len(both), 'verdict')} {verb}")
    elif both:
        parts.append("No answer differs")
    if moved:
        noun = f"{'more ' if turned else ''}{'answer moves' if moved == 1 else 'answers move'}"
        parts.append(f"{moved} {noun}")
    if alone:
        parts.append(
            f"{plural(alone, 'claim')} {'is' if alone == 1 else 'are'} not asked on all sides"
        )
    return ", ".join(parts) or "No claim is asked"


VIEW = PageView("compare", "Compare", _frame, _answer, script="compare.js", style="compare.css")
