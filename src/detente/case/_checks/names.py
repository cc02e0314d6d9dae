"""The names of a case: distinct, not reserved, and what each stands for in a formula."""

from __future__ import annotations

from dataclasses import dataclass

from detente.case._checks.findings import Path, Problems
from detente.case._schema import CaseFile, ConditionFile, OptionFile
from detente.expression import RESERVED, Namespace, Variable
from detente.text import quote

Form = list[str] | OptionFile


@dataclass(frozen=True, slots=True)
class KnownNames:
    """The scope of formulas, and the variables by name with the actor who controls each."""

    namespace: Namespace
    variables: dict[str, Variable]
    owner: dict[str, str | None]

    @property
    def state(self) -> Namespace:
        """The scope without issues, for what issues themselves rest on."""
        numbers = {
            name: kind for name, kind in self.namespace.numbers.items() if kind == "parameter"
        }
        barred = {
            name: kind for name, kind in self.namespace.numbers.items() if kind != "parameter"
        }
        return Namespace(self.variables, numbers, barred)


def long_form(form: Form) -> OptionFile:
    """Return an option in its long form."""
    return form if isinstance(form, OptionFile) else OptionFile(levels=form)


def read_names(file: CaseFile, findings: Problems) -> KnownNames:
    """Check the names of a file and return what they stand for."""
    variables: dict[str, Variable] = {}
    owner: dict[str, str | None] = {}
    seen: dict[str, tuple[str, Path]] = {}
    for actor, body in file.actors.items():
        _refuse_reserved(actor, ("actors", actor), findings)
        for option, form in body.options.items():
            path: Path = ("actors", actor, "options", option)
            _refuse_reserved(option, path, findings)
            full = f"{actor}.{option}"
            _refuse_clash(full, "option", path, seen, findings)
            variables[full] = _variable(full, long_form(form), path, findings)
            owner[full] = actor
    for kind, section in (("condition", file.conditions), ("parameter", file.parameters)):
        for name in section:
            path = (f"{kind}s", name)
            for part in name.split("."):
                _refuse_reserved(part, path, findings)
            _refuse_clash(name, kind, path, seen, findings)
    for name, condition in file.conditions.items():
        variables[name] = _variable(name, condition, ("conditions", name), findings)
        owner[name] = None
    for name in file.issues:
        _refuse_reserved(name, ("issues", name), findings)
        _refuse_clash(name, "issue", ("issues", name), seen, findings)
    numbers = dict.fromkeys(file.parameters, "parameter") | dict.fromkeys(file.issues, "issue")
    return KnownNames(Namespace(variables, numbers), variables, owner)


def level_index(
    level: str, variable: Variable, path: Path, findings: Problems, *, key: bool = False
) -> int | None:
    """Return the index of a level; None, and a problem, when the variable has no such level."""
    message = f"{variable.name} has no level {quote(level)}"
    known = findings.knows(path, level, variable.levels, "level", message, key=key)
    return variable.levels.index(level) if known else None


def _variable(
    name: str, form: OptionFile | ConditionFile, path: Path, findings: Problems
) -> Variable:
    for number, level in enumerate(form.levels):
        place = (*path, "levels", number)
        if level in form.levels[:number]:
            findings.add(place, f"{name} has the level {level} twice", "rename one of them")
        _refuse_reserved(level, place, findings)
    return Variable(name, tuple(dict.fromkeys(form.levels)), form.ordered)


def _refuse_reserved(name: str, path: Path, findings: Problems) -> None:
    if name in RESERVED:
        findings.add(path, f"{name} is a word of the formula language", "choose another", key=True)


def _refuse_clash(
    name: str, kind: str, path: Path, seen: dict[str, tuple[str, Path]], findings: Problems
) -> None:
    if name in seen:
        other, where = seen[name]
        findings.add(
            path,
            f"{name} names both {_a(kind)} and {_a(other)} (line {findings.line(where)})",
            "rename one of them",
            key=True,
        )
    seen.setdefault(name, (kind, path))


def _a(kind: str) -> str:
    return f"an {kind}" if kind[0] in "aeiou" else f"a {kind}"
