"""The setting after the record: what a finished fit has learned, as parameters to go to.

Cost: the draws of the fit are made again from its stored likelihoods, once a fit.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from detente.evidence import Posterior, sample_posterior
from detente.workbench._bench import Bench, Remembered
from detente.workbench._jobs import Job
from detente.workbench._links import moved
from detente.workbench._setting import Setting

_FITS = Remembered(4)


def fitted_setting(bench: Bench, job: Job) -> Setting:
    """Return the setting of a fit, with the medians of all that it has learned something about.

    A variant that the fit drew stays as the setting has it.

    Parameters
    ----------
    bench : Bench
    job : Job
        A fit that is done.

    Raises
    ------
    InputError
        When the case is no longer the one that was fitted.
    """
    asked, _ = Setting.parse(str(job.asked.get("address", "")).lstrip("?"))
    setting = replace(asked, sha="", held={}, today={}, start=None)
    base = bench.case(job.case)
    case = base.variant(*setting.variants).set(setting.parameters)
    given = dict(zip(job.command, job.command[1:], strict=False))
    path = bench.folder.inside(job.store)
    draw = partial(
        sample_posterior, case, int(given["--particles"]), int(given["--seed"]), 1,
        store=path, resume=True,
    )  # fmt: skip
    found: Posterior = _FITS.get((path, bench.folder.stamp(job.store), case.sha256), draw)
    medians = {
        row["name"]: row["posterior"][1]
        for row in found.rows()
        if not row["silent"] and not isinstance(row["posterior"], dict)
    }
    return moved(replace(setting, case=job.case), medians)
