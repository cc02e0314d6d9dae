"""The pictures of bargaining: sound SVG, nothing left out, no name over another.

Would catch: a pair without its ribbon, an arc of the wrong length, labels that cover each other or
leave the drawing, a mark at the wrong place, text of a table that becomes markup.
"""

from __future__ import annotations

import math
import re
from dataclasses import replace
from xml.etree import ElementTree

import numpy as np
import pytest

from bargaining.random_tables import random_table
from detente.bargaining import bargaining_table, compare_models, exchange
from detente.drawing import chord_figure, positions_figure

LINE, LETTER = 11.0, 5.0
"""Height and least width of small type."""


def read(drawing):
    return ElementTree.fromstring(str(drawing))


def boxes(root):
    """Return the boxes of all texts, from their places and on the small side."""
    found = []
    for group in [root, *root.findall("g")]:
        down = float(re.sub(r"translate\(0 |\)", "", group.get("transform", "0")))
        for text in group.findall("text"):
            words = "".join(text.itertext()).removeprefix(text.findtext("title", ""))
            wide = LETTER * len(words)
            x, y = float(text.get("x")), float(text.get("y")) + down
            anchor = text.get("text-anchor", "start")
            left = x - wide * {"start": 0.0, "middle": 0.5, "end": 1.0}[anchor]
            found.append((left, y - LINE, left + wide, y, words))
    return found


def covering(root):
    texts = boxes(root)
    return [
        (a[4], b[4])
        for k, a in enumerate(texts)
        for b in texts[:k]
        if a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]
    ]


def outside(root):
    wide, tall = (float(part) for part in root.get("viewBox").split()[2:])
    return [box for box in boxes(root) if box[0] < 0 or box[2] > wide or box[3] > tall]


@pytest.mark.parametrize("actors", [2, 3, 6, 9, 12, 15])
def test_no_name_covers_another_and_all_are_inside(actors):
    rng = np.random.default_rng(actors)
    for issues in (2, 4, 7):
        table = random_table(rng, actors, issues)
        found = compare_models(table)
        for drawing in (positions_figure(table, found.outcomes), chord_figure(found.exchanges)):
            if drawing:
                root = read(drawing)
                assert covering(root) == []
                assert outside(root) == []


def test_each_pair_has_a_ribbon_and_each_arc_is_as_long_as_its_gain():
    made = exchange(random_table(np.random.default_rng(3), 9, 6))
    root = read(chord_figure(made))
    pairs = {frozenset(one.givers) for one in made.made}
    ribbons = [node for node in root if node.get("class") == "half ribbon"]
    said = [node.findtext("title") for node in ribbons]
    assert len(ribbons) == len(pairs) > 5
    for one in made.made:
        assert sum(str(one) in words for words in said) == 1
    gains = {a: sum(one.gain for one in made.made if a in one.givers) for a in made.table.actors}
    arcs = [node for node in root if node.get("class") == "end"]
    assert len(arcs) == sum(gain > 0 for gain in gains.values())
    free = 2 * math.pi - 0.05 * len(arcs)
    for node in arcs:
        gain = gains[node.findtext("title").partition(":")[0]]
        assert angle(node.get("d")) == pytest.approx(free * gain / sum(gains.values()), abs=0.002)


def angle(path):
    start = re.match(r"M(\S+) (\S+) A(\S+) \S+ 0 0 1 (\S+) (\S+) ", path)
    x, y, radius, x2, y2 = map(float, start.groups())
    return 2 * math.asin(math.hypot(x - x2, y - y2) / (2 * radius))


def test_a_hundred_actors_still_have_arcs_round_one_circle():
    made = exchange(random_table(np.random.default_rng(2), 100, 6))
    arcs = [node for node in read(chord_figure(made)) if node.get("class") == "end"]
    assert len(arcs) > 80
    assert sum(angle(node.get("d")) for node in arcs) == pytest.approx(2 * math.pi - 2.0, abs=0.1)


def test_who_trades_with_nobody_is_named_and_where_nobody_trades_there_is_no_picture():
    cells = {
        "cut": {"north": (100, 0.9, 1), "south": (0, 0.2, 1), "east": (50, 1, 1)},
        "fund": {"north": (100, 0.2, 1), "south": (0, 0.9, 1)},
    }
    text = "".join(read(chord_figure(exchange(bargaining_table(cells)))).itertext())
    assert "no exchange: east" in text
    alone = {"cut": {"north": (100, 1, 1), "south": (0, 1, 1)}}
    assert chord_figure(exchange(bargaining_table(alone))) == ""


def test_marks_stand_where_the_table_and_the_models_have_them():
    table = bargaining_table(
        {"cut": {"north": (75, 1, 4), "south": (0, 1, 1)}},
        {"cut": 25},
        points={"cut": {0: "none", 100: "all"}},
    )
    red = np.array([[50.0], [np.nan]])
    table = replace(table, red_line=red)
    root = read(positions_figure(table, compare_models(table).outcomes))
    circles = root.findall(".//circle")
    at = [float(node.get("cx")) for node in circles]
    size = [float(node.get("r")) for node in circles]
    axis = root.find(".//line[@class='axis']")
    low, high = float(axis.get("x1")), float(axis.get("x2"))
    assert at == pytest.approx([low + 0.75 * (high - low), low], abs=0.1)
    assert size == pytest.approx([10, 5], abs=0.06)
    line = root.find(".//line[@class='red-line']")
    assert float(line.get("x1")) == pytest.approx((low + high) / 2, abs=0.1)
    text = "".join(root.itertext())
    for words in ("red line of north 50", "reference point 25", "mean 37.5", "0: none; 100: all"):
        assert words in text
    assert "north: position 75, salience 1, capability 4" in text


def test_names_are_text():
    evil = "</title><script>alert(1)</script>&"
    cells = {
        evil: {evil: (100, 0.9, 1), "b": (0, 0.2, 1)},
        "fund": {evil: (100, 0.2, 1), "b": (0, 0.9, 1)},
    }
    found = compare_models(bargaining_table(cells, points={evil: {0.0: evil}}))
    for picture in found.plot().pictures:
        tags = {node.tag.rpartition("}")[2] for node in read(picture).iter()}
        assert "script" not in tags
        assert "alert(1)" in "".join(read(picture).itertext())


def test_results_draw_themselves():
    table = random_table(np.random.default_rng(1), 6, 4)
    found = compare_models(table)
    assert "<circle" in str(table.plot())
    assert "ribbon" in str(found.exchanges.plot())
    assert [picture.count("<circle") > 0 for picture in found.plot().pictures] == [True, False]
