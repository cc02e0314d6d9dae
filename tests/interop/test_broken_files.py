"""Broken foreign files: an error that names the place and the remedy, whatever the bytes."""

from __future__ import annotations

import copy
import json
import random

import pytest

from detente.errors import InputError
from detente.interop import gmcr_to_case, nfg_to_case, read_gmcr, read_nfg

GMCR = {
    "options": [
        {"name": "Build", "permittedDirection": "fwd"},
        {"name": "Object", "permittedDirection": "both"},
    ],
    "decisionMakers": [
        {"name": "Up", "options": [0], "preferences": [[[0, "Y"]]], "preferenceRanking": [1, 2, 3]},
        {"name": "Down", "options": [1], "preferences": [], "preferenceRanking": [[1, 3], 2]},
    ],
    "infeasibles": [[[0, "Y"], [1, "Y"]]],
    "useManualPreferenceRanking": True,
}
NFG = 'NFG 1 R "A game" { "A" "B" }\n{ { "x" "y" } { "u" "v" } }\n'
NFG += '{ { "" 1, 2 } { "" 3 4 } }\n1 2 0 1\n'


@pytest.mark.parametrize(
    ("path", "value", "message"),
    [
        (("options",), [], r"options has 0 entries"),
        (("options", 0, "permittedDirection"), "up", r"options\[0\]: permittedDirection must be"),
        (("options", 1, "name"), 3, r"options\[1\]: name is not text"),
        (("decisionMakers",), {}, r"decisionMakers is not a list"),
        (
            ("decisionMakers", 0, "options"),
            [2],
            r"\(Up\): options\[0\] is not the number of",
        ),
        (("decisionMakers", 0, "options"), [], r"\(Up\) has no option"),
        (("decisionMakers", 1, "options"), [0], r"option 0 \(Build\) already belongs to Up"),
        (("decisionMakers", 0, "options"), [True], r"not the number of a known option"),
        (("decisionMakers", 0, "preferenceRanking"), [1, 2], r"leaves out state 3; rank all 3"),
        (("decisionMakers", 0, "preferenceRanking"), [1, 2, 3, 3], r"state 3 is ranked twice"),
        (("decisionMakers", 0, "preferenceRanking"), [1, 2, 4], r"\[2\]: 4 is not a feasible"),
        (("decisionMakers", 0, "preferenceRanking"), ["YY"], r"'YY' is not a feasible state"),
        (("decisionMakers", 0, "preferenceRanking"), ["Y"], r"'Y' has 1 letters"),
        (("decisionMakers", 0, "preferences"), [[[0, "y"]]], r"\[0\]\[0\] must be \[number"),
        (("decisionMakers", 0, "preferences"), [[[0, "Y"], [0, "N"]]], r"both Y and N"),
        (("decisionMakers", 0, "misperceptions"), [[[0, "Y"]]], r"misperceives"),
        (("infeasibles",), [[[0, "Y"]], [[0, "N"]]], r"infeasibles leave no state"),
        (("infeasibles",), [[]], r"infeasibles\[0\] names no option"),
    ],
)
def test_gmcr(path, value, message):
    data = copy.deepcopy(GMCR)
    inner = data
    for key in path[:-1]:
        inner = inner[key]
    inner[path[-1]] = value
    with pytest.raises(InputError, match=message) as caught:
        read_gmcr(json.dumps(data), "broken.gmcr")
    assert str(caught.value).startswith("broken.gmcr")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "broken.nfg:1:1: a Gambit strategic game begins"),
        ('EFG 2 R "x"', "broken.nfg:1:1: a Gambit strategic game begins"),
        ('NFG 1 R "A game', "broken.nfg:1:9: a quotation mark is not closed"),
        (NFG.replace('"B"', "B"), "1:24: the name of a player"),
        (NFG.replace("1, 2", "1"), "the end of the|a payoff should stand"),
        (NFG.replace("1 2 0 1", "1 2 3 1"), "4:5: the number of an outcome"),
        (NFG.replace("1 2 0 1", "1 2 0"), "the number of an outcome"),
        (NFG.replace("1 2 0 1", "1 2 0 1 1"), "4:9: there is more than"),
        (NFG.replace("1, 2", "1/0, 2"), "is not finite"),
        (NFG.replace("1, 2", "1e999, 2"), "is not finite"),
        (NFG.replace('"u" "v"', ""), "player 'B' has no strategy"),
        ('NFG 1 R "" { "A" "B" } { 99999 2 }', "up to 4,096"),
        ('NFG 1 R "" { "A" "B" } { 300 300 }', "90,000 contingencies"),
    ],
)
def test_nfg(text, message):
    with pytest.raises(InputError, match=message):
        read_nfg(text, "broken.nfg")


@pytest.mark.parametrize("text", ["", "[", "[]", "[" * 100_000, "1" * 5000, '{"options": NaN}'])
def test_what_is_no_gmcr_file(text):
    with pytest.raises(InputError, match=r"broken\.gmcr"):
        gmcr_to_case(text, "broken.gmcr")


@pytest.mark.parametrize("read", [gmcr_to_case, nfg_to_case])
def test_a_file_too_large_is_refused_unread(read):
    with pytest.raises(InputError, match="4,000,001 characters"):
        read(" " * 4_000_001, "large")


@pytest.mark.parametrize(("read", "text"), [(read_gmcr, json.dumps(GMCR)), (read_nfg, NFG)])
def test_no_mutation_makes_anything_but_a_conflict_or_an_input_error(read, text):
    rng = random.Random(7)
    pieces = [
        '"',
        "{",
        "}",
        "[",
        "]",
        ",",
        ":",
        "\\",
        "0",
        "-1",
        "1e9",
        "null",
        "Y",
        "\x00",
        "é",
        " ",
    ]
    told = []
    for _ in range(400):
        mutant = list(text)
        for _ in range(rng.randint(1, 3)):
            at = rng.randrange(len(mutant))
            mutant[at : at + rng.randint(0, 4)] = rng.choice(pieces)
        try:
            read("".join(mutant), "mutant")
        except InputError as error:
            told.append(str(error))
    assert len(told) > 100
    assert all("mutant" in message for message in told)
    assert all(";" in message or "must be" in message for message in told)


@pytest.mark.parametrize(
    "wrong", [None, True, 1e9, -1, "", "Y", [], {}, [[]], "\ud800", "x" * 9999]
)
def test_any_value_in_any_place_of_a_gmcr_file(wrong):
    def places(value, path=()):
        yield path
        inner = value.items() if isinstance(value, dict) else enumerate(value)
        if isinstance(value, dict | list):
            for key, item in inner:
                yield from (
                    places(item, (*path, key)) if isinstance(item, dict | list) else [(*path, key)]
                )

    told = []
    for path in list(places(GMCR))[1:]:
        data = copy.deepcopy(GMCR)
        inner = data
        for key in path[:-1]:
            inner = inner[key]
        inner[path[-1]] = wrong
        try:
            read_gmcr(json.dumps(data), "mutant.gmcr")
        except InputError as error:
            told.append(str(error))
    assert told
    assert all("mutant.gmcr" in message for message in told)
