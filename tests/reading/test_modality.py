"""Modal verbs and what is merely possible are marked, with their negations, and nouns are not."""

from __future__ import annotations

import pytest

from reading.marked import marks_of


@pytest.mark.parametrize(
    ("text", "modals"),
    [
        ("The dam will hold.", ["will"]),
        ("The dam might not hold.", ["might not"]),
        ("The dam may in fact still not hold.", ["may in fact still not"]),
        ("The dam could soon no longer hold.", ["could soon no longer"]),
        ("The dam can't hold and cannot be mended.", ["can't", "cannot"]),
        ("The dam should be mended, and must be.", ["should", "must"]),
        ("The dam would eventually never hold.", ["would eventually never"]),
        ("The dam will possibly fail, perhaps soon.", ["will", "possibly", "perhaps"]),
        ("The dam has a 30–40 % chance of failing.", ["30–40 % chance"]),
        (
            "A probability of 5 per cent is small; one in five dams fails.",
            ["probability of 5 per cent"],
        ),
        ("The chance that it fails is 10–15 %.", ["chance that it fails is 10–15"]),
        ("The dam will probably fail.", []),
        ("The dam almost certainly will fail.", []),
        ("It is unlikely that the dam will fail.", []),
        ("We doubt that the dam will fail, but it may.", ["may"]),
        ("In May 2018 and last May the dam held.", []),
        ("May saw rain; in March, May, and June the dam held.", []),
        ("It lacks the political will and the military might.", []),
        ("Mending it is a must.", []),
        ("Will Carter said “it will hold” of the dam.", []),
        ("If the dam should fail, the valley will be flooded.", ["will"]),
        ("Should the dam fail, the valley could be flooded.", ["could"]),
        ("THE DAM WILL HOLD.", ["WILL"]),
    ],
)
def test_modals(text: str, modals: list[str]) -> None:
    assert [span.text for span in marks_of(text).modals] == modals
