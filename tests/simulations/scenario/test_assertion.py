from dataclasses import replace

import pytest

from simulations.scenario.assertion import Assertion, judge, refuted_by
from tests.simulations.report.results import numbers

GOOD = replace(numbers(blocked=0.05, shortage=10.0, ratio=1.1), node_hours=90.0)
RESULTS = {"meetscale": GOOD, "hpa": replace(GOOD, node_hours=100.0, node_hours_vs_bound=None)}


@pytest.mark.parametrize(
    ("that", "passed"),
    [
        ("blocked_joins_pct <= 0.05", True),
        ("blocked_joins_pct < 0.05", False),
        ("meetings_killed <= 0", True),
        ("hpa.node_hours >= 100", True),
        ("node_hours <= 0.9 * hpa.node_hours", True),
        ("node_hours < 0.9 * hpa.node_hours", False),
        ("node_hours > hpa.node_hours", False),
        ("shortage_node_minutes <= unavoidable_shortage_node_minutes", True),
        ("hpa.node_hours_vs_bound <= 99", False),
    ],
)
def test_a_comparison_judges_meetscale_unless_it_names_a_policy(that: str, passed: bool) -> None:
    (verdict,) = judge((Assertion(text="it is so", that=that),), RESULTS)

    assert verdict.passed is passed
    assert verdict.text == "it is so"


def test_policies_that_did_not_run_are_not_judged() -> None:
    about_others = Assertion(text="cheaper", that="node_hours < static-peak.node_hours")

    assert judge((about_others,), RESULTS) == ()


def test_whoever_would_fail_if_judged_is_named() -> None:
    assertions = (
        Assertion(text="few are blocked", that="blocked_joins_pct <= 1"),
        Assertion(text="fewer than under hpa", that="blocked_joins_pct < hpa.blocked_joins_pct"),
    )
    results = {
        name: replace(GOOD, blocked_joins_pct=blocked)
        for name, blocked in (("meetscale", 0.5), ("hpa", 0.9), ("keda", 0.95), ("phpa", 0.8))
    }

    assert refuted_by(assertions, results) == ("keda",)
