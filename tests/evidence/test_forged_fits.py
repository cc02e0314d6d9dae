"""Files of fits that somebody forged are refused with a clear error, or gone on with as they are.

Catches: a traceback, a hang, a likelihood that is no number, another result from the same
likelihoods. A quarter of ``DETENTE_FUZZ`` is the number of forged files (24 without it).
"""

from __future__ import annotations

import os
import random
import time

import numpy as np
import pytest

from detente.case import read_case
from detente.errors import DetenteError
from detente.evidence import sample_posterior
from detente.evidence._fit_file import FIT
from forged_files import forge, rows_of
from planted_history import TABLE, simulated

SHARDS = 4
FORGED = int(os.environ.get("DETENTE_FUZZ", "96")) // 4
MOST_SECONDS = 5.0
PLANTED = {"zeal": 3.0, "worth": 2.0, "storms": 0.3}
COLUMNS = len(FIT.numbers) + len(FIT.texts)


@pytest.fixture(scope="module")
def case():
    return simulated(read_case(TABLE, "table.yaml"), PLANTED, 2.0, 3)


def fit(case, path, resume):
    return sample_posterior(case, 20, rng=2, workers=1, store=path, resume=resume)


@pytest.fixture(scope="module")
def good(case, tmp_path_factory):
    """Finish a small fit; return its file and what it found."""
    path = tmp_path_factory.mktemp("good") / "fit.sqlite"
    return path, fit(case, path, resume=False)


def try_one(case, good, good_rows, path, rng):
    """Forge a fit, go on with it, and return whether that was done."""
    what = forge(good[0], path, rng)
    began = time.thread_time()
    try:
        found = fit(case, path, resume=True)
    except DetenteError as error:
        assert str(path) in str(error) or "likelihood" in str(error), what  # noqa: PT017
        return False
    finally:
        assert time.thread_time() - began < MOST_SECONDS, what
    assert np.isfinite(found.log_likelihood).all()
    rows = rows_of(path, COLUMNS)
    assert sum(count for count, *_ in rows.values()) >= found.evaluations
    if {first: rows.get(first) for first in good_rows} == good_rows:
        np.testing.assert_array_equal(found.values, good[1].values)
    return True


@pytest.mark.parametrize("shard", range(SHARDS))
def test_forged_fits_are_refused_or_gone_on_with(shard, case, good, tmp_path):
    rng, rows = random.Random(shard), rows_of(good[0], COLUMNS)
    path = tmp_path / "fit.sqlite"
    done = [try_one(case, good, rows, path, rng) for _ in range(FORGED // SHARDS)]
    assert sum(done) < len(done) // 2
