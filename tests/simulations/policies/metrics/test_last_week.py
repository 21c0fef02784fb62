"""`max_over_time(demand[30m] offset 6d23h30m)`."""

import numpy as np

from simulations.policies.metrics.last_week import LastWeek
from tests.simulations.policies.views import START, at, facts, history, pool, seen

WEEK_OF_POINTS = 7 * 96


def past(*coming: float) -> list[float]:
    """A week of 100 participants whose first quarter-hours are `coming`."""
    return [*coming, *[100.0] * (WEEK_OF_POINTS - len(coming))]


def test_asks_for_the_largest_of_the_coming_half_hour_a_week_ago() -> None:
    metric = LastWeek(utilization=0.5)
    metric.reset(facts(pool(), past=history(eu=past(300.0, 800.0, 5000.0))))

    assert metric.propose(at(START, seen(100.0))) == [16]
    assert metric.propose(at(START + 900, seen(100.0))) == [100]


def test_a_margin_multiplies_it() -> None:
    metric = LastWeek(utilization=0.5, margin=1.25)
    metric.reset(facts(pool(), past=history(eu=past(800.0))))

    assert metric.propose(at(START, seen(100.0))) == [20]


def test_an_empty_result_is_zero_and_a_prometheus_that_does_not_answer_is_an_error() -> None:
    metric = LastWeek(utilization=0.5)
    metric.reset(facts(pool(), past=history(eu=past(np.nan, np.nan))))

    assert metric.propose(at(START, seen(100.0))) == [0]
    assert metric.propose(at(START, seen(None))) == [None]
