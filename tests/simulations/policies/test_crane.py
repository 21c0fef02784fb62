import numpy as np

from simulations.policies.crane import crane
from tests.simulations.policies.views import START, at, facts, history, pool, seen

DAY = 96


def made(values: list[float]) -> tuple[int, ...]:
    policy = crane()
    policy.reset(facts(pool(), past=history(eu=values)))
    hours = (0, 6, 11, 12, 18)
    metric = policy.metrics[-1]
    return tuple(
        proposal or 0
        for hour in hours
        for proposal in metric.propose(at(START + hour * 3600, seen(700.0)))
    )


def test_the_hpa_is_given_the_largest_of_the_next_hour() -> None:
    """A wave of a day, lowest now and highest in twelve hours, 1 % or more above it."""
    wave = 3500.0 - 2800.0 * np.cos(2.0 * np.pi * np.arange(15 * DAY) / DAY)

    now, six, eleven, twelve, eighteen = made(wave.tolist())

    assert now < six < eleven
    assert eleven == twelve == -(-6300 * 1.01 // 70)
    assert eighteen < twelve


def test_without_a_period_the_metric_asks_for_nothing() -> None:
    noise = np.random.default_rng(5).normal(700.0, 50.0, 15 * DAY)

    assert made(noise.tolist()) == (0, 0, 0, 0, 0)


def test_observed_demand_stays_the_floor() -> None:
    policy = crane()
    policy.reset(facts(pool(), past=history(eu=[10.0] * (15 * DAY))))

    assert policy.decide(at(START, seen(1400.0))).pools[0].size == 20
    assert policy.decide(at(START + 15, seen(None))).pools[0].size == 10
