"""How many random cases the rules that must hold are tried on.

HYPOTHESIS_PROFILE=ci (what `make unit` and CI=true mean) tries 2,000 of each, `nightly` (`make
properties`) 100,000, and without either a hundred while one works.
"""

import os

from hypothesis import HealthCheck, settings

CASES = {"meetscale": 100, "ci": 2_000, "nightly": 100_000}
PROFILE = os.environ.get("HYPOTHESIS_PROFILE", "ci" if os.environ.get("CI") else "meetscale")

must_hold = settings(
    max_examples=CASES[PROFILE],
    derandomize=PROFILE == "ci",  # a new case is found at night, not in somebody's pull request
    suppress_health_check=[HealthCheck.too_slow],
    deadline=None,
)
"""Decorates a test of a rule that must hold."""
