"""A new forecast, when the observation brings a history."""

from dataclasses import replace
from typing import TypeVar

import numpy as np

from autoscaler.engine.config import HORIZON_STEPS, EngineConfig
from autoscaler.engine.observation import Observation
from autoscaler.engine.sight import participants_seen
from autoscaler.engine.state import State
from autoscaler.planner.weeks import weekly_peaks
from forecast.calendar import Calendar, Place
from forecast.result import Forecast
from forecast.tracking import track
from forecast.verdict import GROWTH

T = TypeVar("T")


def refresh(
    observation: Observation, state: State, *, config: EngineConfig
) -> tuple[Observation, State]:
    """Turn the observation's history into the state's forecast; return both without the history.

    `step` does this first, so a tick may be journalled after it: without weeks of history, and
    replayable whatever the forecaster kept in memory. A pool that is blind or has no history keeps
    its last trusted forecast.
    """
    history, bookings = observation.history, observation.bookings
    if history is None:
        return observation, state
    observation = replace(observation, history=None, bookings=None)
    if not config.forecasting or not history.series_ids or not history.points:
        return observation, state
    issued, fitted = config.forecaster.refresh(
        history,
        now=observation.now,
        horizon_steps=HORIZON_STEPS,
        calendar=_calendar(observation),
        events=observation.events,
        fitted=state.fitted,
        surging=surging(state.forecast),
        donors={
            pool.settings.name: pool.settings.shape_from
            for pool in observation.pools
            if pool.settings.shape_from is not None
        },
        bookings=bookings,
    )
    unseen = {
        pool.settings.name
        for pool in observation.pools
        if participants_seen(pool.demand) is None or pool.settings.name not in issued.series_ids
    }
    tracked, record = track(
        issued, history, record=state.record, events=observation.events, blind=unseen
    )
    forecast = keep_rows(tracked, state.forecast, unseen)
    weeks = weekly_peaks(history, known=state.weeks)
    state = replace(state, forecast=forecast, record=record, fitted=fitted, weeks=weeks)
    return observation, state


def _calendar(observation: Observation) -> Calendar:
    """Return where each pool's people are."""
    zones = {pool.settings.name: pool.settings.time_zone for pool in observation.pools}
    places = {zone: Place(zone) for zone in dict.fromkeys(zones.values())}
    return Calendar({name: places[zone] for name, zone in zones.items()})


def surging(last: Forecast | None) -> frozenset[str]:
    """Return the series that are in a surge until calm is observed, restarts included."""
    if last is None:
        return frozenset()
    return frozenset(
        name
        for name, model in zip(last.series_ids, last.models, strict=True)
        if model == GROWTH  # the mode of a young pool does not say it
    )


def keep_rows(issued: Forecast, last: Forecast | None, kept: set[str]) -> Forecast:
    """Give `kept` series the rows that the last forecast has for them, on the new one's grid.

    Past the last forecast's end they ask for nothing. A forecast on another grid is not comparable,
    and nothing of it is kept.
    """
    if last is None or not _comparable(issued, last):
        return issued
    shift = (issued.start - last.start) // issued.step_seconds
    old = {name: row for row, name in enumerate(last.series_ids) if name in kept}
    new = {name: row for row, name in enumerate(issued.series_ids) if name not in old}
    names = (*new, *old)
    values = np.zeros((len(names), issued.steps, len(issued.quantiles)))
    values[: len(new)] = issued.values[list(new.values())]
    reach = max(0, min(last.steps - shift, issued.steps))
    values[len(new) :, :reach] = last.values[list(old.values()), shift : shift + reach]
    from_new, from_old = list(new.values()), list(old.values())
    return replace(
        issued,
        series_ids=names,
        values=values,
        modes=_rows(issued.modes, from_new) + _rows(last.modes, from_old),
        models=_rows(issued.models, from_new) + _rows(last.models, from_old),
        reasons=_rows(issued.reasons, from_new) + _rows(last.reasons, from_old),
    )


def _comparable(issued: Forecast, last: Forecast) -> bool:
    return (
        (last.step_seconds, last.quantiles) == (issued.step_seconds, issued.quantiles)
        and last.start <= issued.start
        and (issued.start - last.start) % issued.step_seconds == 0
    )


def _rows(values: tuple[T, ...], rows: list[int]) -> tuple[T, ...]:
    return tuple(values[row] for row in rows)
