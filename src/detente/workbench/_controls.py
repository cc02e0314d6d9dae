"""What can be moved: parameters by actor as sliders, levels to hold, and today's state."""

from __future__ import annotations

from dataclasses import dataclass

from detente.case import Case, Parameter
from detente.text import precise, show, spaced
from detente.workbench._bench import Scene

_STEPS = 200


@dataclass(frozen=True)
class Slider:
    """A parameter with its range, its stated value, and where it stands."""

    parameter: Parameter
    value: float
    moved: bool
    low: float
    high: float
    step: float
    label: str
    stated: str
    printed: str
    source: str


@dataclass(frozen=True)
class LevelChoice:
    """An option or condition with its levels, the one it is held at, and today's."""

    name: str
    title: str
    levels: tuple[tuple[str, str], ...]
    held: str
    today: str
    stated: str


@dataclass(frozen=True)
class Controls:
    """All that the page lets move."""

    groups: tuple[tuple[str, tuple[Slider, ...]], ...]
    levers: tuple[LevelChoice, ...]


def controls(scene: Scene) -> Controls:
    """Return what can be moved at a setting."""
    case, setting = scene.base, scene.setting
    groups: dict[str, list[Slider]] = {}
    for parameter in case.parameters.values():
        if parameter.low < parameter.high:
            groups.setdefault(_owner(case, parameter), []).append(_slider(scene, parameter))
    levers = []
    for name, variable in case.namespace.variables.items():
        stated = variable.levels[case.status_quo[name]]
        levers.append(
            LevelChoice(
                name=name,
                title=scene.names.variable(name),
                levels=tuple((level, spaced(level)) for level in variable.levels),
                held=setting.held.get(name, ""),
                today=setting.today.get(name, ""),
                stated=spaced(stated),
            )
        )
    return Controls(tuple((who, tuple(found)) for who, found in groups.items()), tuple(levers))


def _slider(scene: Scene, parameter: Parameter) -> Slider:
    moved = parameter.name in scene.setting.parameters
    value = scene.setting.parameters.get(parameter.name, parameter.value)
    source = scene.base.sources.get(parameter.source)
    return Slider(
        parameter=parameter,
        value=value,
        moved=moved,
        low=parameter.low,
        high=parameter.high,
        step=(parameter.high - parameter.low) / _STEPS,
        label=spaced(parameter.name.rpartition(".")[2]),
        stated=precise(parameter.value),
        printed=show(value, "fine"),
        source=source.title if source else parameter.source,
    )


def _owner(case: Case, parameter: Parameter) -> str:
    """Return the actor whose preferences use a parameter alone, or what it belongs to else."""
    head, dot, _ = parameter.name.partition(".")
    actors = {actor.name: actor.title or spaced(actor.name) for actor in case.actors}
    return actors.get(head, "Everybody") if dot else "Everybody"
