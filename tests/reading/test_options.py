"""What actors can do, after the verbs that they govern.

Would catch: the object of a verb taken for its subject, a passive read as an act, a denial that is
lost, a noun ("US forces") taken for a verb, and a form of a verb that the table has wrong.
"""

from __future__ import annotations

import csv
import re
from collections import Counter
from importlib.resources import files

import pytest

from detente.case._fields import NAME
from detente.expression import RESERVED
from detente.reading._verb_table import has_shape
from reading.documents_of_text import actors, options

ROWS = list(
    csv.DictReader(files("detente.reading").joinpath("verbs.csv").read_text("utf-8").splitlines())
)


def test_the_table_is_sound() -> None:
    for row in ROWS:
        assert not row["option"] or re.fullmatch(NAME, row["option"]), row
        assert row["option"] not in RESERVED
        forms = row["forms"].split()
        assert forms[-1].endswith("ing"), row
        assert len(forms) in {3, 4, 5} or row["verb"] == "be", row
    plain = Counter(row["verb"] for row in ROWS if not row["objects"])
    assert [verb for verb, count in plain.items() if count > 1] == []
    alike = Counter((row["verb"], word) for row in ROWS for word in row["objects"].split())
    twice = {pair for pair, count in alike.items() if count > 1}
    for verb, word in twice:
        chosen = {row["option"] for row in ROWS if row["verb"] == verb and word in row["objects"]}
        assert len(chosen) == 1, (verb, word, chosen)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Iran attacked Israel.", {"attack": ("attacked",)}),
        ("Iran will probably attack Israel.", {"attack": ("attack",)}),
        ("Iran has been arming the Huthis.", {"arm": ("arming",)}),
        ("Iran is likely to retaliate.", {"retaliate": ("retaliate",)}),
        ("Iran is more likely than in the past to retaliate.", {"retaliate": ("retaliate",)}),
        ("Iran is capable of closing the strait.", {"blockade": ("closing … strait",)}),
        ("Iran continues to try to mediate.", {"mediate": ("mediate",)}),
        ("Iran has to withdraw.", {"withdraw": ("withdraw",)}),
        ("Iran’s leaders agreed to withdraw.", {"withdraw": ("withdraw",)}),
        ("The Government of Iran has withdrawn.", {"withdraw": ("withdrawn",)}),
        ("Iran, however, will withdraw.", {"withdraw": ("withdraw",)}),
        ("Iran, which has lost its ally, will withdraw.", {"withdraw": ("withdraw",)}),
        ("Iran in recent weeks has withdrawn.", {"withdraw": ("withdrawn",)}),
        ("In Syria, Iran is negotiating.", {"negotiate": ("negotiating",)}),
        ("Will Iran withdraw?", {"withdraw": ("withdraw",)}),
        ("Iranian officials (and others) said that Iran would withdraw.",
         {"withdraw": ("withdraw",)}),
        ("Iran will arm the Huthis, threaten Israel, and support Hamas.",
         {"arm": ("arm",), "threaten": ("threaten",), "support": ("support",)}),
        ("Talks about the offer Iran is willing to make go on.", {"offer": ("offer … make",)}),
        ("Iran launched a missile.", {"test": ("launched … missile",)}),
        ("Iran launched an attack.", {"attack": ("launched … attack",)}),
        ("Iran launched a website.", {}),
        ("Iran threatens to attack.", {"threaten": ("threatens",), "attack": ("attack",)}),
        ("Iran will likely withdraw.", {"withdraw": ("withdraw",)}),
        ("Iran uses its navy to intimidate Oman.", {"threaten": ("intimidate",)}),
        ("Iran wants Oman to withdraw.", {}),
        ("Iran insists that it will not negotiate.",
         {"demand": ("insists",), "negotiate": ("not negotiate",)}),
        ("Iran retaliated by blockading Oman.",
         {"retaliate": ("retaliated",), "blockade": ("blockading",)}),
        ("Iran, angered by Oman, closed its border.", {"close_border": ("closed … border",)}),
        ("Iran backed down.", {"concede": ("backed down",)}),
        ("Iran called the move a reward for Oman.", {}),
        ("Iran could bomb bridges, arm rebels, or take its time.",
         {"attack": ("bomb",), "arm": ("arm",)}),
        ("Iran has left, and Oman was free to attack.", {}),
        ("Iran, Inc. and friends to attack.", {}),
    ],
)  # fmt: skip
def test_what_an_actor_does(text: str, words: dict[str, tuple[str, ...]]) -> None:
    assert options(text, "iran") == words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Iran will not accept it.", {"accept": ("not accept",)}),
        ("Iran won’t accept it.", {"accept": ("not accept",)}),
        ("Iran cannot attack.", {"attack": ("not attack",)}),
        ("Iran never attacked or invaded anybody.",
         {"attack": ("never attacked",), "invade": ("never invaded",)}),
        ("Iran refuses to negotiate.", {"negotiate": ("refuses to negotiate",)}),
        ("Iran is unlikely to negotiate.", {"negotiate": ("unlikely to negotiate",)}),
        ("Iran will stop testing its missiles.", {"test": ("stop testing … missiles",)}),
        ("Oil was not blockaded by Iran.", {"blockade": ("not blockaded",)}),
    ],
)  # fmt: skip
def test_a_denial_stays_with_its_verb(text: str, words: dict[str, tuple[str, ...]]) -> None:
    assert options(text, "iran") == words


