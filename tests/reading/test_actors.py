"""Who a text names: the table, names with several senses, and names that it does not have.

Would catch: a sea, a currency or a person taken for a state, a capital taken for an actor where it
is a place, a name that no case file may have, and a search that is not linear in the text.
"""

from __future__ import annotations

import csv
import re
import time
from importlib.resources import files

import pytest

from detente.case._fields import NAME
from detente.expression import RESERVED
from detente.reading import document_of, suggest_actors
from detente.reading._suggest import MOST, free_name
from reading.documents_of_text import actors

ROWS = list(
    csv.DictReader(files("detente.reading").joinpath("actors.csv").read_text("utf-8").splitlines())
)


def test_the_table_is_sound() -> None:
    actors_of_table = [row for row in ROWS if row["kind"] != "none"]
    names = [row["name"] for row in ROWS]
    assert len(set(names)) == len(names)
    assert all(re.fullmatch(NAME, name) for name in names)
    assert not {name.upper() for name in names} & {word.upper() for word in RESERVED}
    kinds = {"state", "organisation", "movement", "other"}
    assert {row["kind"] for row in actors_of_table} == kinds
    cells = [cell for row in ROWS for cell in row.values()]
    assert not [cell for cell in cells if re.search(r"\|\||^\||\|$|  | \||\| |^ | $", cell)]


def test_the_table_has_the_members_of_the_united_nations() -> None:
    others = {
        "holy_see", "palestine", "taiwan", "kosovo", "northern_cyprus", "ussr", "yugoslavia",
        "czechoslovakia", "zaire", "east_germany", "west_germany", "north_vietnam",
        "south_vietnam", "prussia", "austria_hungary", "ottoman_empire",
    }  # fmt: skip
    states = {row["name"] for row in ROWS if row["kind"] == "state"}
    assert others < states
    assert len(states - others) == 193


def test_an_office_without_a_state_is_an_actor() -> None:
    found = actors("Then the Senate met. But the President and the Senate vetoed it.")
    assert list(found) == ["senate"]


def test_every_row_is_found_by_its_title() -> None:
    for row in ROWS:
        if row["kind"] != "none":
            found = actors(f"Nobody doubts it. Then {row['title']} withdrew from the talks.")
            assert row["name"] in found, row["title"]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("George Washington was a general. Washington Irving wrote.", []),
        ("Washington offered talks to Tehran.", ["us", "iran"]),
        ("President Washington left, and General Washington returned.", []),
        ("Michael Jordan retired. Jim Jordan voted.", []),
        ("Jordan closed its border. King Abdullah of Jordan objected.", ["jordan"]),
        ("Atlanta, Georgia is warm. The gentleman from Georgia abstained.", []),
        ("Georgia applied to NATO.", ["georgia", "nato"]),
        ("We ate turkey. The chad was hanging.", []),
        ("Turkey vetoed it.", ["turkey"]),
        ("Ships sailed the South China Sea and the Persian Gulf.", []),
        ("It cost 5 million US dollars.", []),
        ("Calm returned to the Korean Peninsula.", []),
        ("The North Korean provocations went on.", []),
        ("North Korean leaders refused.", ["dprk"]),
        ("Chinese tea is dear. U.S.-China relations are bad.", []),
        ("The Chinese have refused.", ["china"]),
        ("New Guinea is an island.", []),
        ("Guinea, Papua New Guinea and Equatorial Guinea signed.",
         ["equatorial_guinea", "guinea", "papua_new_guinea"]),
        ("The Republic of China yielded.", ["taiwan"]),
        ("The People’s Republic of China yielded.", ["china"]),
        ("Iranian-backed militias attacked.", []),
        ("The embassy in Baghdad was empty.", []),
        ("Latin American traders and African Americans met.", []),
        ("Hezbollah, Hizballah and the Houthis fired.", ["hizballah", "huthis"]),
        ("The Vietnam War ended. The Iraq Study Group met.", []),
    ],
)  # fmt: skip
def test_who_is_named(text: str, found: list[str]) -> None:
    assert sorted(actors(text)) == sorted(found)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Moscow will stay in the GDR. The Soviets said so.", "ussr"),
        ("Moscow will stay in Ukraine. The Russians said so.", "russia"),
        ("Hanoi gained. North Vietnam won.", "north_vietnam"),
        ("The Congo yielded. Kinshasa was angry.", "drc"),
        ("The Congo yielded. Brazzaville was angry.", "congo"),
        ("Kim agreed. Pyongyang was glad.", "dprk"),
    ],
)
def test_a_name_of_several_goes_to_the_one_that_the_document_names(text: str, name: str) -> None:
    found = next(iter(actors(text).values()))
    assert found.name == name
    assert len(found.sentences) == 2


