"""A client of the SDK gets the numbers of the command line, and what stands behind them.

Would catch: an answer made by other code than the command's, one that does not say what it rests
on, a tool that cannot be understood from its schema.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from click.testing import CliRunner

import detente
from detente.cli import main
from detente.mcp_server._tools import TOOLS
from detente.text import THIN
from mcp_server.assistant import ROOT, Assistant, text_of

EVENT = "F[0, 5] target.programme == dismantled"
MEASURES: dict[str, dict[str, Any]] = {
    "A1": {
        "ask": {"probability": EVENT, "do": {"sender.offer": "large"}},
        "versus": {"do": {"sender.offer": "none"}},
        "expect": "> 0",
    },
    "A2": {
        "ask": {"expected": "target.programme >= frozen", "at": 4, "given": {"tension": "high"}},
        "expect": [0.2, 0.6],
    },
    "A3": {"ask": {"average": "neighbour.border == watched", "over": 5, "set": {"pain": 1.2}}},
    "A4": {"ask": {"gain": "target", "levels": {"target.programme": "frozen"}, "by": "value"}},
    "A5": {
        "ask": {
            "equilibrium": "target.programme == frozen and sender.offer == small",
            "concept": "gmr",
        },
        "expect": True,
    },
    "A6": {"ask": {"possible": "target.programme == dismantled"}},
    "A7": {
        "ask": {"probability": "F[0, 3] target.programme >= frozen"},
        "while": "tension == low",
        "expect": "< 0.9",
    },
}


def command(*words: str) -> Any:
    found = CliRunner().invoke(main, [*words, "--json"])
    assert found.exit_code == 0, found.output
    return json.loads(found.stdout)


def test_check(assistant: Assistant):
    assert assistant.answer("check", case="chicken") == command("check", "chicken")[0]


def test_check_of_a_text_that_is_wrong(assistant: Assistant, tmp_path: Path):
    text = "detente: 1\ntitle: A dam\nactors: {up: {}}\n"
    (tmp_path / "case.yaml").write_text(text)
    found = CliRunner().invoke(main, ["check", str(tmp_path / "case.yaml"), "--json"])
    expected = [one.replace(f"{tmp_path}/", "") for one in json.loads(found.stdout)[0]["problems"]]
    assert assistant.answer("check", text=text)["problems"] == expected


@pytest.mark.parametrize("case", ["chicken", "sanctions"])
def test_stability(assistant: Assistant, case: str):
    assert assistant.answer("stability", case=case) == command("stability", case)


def test_stability_of_the_flagship(assistant: Assistant):
    """Its long lists are cut, and that is said; its counts are those of the command."""
    found = assistant.call(
        "stability", case="peninsula", variants=["rivals.russia"], concepts=["nash", "gmr"]
    )
    values = found.structured_content
    assert values is not None
    concepts = ("--concept", "nash", "--concept", "gmr")
    whole = command("stability", "peninsula", "--variant", "rivals.russia", *concepts)
    for concept, told in whole["concepts"].items():
        mine = values["answer"]["concepts"][concept]
        assert {**mine, "equilibria": []} == {**told, "equilibria": []}
        assert mine["equilibria"] == told["equilibria"][: len(mine["equilibria"])]
    listed = len(values["answer"]["concepts"]["gmr"]["equilibria"])
    known = len(whole["concepts"]["gmr"]["equilibria"])
    assert listed < known
    assert f"answer.concepts.gmr.equilibria: {listed} of {known}" in values["cut"]
    assert values["changed"] == ["rivals.russia"]


def test_why_a_state_is_stable(assistant: Assistant):
    state = {"target.programme": "frozen", "sender.offer": "small"}
    levels = ",".join(f"{name}={level}" for name, level in state.items())
    mine = assistant.answer("explain", case="sanctions", state=state, concept="gmr")
    assert mine == command("stability", "sanctions", "--explain", levels, "--concept", "gmr")


def test_why_an_answer_is_what_it_is(assistant: Assistant):
    mine = assistant.answer(
        "explain", case="plain.yaml", what=EVENT, do={"sender.offer": "large"}, flips=False
    )
    words = ("why", "sanctions", EVENT, "--do", "sender.offer=large", "--quick")
    assert mine == command(*words)


def test_forecast(assistant: Assistant):
    mine = assistant.answer(
        "forecast", case="sanctions", queries=[EVENT], years=3, given={"tension": "high"},
        do={"sender.offer": "large"}, announced=False, set={"pain": 1.1}, draws=0,
    )  # fmt: skip
    assert mine == command(
        "forecast", "sanctions", EVENT, "--years", "3", "--given", "tension=high",
        "--do", "sender.offer=large", "--unannounced", "--set", "pain=1.1",
    )  # fmt: skip


@pytest.fixture(scope="module")
def verdicts(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Return what ``detente study`` finds for a file in which each question is a claim."""
    place = str(tmp_path_factory.mktemp("results") / "study.sqlite")
    file = str(folder / "asked.yaml")
    found = command("study", file, "--draws", "12", "--seed", "7", "--output", place)
    return {one["claim"]: one for one in found["verdicts"]}


@pytest.mark.parametrize("name", MEASURES)
def test_ask(assistant: Assistant, verdicts: dict[str, Any], name: str):
    mine = assistant.answer("ask", case="plain.yaml", draws=12, seed=7, **MEASURES[name])
    assert {**mine["verdict"], "claim": name} == verdicts[name]


