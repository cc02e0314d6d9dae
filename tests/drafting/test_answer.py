"""The one case is found in whatever an assistant wraps it in, at its own line numbers.

Would catch: a case missed in a fence, two cases of which one is silently taken, an answer that was
cut off taken for a whole one, line numbers that are not those of the answer.
"""

from __future__ import annotations

import pytest

from detente.drafting._answer import yaml_in
from detente.errors import CaseError

CASE = "detente: 1\ntitle: A dam"


@pytest.mark.parametrize(
    ("answer", "line"),
    [
        (CASE, 1),
        (f"\ufeff{CASE}\n", 1),
        (f"---\n{CASE}\n", 2),
        (f"```yaml\n{CASE}\n```", 2),
        (f"```\n{CASE}\n```\n", 2),
        (f"~~~~ yml\n{CASE}\n~~~~", 2),
        (f"Here it is:\n\n  ```YAML\n{CASE}\n  ```\n\nTell me what you think.", 4),
        (f"Here it is:\n{CASE}", 2),
        (f"```python\nprint(1)\n```\n```yaml\n{CASE}\n```", 5),
        (f"```yaml\na: 1\n```\nand the case:\n```yaml\n{CASE}\n```", 6),
        (f"<think>\n```yaml\n{CASE}\n```\n</think>\n```yaml\n{CASE}\n```", 8),
        (f"````yaml\n{CASE}\nabout: |\n  ```\n````", 2),
        (f"```yaml\r\n{CASE}\r\n```\r\n", 2),
    ],
)  # fmt: skip
def test_the_case_is_found_where_it_stands(answer, line):
    lines = yaml_in(answer, "a.md").split("\n")
    assert lines[line - 1 : line + 1] == CASE.split("\n")
    assert not any(lines[: line - 1])


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        ("", "there is no case"),
        ("I cannot do that.", "there is no case"),
        ("```yaml\na: 1\n```", "there is no case"),
        (f"```yaml\n{CASE}\n```\n```yaml\n{CASE}\n```", "holds 2 cases"),
        (f"```yaml\n{CASE}\n", "was cut off"),
        ("```json\n{}\n```", "there is no case"),
    ],
)
def test_what_holds_no_one_case_is_refused(answer, message):
    with pytest.raises(CaseError, match=message):
        yaml_in(answer, "a.md")