def test_a_surname_alone_names_no_state() -> None:
    assert actors("Kim agreed with Kennedy and Bush.") == {}


def test_names_come_most_frequent_first_and_sentences_once() -> None:
    china = actors(
        "Beijing offered, and Beijing withdrew. China’s leaders agreed. Beijing met Xi."
    )["china"]
    assert china.names == ("Beijing", "China", "Xi")
    assert [sentence.place for sentence in china.sentences] == ["1.1", "1.2", "1.3"]


def test_unknown_names_are_actors_where_they_act_more_than_once() -> None:
    found = actors(
        "The Upper State will dam the river. Mr. Ode wrote this. Senator Reid may block it. "
        "Downstream, the Upper State's offer was read by Senator Reid and Nobody."
    )
    assert {name: (actor.title, actor.kind) for name, actor in found.items()} == {
        "upper_state": ("Upper State", "other"),
        "senator_reid": ("Senator Reid", "person"),
    }


def test_a_short_form_goes_for_the_full_name() -> None:
    text = "The Upper River State (URS) met Mr. Ada Ode. Ode left. Then the URS left. So Ode spoke."
    found = actors(text)
    assert {actor.title: actor.names for actor in found.values()} == {
        "Mr. Ada Ode": ("Ode", "Ada Ode"),
        "Upper River State": ("URS", "Upper River State"),
    }


def test_a_capital_at_the_start_of_a_sentence_is_no_name() -> None:
    assert actors("Rebels attacked. Rebels withdrew. Months passed.") == {}


@pytest.mark.parametrize("title", ["Min", "Not", "F", "3rd Army", "Не", "*", "A" * 90, "true"])
def test_a_name_is_one_of_the_case_format(title: str) -> None:
    taken: set[str] = set()
    for _ in range(3):
        name = free_name(title, taken)
        assert re.fullmatch(NAME, name)
        assert name not in RESERVED | taken
        taken.add(name)


def test_the_first_eight_have_options_and_the_rest_are_named_only() -> None:
    states = ["Chad", "Mali", "Peru", "Cuba", "Iran", "Iraq", "Oman", "Togo", "Fiji", "Laos"]
    text = " ".join(f"{state} withdrew. " * (12 - k) for k, state in enumerate(states))
    found = list(actors(text).values())
    assert [actor.title for actor in found] == states
    assert [bool(actor.options) for actor in found] == [True] * MOST + [False] * 2


def test_who_acts_comes_before_who_is_named() -> None:
    text = "Peru withdrew from Chad. Trade with Chad fell. Nobody left Chad. Peru attacked Mali."
    assert list(actors(text)) == ["peru", "chad", "mali"]


@pytest.mark.parametrize(
    "piece",
    [
        "Beijing will not accept what Washington, which Moscow backs, offers to Kim Jong Un. ",
        "Iran, ", "Iran and ", "will not ", "Upper State ", "U.S.-", "Iran likely than ", "( ’s ",
    ],
)  # fmt: skip
def test_the_time_grows_with_the_text_only(piece: str) -> None:
    """Work that grew with the square would take many minutes here."""
    text = piece * (2**17 // len(piece)) + "and so they went on with it to the end."
    start = time.process_time()
    suggest_actors(document_of(text))
    assert time.process_time() - start < 15
