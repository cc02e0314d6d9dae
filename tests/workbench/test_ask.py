"""Questions of the page, answered in this process: as in Python and on the command line."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

import detente
from detente.case import CaseFolder
from detente.cli import main
from detente.errors import InputError
from detente.workbench._bench import Bench
from detente.workbench._cards import Asked, CardQuestion
from detente.workbench._setting import Setting
from detente.workbench._views import ask
from detente.workbench._views.ask import MOST_CARDS, answer_cards, check_query

QUERY = "F[0, 5] target.programme == dismantled"


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Bench:
    return Bench(CaseFolder(tmp_path_factory.mktemp("served")))


def asked(bench: Bench, address: str, **words: Any) -> Asked:
    setting, _ = Setting.parse(address)
    return Asked(CardQuestion.parse(words), bench.scene(setting))


def puts(bench: Bench, address: str, *cards: Mapping[str, Any]) -> dict[str, str]:
    body = {
        "address": address,
        "cards": [{"id": f"c{n}", "words": words} for n, words in enumerate(cards)],
    }
    return {line["put"]: line["html"] for line in answer_cards(bench, body) if "put" in line}


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("case=sanctions", {"query": QUERY}),
        ("case=sanctions&set.pain=1.2&today.tension=high", {"query": QUERY}),
        ("case=sanctions&do.sender.offer=large&announced=no", {"query": QUERY}),
        ("case=sanctions&do.sender.offer=large&during=0,2", {"query": QUERY}),
        (
            "case=sanctions",
            {"query": QUERY, "given": "tension=high, neighbour.border=watched"},
        ),
        (
            "case=sanctions",
            {"query": QUERY, "given": "tension == high", "while": "sender.offer != large"},
        ),
        (
            "case=sanctions",
            {"kind": "compare", "query": QUERY, "hold": "sender.offer", "level": "large"},
        ),
        ("case=sanctions", {"kind": "when", "query": "target.programme == dismantled"}),
    ],
)
def test_the_command_of_a_card_gives_its_answer(
    bench: Bench, address: str, words: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Would catch: a number of the page that its own command, or its Python, does not give."""
    one = asked(bench, address, **words)
    if one.question.kind == "when":
        answers = [str(one.when()[0])]
    elif one.question.kind == "compare":
        answers = [str(found) for found in one.compare()[:2]]
    else:
        answers = [str(one.probability(one.held, one.announced))]
    for command, answer in zip(one.commands(), answers, strict=True):
        result = CliRunner().invoke(main, shlex.split(command)[1:])
        assert result.exit_code == 0, result.output
        number = answer.rpartition(": ")[2].split(" ")[0]
        assert number in result.output
    said: list[str] = []
    code = compile(one.python().replace("print(", "said("), "card", "exec")
    eval(code, {"said": lambda found: said.append(str(found))})
    assert said == answers


def test_the_setting_holds_and_the_question_wins(bench: Bench) -> None:
    one = asked(
        bench, "case=sanctions&do.sender.offer=none&do.tension=low", kind="compare", query=QUERY,
        hold="sender.offer", level="large",
    )  # fmt: skip
    assert one.held == {"sender.offer": "large", "tension": "low"}
    assert one.base == {"sender.offer": "none", "tension": "low"}


def test_numbers_come_before_reasons_and_faults_stay_on_their_card(bench: Bench) -> None:
    """Would catch: one wrong question taking the others with it."""
    words = [{"query": QUERY}, {"query": "F[0, 5] target.programm == frozen"}, {"query": QUERY}]
    body = {
        "address": "?case=sanctions",
        "cards": [{"id": f"c{n}", "words": one} for n, one in enumerate(words)],
    }
    lines = list(answer_cards(bench, body))
    first = next(n for n, line in enumerate(lines) if "first" in line)
    places = [line.get("put", "") for line in lines]
    assert places.index("card-c2-answer") < first < places.index("card-c0-more")
    wrong = next(line["html"] for line in lines if line.get("put") == "card-c1-answer")
    assert "column 9" in wrong
    assert "did you mean" in wrong