def test_forecast_over_draws(assistant: Assistant):
    """As a claim that asks the same."""
    do, drawn = {"sender.offer": "large"}, {"draws": 12, "seed": 7}
    first = assistant.answer("forecast", case="sanctions", queries=[EVENT], do=do, **drawn)
    ask = {"probability": EVENT, "do": do}
    second = assistant.answer("ask", case="sanctions", ask=ask, **drawn)
    assert {**first["over_draws"][0], "claim": "Q1"} == second["verdict"]
    assert first["answers"][0]["value"] == pytest.approx(second["value"], abs=1e-9)


def test_claims(assistant: Assistant, tmp_path: Path):
    place = str(tmp_path / "study.sqlite")
    words = ("study", "sanctions", "--draws", "12", "--seed", "7", "--output", place)
    whole = command(*words)
    mine = assistant.answer("claims", case="sanctions", draws=12, seed=7)
    for part in ("verdicts", "convergence", "failing", "residual", "design", "missing"):
        assert mine[part] == whole[part]
    some = assistant.answer("claims", case="sanctions", draws=12, seed=7, claims=["T4", "T2"])
    told = {one["claim"]: one for one in whole["verdicts"]}
    assert some["verdicts"] == [told["T4"], told["T2"]]


def test_deals(assistant: Assistant, tmp_path: Path):
    want = "target.programme >= frozen"
    mine = assistant.answer(
        "deals", case="sanctions", want=want, payer="sender", draws=0, **{"from": "target"}
    )
    page = str(tmp_path / "deals.html")
    assert mine == command(
        "deals", "sanctions", "--want", want, "--payer", "sender", "--from", "target",
        "--draws", "0", "--output", page,
    )  # fmt: skip


def test_evidence(assistant: Assistant):
    day = "2009-12-31"
    mine = assistant.answer("evidence", case="peninsula", until=day)
    assert mine == command("evidence", "show", "peninsula", "--until", day)
    mine = assistant.answer("evidence", case="peninsula", about="argument", draws=0)
    assert mine == command("evidence", "argument", "peninsula")


def test_describe(assistant: Assistant):
    case = detente.load("sanctions")
    found = assistant.answer("describe", case="sanctions")
    assert [one["name"] for one in found["parameters"]] == list(case.parameters)
    assert [one["id"] for one in found["claims"]] == [claim.id for claim in case.claims]
    options = {one["name"]: one for actor in found["actors"] for one in actor["options"]}
    assert options["sender.offer"]["levels"] == ["none", "small", "large"]
    assert options["sender.offer"]["today"] == "none"
    listed = assistant.answer("describe")
    assert "peninsula" in listed["built_in"]
    assert listed["in_the_folder"] == ["asked.yaml", "dam.yaml", "plain.yaml"]


def test_an_answer_says_what_it_rests_on(assistant: Assistant):
    """Parameters that move it most, each with its range and where it comes from."""
    found = assistant.call("ask", case="sanctions", draws=12, seed=7, **MEASURES["A1"])
    values = found.structured_content
    assert values is not None
    strengths = [
        abs(one["rank_correlation"])
        for one in values["rests_on"]["parameters"]
        if "rank_correlation" in one
    ]
    assert strengths == sorted(strengths, reverse=True)
    assert len(strengths) == 11
    by_name = {one["name"]: one for one in values["rests_on"]["parameters"]}
    assert by_name["pain"]["basis"] == "pape-1997"
    assert by_name["trust"]["basis"] == "judgement"
    assert "Pape" in values["rests_on"]["sources"]["pape-1997"]
    assert "shares of draws are not probabilities" in values["note"]
    text = text_of(found)
    assert "shares of draws are not probabilities" in text
    assert "trust = 0.6, range 0.2–0.95, rank correlation" in text


def test_tools_can_be_used_without_a_manual(assistant: Assistant):
    tools = assistant.do(assistant.client.list_tools()).tools
    assert {tool.name for tool in tools} == {
        "check", "describe", "stability", "explain", "forecast", "ask", "claims", "deals",
        "evidence",
    }  # fmt: skip
    for tool in tools:
        assert len(tool.description or "") > 80, tool.name
        assert tool.annotations is not None
        assert tool.annotations.read_only_hint
        jsonschema.Draft202012Validator.check_schema(tool.input_schema)
        for name, field in tool.input_schema["properties"].items():
            assert len(field["description"]) > 5, f"{tool.name}: {name}"
    ask = next(tool for tool in tools if tool.name == "ask").input_schema
    for words in MEASURES.values():
        jsonschema.validate({"case": "plain.yaml", **words}, ask)


def test_the_example_of_the_docs(assistant: Assistant):
    page = (ROOT / "docs" / "mcp.md").read_text("utf-8")
    call, shown = re.findall(r"```(?:json|text)\n(.*?)```", page, re.DOTALL)[1:3]
    text = text_of(assistant.call("ask", **json.loads(call))).replace(THIN, " ")
    lines = [line for line in shown.splitlines() if line.strip() != "..."]
    assert [line for line in lines if line not in text.splitlines()] == []


def test_the_page_names_every_tool(assistant: Assistant):
    page = (ROOT / "docs" / "mcp.md").read_text("utf-8")
    assert set(re.findall(r"^\| `(\w+)` \|", page, re.MULTILINE)) == {tool.name for tool in TOOLS}
