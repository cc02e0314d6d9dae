"""A setting in words, for paper, for files, and for whoever has only the page's answers."""

from __future__ import annotations

from detente.text import day, listed, precise, spaced
from detente.workbench._bench import Scene
from detente.workbench._templates import render


def setting_words(scene: Scene) -> tuple[str, ...]:
    """Return what differs from the case as stated, a sentence each.

    Parameters
    ----------
    scene : Scene
    """
    setting, names = scene.setting, scene.names
    words = []
    if setting.variants:
        words.append(f"Variants: {listed([spaced(name) for name in setting.variants])}.")
    if setting.parameters:
        stated = scene.base.variant(*setting.variants).parameters
        moved = [
            f"{name} {precise(value)} (stated {precise(stated[name].value)})"
            for name, value in setting.parameters.items()
        ]
        words.append(f"Set: {'; '.join(moved)}.")
    if setting.held:
        held = [f"{names.variable(name)} at {spaced(at)}" for name, at in setting.held.items()]
        known = "" if setting.announced else ", the actors not knowing"
        while_ = ""
        if setting.during is not None:
            begin, end = map(precise, setting.during)
            while_ = f", from year {begin} to {end}"
        words.append(f"Held: {'; '.join(held)}{while_}{known}.")
    if setting.today:
        today = [f"{names.variable(name)} at {spaced(at)}" for name, at in setting.today.items()]
        words.append(f"Today: {'; '.join(today)}.")
    if setting.start is not None:
        words.append(f"The clock starts on {day(setting.start)}.")
    return tuple(words) or ("Everything as the case states it.",)


def render_words(scene: Scene) -> str:
    """Return the case and the setting in words, for the head of a page."""
    return render(
        "setting_words.html.j2",
        words=setting_words(scene),
        name=scene.setting.case,
        sha=scene.setting.sha,
    )
