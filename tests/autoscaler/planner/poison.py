"""What must hold however wrong or careful a forecast is. As in `properties`, over journeys."""

import math
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from autoscaler.engine.state import State
from tests.autoscaler.planner.journeys import Passed, Planner
from tests.autoscaler.planner.properties import at, needed

POISONS = {"NaN": math.nan, "zero": 0.0, "negative": -1.0, "hundredfold": 100.0}


def a_poisoned_forecast_costs_at_most_the_bound(
    journey: Sequence[Passed], planner: Planner
) -> str | None:
    """Floor times price: the ceiling, what is in force, or what observed demand needs."""
    for passed in journey:
        for name, factor in POISONS.items():
            poisoned = _times(passed.before, factor)
            if poisoned is None:
                continue
            floor = planner(passed.observation, poisoned)[0].pools[0].floor
            price = passed.settings.server.hourly_cost
            if floor * price > (most := _most_hourly(passed)) + 1e-6:
                return at(passed, f"{name}: {floor} servers cost more than {most} an hour")
    return None


def less_risk_never_means_less(journey: Sequence[Passed], planner: Planner) -> str | None:
    """A higher quantile asks for as much or more."""
    for passed in journey:
        (observed,) = passed.observation.pools
        careful = replace(observed.settings, quantile=0.99)
        observation = replace(passed.observation, pools=(replace(observed, settings=careful),))
        before = replace(passed.before, outlooks=None)
        floor = planner(observation, before)[0].pools[0].floor
        if floor < passed.decided.floor:
            return at(passed, f"at P99 it is {floor}")
    return None


def _times(state: State, factor: float) -> State | None:
    if state.forecast is None:
        return None
    with np.errstate(invalid="ignore", over="ignore"):
        values = state.forecast.values * factor
    return replace(state, forecast=replace(state.forecast, values=values), outlooks=None)


def _most_hourly(passed: Passed) -> float:
    limits, price = passed.settings.limits, passed.settings.server.hourly_cost
    most = limits.max_servers * price
    if limits.max_hourly_cost is not None:
        seen = max(needed(passed, factor=1.5), limits.min_servers)
        most = min(most, max(limits.max_hourly_cost, seen * price))
    return max(most, passed.decided.previous * price)
