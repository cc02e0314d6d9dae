"""Settings that every test shares: threads of linear algebra, and how hypothesis draws examples."""

from __future__ import annotations

import os

from hypothesis import HealthCheck, settings

# Tests fill every core already: further threads only wait for one another. Before numpy is loaded.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

# Kernels compile during the first example and machines differ, so time says nothing about a test.
settings.register_profile("local", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile(
    "ci", settings.get_profile("local"), derandomize=True, database=None, print_blob=True
)
settings.load_profile("ci" if os.environ.get("CI") else "local")
