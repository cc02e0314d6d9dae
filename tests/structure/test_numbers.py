"""Numbers for a reader are printed by one formatter, `detente.text.show`.

Would catch: a share or a number with a format of its own somewhere, which reads `1e+02 %` or
`100.0%` where another part of the same page has it right. Formats with a power of ten (`:.0e`) stay
for bounds of errors and residuals, those with fixed decimals (`:.3f`) for columns of scores, and
`:g` for what was given, repeated as it was given.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from structure.source_tree import SOURCE, modules, tree_of

OWN = re.compile(r"\.\d*[%g]$|%$")
TEMPLATE = re.compile(r"%\.\d[%g]|\{:[^}]*(\.\d*g|%)\}")
ALLOWED = {
    "text/_numbers.py",  # the formatter
    "evidence/_seal.py",  # the bound of a difference
    "evidence/_sealed_forecast.py",  # the bound of a difference
    "forecast/_chain.py",  # steps beyond any that are taken
    "evidence/_argument.py",  # ends of an interval in per cent, without the sign
}


def formats(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Yield the line and text of every format of a number that has its own precision."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FormattedValue) and isinstance(node.format_spec, ast.JoinedStr):
            spec = ast.unparse(node.format_spec)[2:-1]
            by_hand = ast.unparse(node.value).startswith("100 *")
            if OWN.search(spec) or (by_hand and spec.endswith("f")):
                yield node.lineno, spec
        elif isinstance(node, ast.Constant) and TEMPLATE.search(str(node.value)):
            yield node.lineno, str(node.value)


def test_no_number_has_a_format_of_its_own() -> None:
    own = [
        f"{path.relative_to(SOURCE).as_posix()}:{line}: {text}"
        for path in modules()
        if path.relative_to(SOURCE).as_posix() not in ALLOWED
        for line, text in formats(tree_of(path))
    ]
    assert own == []


def test_the_rule_sees_what_it_forbids() -> None:
    bad = 'f"{x:.0%} {y:+.2g} {z:{w}.3g} {100 * p:.0f} %"; "{:.2g}".format'
    assert len(list(formats(ast.parse(bad)))) == 5
    assert list(formats(ast.parse('f"{x:.0e} {y:.3f} {z:g} {n:,}"'))) == []


def test_no_template_formats_a_share() -> None:
    templates = sorted((SOURCE / "report" / "templates").glob("*.j2"))
    assert templates
    assert [t.name for t in templates if TEMPLATE.search(t.read_text("utf-8"))] == []
