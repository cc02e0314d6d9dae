"""The setting as an address, and the case that it makes."""

from __future__ import annotations

import contextlib
import datetime as dt
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import detente
from detente.errors import InputError
from detente.workbench._controls import panel
from detente.workbench._setting import Setting

TEXT = st.text(st.characters(blacklist_categories=("Cs",)), min_size=1, max_size=12)
WORD = TEXT.filter(lambda text: text == text.strip() and not any(c.isspace() for c in text))
NUMBER = st.floats(allow_nan=False, allow_infinity=False, width=64)
DAY = st.dates()


@st.composite
def setting_values(draw: st.DrawFn) -> Setting:
    held = draw(st.dictionaries(WORD, WORD, max_size=3))
    during = draw(st.none() | st.tuples(NUMBER, NUMBER)) if held else None
    return Setting(
        case=draw(TEXT),
        sha=draw(st.text("0123456789abcdef", max_size=12)),
        variants=tuple(draw(st.lists(WORD, max_size=3))),
        parameters=draw(st.dictionaries(WORD, NUMBER, max_size=4)),
        held=held,
        announced=draw(st.booleans()) if held else True,
        during=during,
        today=draw(st.dictionaries(WORD, WORD, max_size=3)),
        start=draw(st.none() | DAY),
    )


@settings(max_examples=300, deadline=None)
@given(setting_values())
def test_an_address_gives_the_setting_back(setting: Setting) -> None:
    """Would catch: a name or number that is spelled so that it reads as another."""
    found, rest = Setting.parse(setting.address())
    assert found == setting
    assert rest == {}
    assert found.address() == setting.address()


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=60))
def test_any_query_reads_or_is_refused_in_words(query: str) -> None:
    """Would catch: a traceback for an address that somebody typed."""
    with contextlib.suppress(InputError):
        setting, _ = Setting.parse(query)
        assert Setting.parse(setting.address())[0] == setting


def test_a_form_without_script_says_nothing_by_empty_fields() -> None:
    """Would catch: a page without script on which every field that is left alone is an error."""
    setting, _ = Setting.parse(
        "case=chicken&set.nerve=&do.row.turn=&announced=&during=&during=&today.row.turn=&start="
    )
    assert setting == Setting("chicken")
    assert Setting.parse("do.a=b&during=0.5&during=2")[0].during == (0.5, 2.0)


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("set.pain=much", "not a number"),
        ("set.pain=nan", "not a number"),
        ("do.a=b&during=2", "not a period"),
        ("start=tomorrow", "not a day"),
    ],
)
def test_what_no_page_wrote_is_refused(query: str, words: str) -> None:
    with pytest.raises(InputError, match=words):
        Setting.parse(f"case=sanctions&{query}")


def applied(query: str) -> Any:
    setting, _ = Setting.parse(query)
    return setting.apply(detente.load(setting.case))


def test_levels_that_a_rule_forbids_are_refused_with_the_rule() -> None:
    """Would catch: numbers for a world that cannot be, and a refusal that does not say why."""
    with pytest.raises(InputError, match=r"offer taiwan; Rivalry freefall .*end of free fall"):
        applied("case=peninsula&do.us.offer=taiwan")
    applied("case=peninsula&do.us.offer=taiwan&today.rivalry=managed")
    with pytest.raises(InputError, match=r"offer large; Tension high"):
        applied("case=sanctions&today.sender.offer=large&today.sender.sanctions=full"
                "&today.tension=high")  # fmt: skip


def test_a_hold_that_begins_later_is_not_held_against_today() -> None:
    applied("case=peninsula&do.us.offer=taiwan&during=1,2")
    with pytest.raises(InputError, match="from year 2 to 1"):
        applied("case=peninsula&do.us.offer=tactical&during=2,1")


def test_a_day_of_the_record_brings_its_levels() -> None:
    """Would catch: a start that moves the calendar and not the world, or that leaks what came."""
    case = detente.load("peninsula")
    changed = applied("case=peninsula&start=2022-06-01")
    variables = case.namespace.variables
    levels = {name: variables[name].levels[k] for name, k in changed.status_quo.items()}
    assert changed.start == dt.date(2022, 6, 1)
    assert (levels["dprk.conduct"], levels["rivalry"]) == ("strategic", "managed")
    assert levels["china.enforcement"] == "partial", "the record is silent: as stated"
    by_hand = applied("case=peninsula&start=2022-06-01&today.rivalry=freefall")
    assert by_hand.status_quo["rivalry"] == variables["rivalry"].levels.index("freefall")
    with pytest.raises(InputError, match="ends on 31 Dec 2025"):
        applied("case=peninsula&start=2026-06-01")


def test_the_panel_goes_with_any_setting() -> None:
    """Would catch: a link to names that are gone, which then nothing on the page can take back."""
    setting, _ = Setting.parse(
        "case=sanctions&at=0000&set.gone=1&do.gone.too=x&today.tension=odd&variant=a.b"
    )
    found = panel(setting, detente.load("sanctions"))
    for key in ("set.gone", "do.gone.too", "today.tension", "variant=a.b"):
        assert f'data-reset="{key}"' in found["moved"]
    assert "has changed since this link was made" in found["moved"]
    assert "has no variant" in found["moved"]
