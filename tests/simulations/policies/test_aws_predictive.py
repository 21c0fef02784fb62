"""What the EC2 Auto Scaling user guide says of predictive scaling."""

import numpy as np
import pytest

from simulations.policies.aws_predictive import (
    HORIZON_HOURS,
    AwsPredictive,
    hourly_forecast,
    scheduled,
)
from simulations.policy import Policy
from tests.simulations.policies.views import START, at, facts, history, pool, seen

HOUR = 3600
EDGE = START - START % HOUR + HOUR
FIRST = EDGE // HOUR


@pytest.mark.parametrize(
    ("now", "servers"),
    [
        pytest.param(EDGE - 301, 4, id="before the buffer"),
        pytest.param(EDGE - 300, 9, id="SchedulingBufferTime before the hour"),
        pytest.param(EDGE + 1800, 9, id="within it"),
        pytest.param(EDGE + HOUR - 300, 9, id="a fall is not taken early"),
        pytest.param(EDGE + HOUR, 2, id="the next hour"),
    ],
)
def test_capacity_is_raised_five_minutes_before_the_hour(now: int, servers: int) -> None:
    assert scheduled(np.array([3.5, 8.2, 2.0]), now, FIRST - 1) == servers


def test_a_forecast_is_48_hours_of_the_same_hour_of_the_week() -> None:
    load = np.tile(np.arange(168.0), 2)
    load[168:] += 10.0

    forecast = hourly_forecast((load, 0), first=336)

    assert forecast.size == HORIZON_HOURS
    assert forecast.tolist() == [hour + 5.0 for hour in range(HORIZON_HOURS)]


def test_only_14_days_count() -> None:
    old = np.full(100 * 24, 9000.0)
    load = np.append(old, np.full(14 * 24, 100.0))

    assert set(hourly_forecast((load, 0), first=load.size).tolist()) == {100.0}


def test_with_less_than_a_week_the_hour_of_the_day_stands_in() -> None:
    load = np.tile(np.arange(24.0), 2)

    assert hourly_forecast((load, 0), first=48)[:24].tolist() == list(range(24))


def test_with_less_than_a_day_there_is_none() -> None:
    assert hourly_forecast((np.full(23, 5.0), 0), first=23).size == 0


def made(*, least: float, most: float) -> AwsPredictive:
    """A policy with two weeks whose hour from EDGE on had `most`, and `least` otherwise."""
    points = 14 * 96
    first = START - points * 900
    hours = (first + np.arange(points) * 900) // HOUR
    values = np.where(hours % 24 == FIRST % 24, most, least)
    policy = AwsPredictive()
    policy.reset(facts(pool(), past=history(eu=values.tolist())))
    return policy


def test_is_a_policy_once_a_minute() -> None:
    policy: Policy = AwsPredictive()

    assert (policy.name, policy.period_seconds) == ("aws-predictive", 60)


def test_the_forecast_raises_capacity_before_anybody_comes() -> None:
    policy = made(least=70.0, most=1400.0)
    sizes = [
        policy.decide(at(now, seen(70.0, ready=1))).pools[0].size for now in (START, EDGE - 240)
    ]

    assert sizes == [1, 20]


def test_a_forecast_never_scales_in() -> None:
    policy = made(least=70.0, most=70.0)

    assert policy.decide(at(START, seen(700.0))).pools[0].size == 10


def test_target_tracking_goes_beyond_a_forecast_that_is_too_low() -> None:
    policy = made(least=70.0, most=70.0)
    sizes = [
        policy.decide(at(START + 60 * minute, seen(990.0))).pools[0].size for minute in range(3)
    ]

    assert sizes == [10, 10, 15]
