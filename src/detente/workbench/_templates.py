"""The templates of the page, which take parts from those of the report."""

from __future__ import annotations

from functools import cache

from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined

from detente.report import environment as report_environment
from detente.text import day, fit_page, plural, spaced


@cache
def environment() -> Environment:
    """Return the templates, which escape everything and refuse unknown names."""
    own = PackageLoader("detente.workbench")
    environment = Environment(
        loader=ChoiceLoader([own, report_environment().loader or own]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"spaced": spaced, "plural": plural, "day": day}
    return environment


def render(template: str, **values: object) -> str:
    """Return a template filled in."""
    return fit_page(environment().get_template(template).render(**values))