def test_a_deal_is_answered_at_the_stated_values_then_over_draws(bench: Bench) -> None:
    words = {
        "kind": "deal", "query": "target.programme == dismantled", "of": "target",
        "payer": "sender", "draws": "2",
    }  # fmt: skip
    found = puts(bench, "case=sanctions", words)["card-c0-more"]
    assert "Over the draws" in found
    assert "<svg" in found
    assert 'id="card-c0-more-offers"' in found


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ({"kind": "deal", "query": "tension == low", "of": "us", "payer": "sender"}, "no actor"),
        ({"query": QUERY, "given": "tension=hgih"}, "high"),
        ({"query": QUERY, "hold": "sender.offer"}, "choose the level"),
        ({"kind": "compare", "query": QUERY}, "choose what is held"),
        ({"kind": "perhaps", "query": QUERY}, "perhaps"),
        ({"query": ""}, "empty"),
        ({"kind": "deal", "query": "tension == low", "horizon": "soon"}, "not a number"),
    ],
)
def test_a_wrong_question_says_what_to_do(bench: Bench, words: dict[str, str], says: str) -> None:
    found = puts(bench, "case=sanctions", words)
    assert says in " ".join(found.values())


def test_markup_in_a_question_stays_text(bench: Bench) -> None:
    found = puts(bench, "case=sanctions", {"query": "<img src=x onerror=alert(1)>"})
    assert "<img" not in " ".join(found.values())


def test_a_card_says_in_words_what_is_asked(bench: Bench) -> None:
    """Would catch: a formula alone, and two formats of one number in a card."""
    found = puts(bench, "case=peninsula", {"query": "F[0, 3] china.council == support"})
    assert "China: council at support within 3 years" in found["card-c0-answer"]
    assert "answer is" not in found["card-c0-more"]


def test_the_first_deal_is_not_paid_for_by_who_must_change(bench: Bench) -> None:
    from workbench.view_answers import request_of

    scene = request_of("case=peninsula").scene
    of, payer = ask._parties({}, scene)
    assert of != payer
    assert ask._parties({"of": "us", "payer": ""}, scene)[1] != "us"


def test_a_deal_without_parties_is_between_those_that_the_form_shows(bench: Bench) -> None:
    """Would catch: a link to a deal that is refused for what its page has filled in."""
    query = {"kind": "deal", "query": "target.programme == dismantled"}
    named = puts(bench, "case=sanctions", {**query, "of": "target", "payer": "sender"})
    of, payer = ask._parties({}, bench.scene(Setting("sanctions")))
    assert puts(bench, "case=sanctions", query) == puts(
        bench, "case=sanctions", {**query, "of": of, "payer": payer}
    )
    assert "no actor" not in " ".join(named.values())


def test_there_is_room_for_so_many(bench: Bench) -> None:
    with pytest.raises(InputError, match="room for"):
        puts(bench, "case=sanctions", *[{"query": QUERY}] * (MOST_CARDS + 1))


def test_every_text_of_the_form_is_checked(bench: Bench) -> None:
    body = {
        "address": "?case=sanctions",
        "kind": "likely",
        "query": QUERY,
        "while": "tension = low",
    }
    (line,) = check_query(bench, body)
    assert [problem["field"] for problem in line["problems"]] == ["while"]
    assert "column 9" in line["problems"][0]["words"]


def test_the_page_of_a_deal_has_the_same_sections(tmp_path: Path) -> None:
    """Would catch: a page of ``detente deals`` that lost what the live page shares with it."""
    from detente.deals import assess_deal
    from detente.report import deal_sections, render_deals

    case = detente.load("sanctions")
    found = assess_deal(
        case.conflict(), "target.programme == dismantled", "target", "sender", coarse=True
    )
    page = render_deals(case, found)
    assert deal_sections(found) in page
    assert page.count("<h2 ") >= 3


def test_a_card_starts_where_the_clock_starts(bench: Bench) -> None:
    """Would catch: a card that starts from the case's levels under another first day."""
    words = {"kind": "likely", "query": "F[0, 1] china.council == support"}
    one = asked(bench, "case=peninsula&start=2022-06-01", **words)
    given = one.start
    assert isinstance(given, dict)
    assert given["china.council"] == "shield"
    solved = detente.load("peninsula").conflict().equilibrium()
    expected = solved.probability(words["query"], given).value
    assert one.probability(one.held, one.announced).value == pytest.approx(expected, abs=1e-9)
    assert f"china.council={given['china.council']}" in one.commands()[0]
