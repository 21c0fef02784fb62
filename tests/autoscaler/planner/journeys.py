"""Random journeys of one pool: an owner's settings, a forecast however wrong, and what is seen."""

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TypeAlias

from hypothesis import strategies as st

from autoscaler.engine.decision import Decision, PoolDecision
from autoscaler.engine.observation import DemandState, Observation
from autoscaler.engine.state import State
from autoscaler.planner.inventory import Inventory
from autoscaler.planner.settings import (
    Limits,
    OnExceeded,
    PoolSettings,
    ReleasePolicy,
    ReleaseSettings,
    Reserve,
)
from forecast.result import Forecast, ForecastMode
from tests.autoscaler.planner.examples import MIDNIGHT, forecast, limits, pool, seen, tick

PLATEAUS = (0.0, 200.0, 1000.0, 3000.0, 9000.0)
"""Levels that come back: a surge needs demand to stay above a forecast, a release below it."""
Planner: TypeAlias = Callable[[Observation, State], tuple[Decision, State]]


@dataclass(frozen=True, slots=True)
class Look:
    """One tick: seconds since the last, what the metrics say, and how the servers are doing."""

    seconds: int
    participants: float | None
    state: DemandState
    refused: float
    booted: int
    occupied_percent: int


@dataclass(frozen=True, slots=True)
class Journey:
    """Everything that does not depend on what is decided on the way."""

    settings: PoolSettings
    forecast: Forecast | None
    servers: int
    looks: tuple[Look, ...]


@dataclass(frozen=True, slots=True)
class Passed:
    """One tick that was taken."""

    observation: Observation
    before: State
    decided: PoolDecision

    @property
    def inventory(self) -> Inventory:
        return self.observation.pools[0].inventory

    @property
    def settings(self) -> PoolSettings:
        return self.observation.pools[0].settings


def travel(journey: Journey, planner: Planner) -> list[Passed]:
    """Let a planner take every tick; the target always does what it decides."""
    state = replace(State.empty(), forecast=journey.forecast)
    now, ready, floor, passed = MIDNIGHT, journey.servers, journey.servers, []
    for look in journey.looks:
        now += look.seconds
        ready = min(floor, ready + look.booted)
        observation = tick(
            now,
            seen(
                journey.settings,
                Inventory(
                    floor=floor,
                    ready=ready,
                    pending=floor - ready,
                    draining=0,
                    occupied=ready * look.occupied_percent // 100,
                ),
                participants=look.participants,
                state=look.state,
                refused=look.refused,
            ),
        )
        decision, after = planner(observation, state)
        passed.append(Passed(observation, state, decision.pools[0]))
        state, floor = after, decision.pools[0].floor
    return passed


def _limits() -> st.SearchStrategy[Limits]:
    return st.builds(
        limits,
        min_servers=st.integers(0, 10),
        max_servers=st.integers(10, 120),
        launch_per_minute=st.sampled_from([0.5, 4.0, 60.0]),
        launch_burst=st.integers(1, 60),
        quota=st.sampled_from([None, None, 40]),
        max_hourly_cost=st.sampled_from([None, 25.0, 60.0]),
        on_exceeded=st.sampled_from(OnExceeded),
        approval_above=st.sampled_from([None, None, 20, 50]),
    )


def _release() -> st.SearchStrategy[ReleaseSettings]:
    return st.builds(
        ReleaseSettings,
        policy=st.sampled_from([ReleasePolicy.WHEN_EMPTY] * 3 + [ReleasePolicy.NEVER]),
        stabilization_seconds=st.sampled_from([0, 60, 600]),
        max_percent_per_minute=st.sampled_from([1.0, 10.0, 100.0]),
    )


def _settings() -> st.SearchStrategy[PoolSettings]:
    return st.builds(
        pool,
        limits=_limits(),
        release=_release(),
        reserve=st.sampled_from([Reserve(), Reserve(zones=3, zones_lost=1)]),
        quantile=st.sampled_from([0.5, 0.9, 0.95, 0.99]),
        review_seconds=st.just(600.0),
    )


def _forecasts() -> st.SearchStrategy[Forecast | None]:
    """Sane, flat, absurd or poisoned."""
    participants = st.one_of(
        st.floats(0.0, 2000.0),
        st.sampled_from(PLATEAUS),
        st.sampled_from([0.0, math.nan, math.inf, -1e6, 5e5, 1e12]),
    )
    path = st.lists(participants, min_size=1, max_size=6)
    issued = st.builds(
        lambda path, mode, spread: forecast({"media/eu": path}, mode=mode, spread=spread),
        path,
        st.sampled_from([ForecastMode.NORMAL] * 4 + [*ForecastMode]),
        st.sampled_from([0.0, 0.1]),
    )
    return st.one_of(st.none(), issued)


def _looks() -> st.SearchStrategy[Look]:
    trusted = [DemandState.OBSERVED] * 6 + [DemandState.CENSORED] * 2
    return st.one_of(
        st.builds(
            Look,
            seconds=st.sampled_from([15, 60, 600]),
            participants=st.one_of(st.floats(0.0, 9000.0), st.sampled_from(PLATEAUS)),
            state=st.sampled_from([*trusted, *DemandState]),
            refused=st.sampled_from([0.0, 0.0, 3.0, 500.0]),
            booted=st.integers(0, 40),
            occupied_percent=st.sampled_from([0, 30, 100]),
        ),
        st.builds(
            Look,
            seconds=st.sampled_from([15, 600]),
            participants=st.sampled_from([None, 0.0, math.nan, -1.0]),
            state=st.sampled_from([DemandState.EMPTY, DemandState.STALE, DemandState.PARTIAL]),
            refused=st.just(0.0),
            booted=st.integers(0, 40),
            occupied_percent=st.sampled_from([0, 100]),
        ),
    )


JOURNEYS: st.SearchStrategy[Journey] = st.builds(
    Journey,
    settings=_settings(),
    forecast=_forecasts(),
    servers=st.integers(0, 110),
    looks=st.lists(_looks(), min_size=1, max_size=15).map(tuple),
)
