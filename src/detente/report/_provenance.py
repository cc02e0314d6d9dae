"""What the report rests on: parameters, sources, and the draws that failed."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from detente.analysis import cited
from detente.case import Case, Parameter, Source
from detente.study import Study
from detente.text import EN_DASH, precise

_REASONS = 8


@dataclass(frozen=True, slots=True)
class ParameterRow:
    """One parameter as printed; ``source`` is an id of the sources, or empty for a judgement."""

    name: str
    value: str
    range: str
    distribution: str
    unit: str
    reason: str
    source: str
    judgement: bool


@dataclass(frozen=True, slots=True)
class SourceRow:
    """One source as printed; ``link`` is empty unless the address is one of the web."""

    id: str
    title: str
    record: str
    address: str
    link: str
    note: str


@dataclass(frozen=True, slots=True)
class FailureCounts:
    """How many draws and answers failed in words, the commonest reasons, and how many more."""

    counts: str
    reasons: tuple[tuple[str, int], ...]
    more: int


def parameter_rows(case: Case) -> tuple[ParameterRow, ...]:
    """Return a row for each parameter."""
    return tuple(
        ParameterRow(
            name=parameter.name,
            value=precise(parameter.value),
            range=_range(parameter),
            distribution=_distribution(parameter),
            unit=parameter.unit,
            reason=parameter.reason,
            source=parameter.source if parameter.source in case.sources else "",
            judgement=parameter.source == "judgement",
        )
        for parameter in case.parameters.values()
    )


def source_rows(case: Case) -> tuple[SourceRow, ...]:
    """Return a row for each source."""
    return tuple(_source(source) for source in case.sources.values())


def failure_counts(study: Study) -> FailureCounts:
    """Count the failures of a study by their reasons."""
    reasons = Counter(
        f"{failure.claim}: {failure.reason}" if failure.claim else failure.reason
        for failure in study.failures
    )
    ranked = sorted(reasons.items(), key=lambda item: (-item[1], item[0]))
    return FailureCounts(
        study.lacking if study.failures or study.missing else "none",
        tuple(ranked[:_REASONS]),
        max(len(ranked) - _REASONS, 0),
    )


def _range(parameter: Parameter) -> str:
    if parameter.distribution == "fixed":
        return ""
    if parameter.distribution == "choices":
        return ", ".join(map(precise, parameter.choices))
    low, high = precise(parameter.low), precise(parameter.high)
    return f"{low} to {high}" if parameter.low < 0 else f"{low}{EN_DASH}{high}"


def _distribution(parameter: Parameter) -> str:
    match parameter.distribution:
        case "normal":
            return f"normal, centre {precise(parameter.mode)}, sd {precise(parameter.sd)}"
        case "triangular":
            return f"triangular, peak {precise(parameter.mode)}"
        case "loguniform":
            return "log-uniform"
        case other:
            return other


def _source(source: Source) -> SourceRow:
    found = cited(source)
    return SourceRow(
        id=source.id,
        title=source.title,
        record=found.record,
        address=source.address,
        link=found.link,
        note=source.note,
    )
