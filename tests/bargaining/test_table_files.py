"""Files of tables: what is read is what was written, and what is wrong is named by row and column.

Would catch: a blank read as 0, a text taken for a number, a row that replaces another in silence.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bargaining.random_tables import random_table
from detente.bargaining import (
    SettledProposal,
    bargaining_table,
    read_settled,
    read_table,
    write_settled,
    write_table,
)
from detente.errors import InputError

HEAD = "issue,actor,position,salience,capability"
DECIDE = "'#A'\t'a'\n'#A'\t'b'\n'#P'\t'x'\n"


@pytest.mark.parametrize("layout", ["detente", "decide", "ktab"])
@pytest.mark.parametrize("seed", range(10))
def test_what_is_written_is_read(layout, seed, tmp_path) -> None:
    own = layout == "detente"
    table = random_table(np.random.default_rng(seed), 5, 3, reference=own, lines=0.4 * own)
    write_table(table, tmp_path / "table.csv", layout)
    found = read_table(tmp_path / "table.csv")
    order = [found.actors.index(actor) for actor in table.actors]
    assert found.issues == table.issues
    np.testing.assert_allclose(found.position[order], table.position)
    np.testing.assert_allclose(found.weight[order], table.weight)
    np.testing.assert_allclose(found.reference, table.reference)
    np.testing.assert_allclose(found.red_line[order], table.red_line)


def test_settled_proposals_are_read_as_they_were_written(tmp_path) -> None:
    draw = np.random.default_rng(5)
    written = [
        SettledProposal(name, None, random_table(draw, 4, 2), (50.0, None)) for name in ("x", "y")
    ]
    written = [replace(one, table=with_capability(one.table)) for one in written]
    write_settled(written, tmp_path / "settled.tsv")
    for one, found in zip(written, read_settled(tmp_path / "settled.tsv"), strict=True):
        assert found.outcome == one.outcome
        order = [found.table.actors.index(actor) for actor in one.table.actors]
        np.testing.assert_allclose(found.table.position[order], one.table.position)
        np.testing.assert_allclose(found.table.weight[order], one.table.weight)
        np.testing.assert_allclose(found.table.reference, one.table.reference)


def with_capability(table):
    return replace(table, capability=np.ones(table.position.shape))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "empty"),
        ("a,b\n1,2\n", "row 1: neither"),
        (HEAD.replace(",", ";"), "row 1: the cells are parted by other marks"),
        (HEAD.replace("salience", "salienz"), "row 1, column 4: the column salience is missing"),
        ("actor,issue,position,salience,capability\n", "row 1: the columns are in another order"),
        (HEAD, "row 1, column 1: no row below has a position"),
        (f"{HEAD}\nx,a,ten,1,1\nx,b,1,2,1\n", "(?s)row 2, column 3.*row 3, column 4"),
        (f"{HEAD}\nx,a,ten,1,1\n", "row 2, column 3: the position is 'ten'"),
        (f"{HEAD}\nx,a,1_0,1,1\n", "row 2, column 3"),
        (f"{HEAD}\nx,a,nan,1,1\n", "row 2, column 3"),
        (f"{HEAD}\nx,a,10,2,1\n", "row 2, column 4: the salience is 2; write a number from 0 to 1"),
        (f"{HEAD}\nx,a,10,1,-1\n", "row 2, column 5: the capability is .1; write a number from 0"),
        (f"{HEAD}\nx,a,10,1,1e300\n", "row 2, column 5: the capability is 1e.300; write a number"),
        (f"{HEAD}\nx,a,10,,1\n", "row 2, column 4: a position without salience"),
        (f"{HEAD}\nx,a,10,1,1\nx,a,20,1,1\n", "row 3, column 2: a has a position on x already"),
        (f"{HEAD}\nx,a,10,1,1\n", "row 2, column 2: a is the only actor with"),
        (f"{HEAD}\nx,a,10,0,1\nx,b,20,0,1\n", "row 2, column 4: nobody on x has salience"),
        (f"{HEAD}\nx,a,10,1,1\nx,b,200,1,1\n", "row 3, column 3: the position is 200; move it"),
        (f"{HEAD}\nx,a,-5,1,1\n", "column 3: the position is .5; move it onto the scale from 0 to"),
        (f"{HEAD}\nx,a,5,1,1\nx,b,9,1,1\ny,b,,1,1\n", "row 4, column 4: nobody has a position"),
        (f"{HEAD},reference\nx,a,10,1,1,5\nx,b,20,1,1,6\n", "row 3, column 6: x has another"),
        (f"{HEAD},red_line\nx,a,10,1,1,101\nx,b,2,1,1,\n", "row 2, column 6: the red line is 101"),
        (f"{HEAD},red_line\nx,a,10,1,1,far\n", "row 2, column 6: the red line is 'far'"),
        (f"{HEAD},red_line\nx,a,,1,1,5\n", "row 2, column 3: a red line without a position"),
        (f"{HEAD},red_line,red_line\n", "row 1, column 7: the column red_line stands twice"),
        (f"{HEAD},more\nx,a,10,1,1,5\n", "row 1, column 6: there is no column 'more'"),
        (f"{HEAD}\nx,a,10,1,1,9\n", "row 2 has 6 cells, the first row 5; if a comma was"),
        (f"{HEAD},\nx,a,10,0,5,1\n", "row 2 has 6 cells, the first row 5; if a comma was"),
        (f"{HEAD},reference,red_line\nx,a,1,0,5,1,0,\n", "row 2 has 8 cells, the first row 7; if"),
        (f"{HEAD},reference,red_line\nx,a,1,0,5,1\n", "row 2 has 6 cells, the first row 7; write"),
        (f"{HEAD}\nx,a,10,1\n", "row 2 has 4 cells, the first row 5; write a comma for each"),
        (f"{HEAD}\n,a,10,1,1\n", "row 2, column 1: the issue is missing"),
        (f"{HEAD}\nx,a\u202e,10,1,1\n", "row 2: at character 4 U.202E"),
        (f'{HEAD}\nx,a,10,1,1\nx,"b,20,1,1\n', "row 3, column 2: this quote is not closed"),
        (f'{HEAD}\nx,"b,20,1,1\nx,"a",1,1,1\n', "row 2, column 2: this quote is not closed"),
        (f'{HEAD}\n"x\ny",a,10,1,1\n', "row 2, column 1: a name may not hold a line break"),
        (f"{HEAD}\nx,{'a' * 200_000},10,1,1\n", "row 2: a cell of more than 100,000 characters"),
        ("'#A'\t'a\n", "row 1, column 2: this quote is not closed; write '"),
        ("'#A'\t'a'\n'#Q'\t'x'\n", "row 2, column 1: '#Q' is no kind of row"),
        ("'#A'\t'a'\n'#P'\t'x'\n'#D'\t'b'\t'x'\t1\t1\t1\n", "row 3, column 2: there is no actor"),
        (DECIDE + "'#D'\t'a'\t'x'\t101\t1\t1\n", "row 4, column 4: the position is 101; move it"),
        (DECIDE + "'#D'\t'a'\t'x'\t1\t1\t1\n", "row 1, column 2: a is the only actor"),
        (DECIDE, "row 1, column 1: no row below has a position"),
        ("'#A'\t'a'\n'#A'\t'a'\n", "row 2, column 2: the actor 'a' stands twice"),
        ("t,,1,1\nActor,D,Power,X Position\nA,,1,2\n", "row 2, column 4: an issue has"),
        ("t,,1,1\nActor,D,Power,X Position,X Salience\nA,,1,2,200\n", "row 3, column 5"),
        ("t,,1,1\nActor,D,Power,X Position,X Salience\nA,,1,2,0\n", "row 2, column 4: nobody on"),
        ("t,,1,1\nActor,D,Power,X Position,X Salience\nA,,1,2,9\n", "row 3, column 1: A is the"),
        ("t,,1,1\nActor,D,Power,X Position,X Salience\nA,,1,2,0,5\n", "3 has 6 cells, row 2 has 5"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named_by_row_and_column(text, words, tmp_path) -> None:
    path = tmp_path / "table.csv"
    path.write_text(text, "utf-8")
    with pytest.raises(InputError, match=words):
        read_table(path)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"PK\x03\x04\x14\x00", "this is a Word, Excel or other zipped file, not plain text"),
        (b"\xd0\xcf\x11\xe0\xa1", "this is an old Word or Excel file, not plain text"),
        (HEAD.encode("utf-16"), "byte 0 is not UTF-8"),
    ],
)
def test_a_workbook_is_no_table(content, words, tmp_path) -> None:
    path = tmp_path / "table.csv"
    path.write_bytes(content)
    with pytest.raises(InputError, match=f"table.csv: {words}; save it as CSV in UTF-8"):
        read_table(path)


@pytest.mark.parametrize(
    ("head", "rows"),
    [
        (HEAD, ""),
        (HEAD, ",,"),
        (f"{HEAD},,", ",,"),
        (f"{HEAD},,", ""),
        (f"{HEAD},reference,red_line", ""),
    ],
)
def test_blanks_at_the_end_of_rows_are_no_cells(head, rows, tmp_path) -> None:
    path = tmp_path / "table.csv"
    path.write_text(f"{head}\nx,a,10,1,1{rows}\nx,b,20,1,1{rows}\n", "utf-8")
    assert read_table(path).position.tolist() == [[10.0], [20.0]]


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=300) | st.text(max_size=200).map(lambda t: f"{HEAD}\n{t}".encode()))
def test_any_bytes_give_a_table_or_an_error(tmp_path_factory, content) -> None:
    path = tmp_path_factory.mktemp("t") / "t.csv"
    path.write_bytes(content)
    for read in (read_table, read_settled):
        with suppress(InputError):
            read(path)


def test_a_layout_without_a_place_for_scales_says_so(tmp_path) -> None:
    cells = {"x": {"a": (1, 1, 1), "b": (9, 1, 1)}}
    small = bargaining_table(cells, scale={"x": (0, 10)})
    with pytest.raises(InputError, match="'x' has a scale of its own"):
        write_table(small, tmp_path / "t.csv")
    write_table(small, tmp_path / "t.csv", "decide")
    assert read_table(tmp_path / "t.csv").scale.tolist() == [[0, 10]]


def test_settled_proposals_keep_blanks_apart_from_zero(tmp_path) -> None:
    path = tmp_path / "settled.csv"
    head = ["prnr", "isnr", "intro", "pcom", "pfr", "scom", "sfr", "rp", "out"]
    rows = [
        ["d1", "d1i1", "26-01-99", "0", "", "80", "", "", "30"],
        ["d1", "d1i2", "26-01-99", "100", "50", "80", "20", "0", ""],
    ]
    rows[0][4] = "10"
    rows[0][6] = "40"
    path.write_text("\n".join("\t".join(row) for row in [head, *rows]), "utf-8")
    (found,) = read_settled(path)
    assert found.introduced is not None
    assert found.introduced.year == 1999
    assert found.outcome == (30.0, None)
    assert np.isnan(found.table.reference[0])
    assert found.table.salience[0].tolist() == [0.8, 0.8]