@pytest.mark.parametrize(
    "text",
    [
        "Iran was attacked.",
        "Iran has been sanctioned by nobody.",
        "Iran is expected to be attacked.",
        "Support for Iran will threaten the peace.",
        "Talks between Israel and Iran have threatened nobody.",
        "Nobody wants to make Iran withdraw.",
        "Iran’s economy threatened the peace.",
        "Attacks on Iran will provoke nobody.",
        "The Iran offer was rejected, Iran sanctions failed, and so did Iran.",
    ],
)
def test_what_is_done_to_an_actor_is_no_option_of_it(text: str) -> None:
    assert actors(text)["iran"].options == ()


def test_actors_share_a_verb_and_an_agency() -> None:
    found = actors(
        "Egypt, Russia, the UAE, and Turkey sent arms. Oil was blocked by Iran and Iraq."
    )
    assert all(actor.options == () or actor.name in {"iran", "iraq"} for actor in found.values())
    found = actors("Egypt, Russia, and Turkey withdrew. Mali was sanctioned by Iran and Iraq.")
    names = {name: [option.name for option in actor.options] for name, actor in found.items()}
    assert names == {
        "egypt": ["withdraw"], "russia": ["withdraw"], "turkey": ["withdraw"],
        "iran": ["sanction"], "iraq": ["sanction"], "mali": [],
    }  # fmt: skip


@pytest.mark.parametrize(
    ("text", "name", "words"),
    [
        ("Sanctions were imposed on Iran by the EU.", "eu", {"sanction": ("imposed",)}),
        ("A truce brokered by the UN in October held.", "un", {"mediate": ("brokered",)}),
        ("M23 rebels captured the town.", "m23", {"seize": ("captured",)}),
        ("The UN pressed US forces to leave.", "us", {}),
        ("US sanctions have hurt.", "us", {}),
        ("The Taliban attack the town.", "taliban", {"attack": ("attack",)}),
        ("The Soviets and their allies withdrew.", "ussr", {"withdraw": ("withdrew",)}),
        ("Beijing questions how much it weighs.", "china", {}),
    ],
)
def test_others(text: str, name: str, words: dict[str, tuple[str, ...]]) -> None:
    found = {name: (), **actors(text)}[name]
    assert {option.name: option.verbs for option in getattr(found, "options", ())} == words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("The US withdrawal from the treaty angered them.", {"withdraw": ("withdrawal",)}),
        ("America’s vast military support to Oman ended.", {"support": ("support",)}),
        ("U.S. sanctions relief came.", {}),
        ("Attacks on US targets went on.", {}),
        ("America sanctions were lifted.", {}),
        ("Washington, support of friends, trade.", {}),
        ("They hit US-led strikes.", {}),
        ("Washington’s de-escalation held.", {"de_escalate": ("de-escalation",)}),
        ("Washington will co-operate.", {"cooperate": ("co-operate",)}),
    ],
)
def test_a_noun_for_a_deed_counts_after_the_name(
    text: str, words: dict[str, tuple[str, ...]]
) -> None:
    assert options(f"{text} So says Washington.", "us") == words


def test_every_noun_belongs_to_an_option_that_verbs_have() -> None:
    table = files("detente.reading").joinpath("deeds.csv").read_text("utf-8")
    deeds = list(csv.DictReader(table.splitlines()))
    assert {row["option"] for row in deeds} <= {row["option"] for row in ROWS}
    nouns = Counter(noun for row in deeds for noun in row["nouns"].split())
    assert [noun for noun, count in nouns.items() if count > 1] == []


def test_options_come_most_often_named_first_with_their_sentences() -> None:
    text = (
        "Iran withdrew. Iran attacked. Iran will attack, and may bomb. Iran attacked and attacked."
    )
    attack, withdraw = actors(text)["iran"].options
    assert (attack.name, attack.verbs) == ("attack", ("attacked", "attack", "bomb"))
    assert [sentence.place for sentence in attack.sentences] == ["1.2", "1.3", "1.4"]
    assert [sentence.place for sentence in withdraw.sentences] == ["1.1"]


def test_forms() -> None:
    assert has_shape("withdrawn", "participle")
    assert has_shape("withdrew", "past")
    assert not has_shape("withdrew", "participle")
    assert not has_shape("table", "base")
