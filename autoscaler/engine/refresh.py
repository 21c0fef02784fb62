"""A new forecast, when the observation brings a history."""

from dataclasses import replace

import numpy as np

from autoscaler.engine.config import HORIZON_STEPS, EngineConfig
from autoscaler.engine.observation import Observation
from autoscaler.engine.sight import participants_seen
from autoscaler.engine.state import State
from forecast.result import Forecast


def refresh(
    observation: Observation, state: State, *, config: EngineConfig
) -> tuple[Observation, State]:
    """Turn the observation's history into the state's forecast; return both without the history.

    `step` does this first, so a tick may be journalled after it: without weeks of history, and
    replayable whatever the forecaster kept in memory. A pool that is blind keeps its last trusted
    forecast.
    """
    history = observation.history
    if history is None:
        return observation, state
    observation = replace(observation, history=None)
    if not config.forecasting or not history.series_ids:
        return observation, state
    issued, fitted = config.forecaster.refresh(
        history,
        now=observation.now,
        horizon_steps=HORIZON_STEPS,
        calendar=config.calendar,
        events=observation.events,
        fitted=state.fitted,
    )
    blind = {
        pool.settings.name for pool in observation.pools if participants_seen(pool.demand) is None
    }
    forecast = keep_rows(issued, state.forecast, blind)
    return observation, replace(state, forecast=forecast, fitted=fitted)


def keep_rows(issued: Forecast, last: Forecast | None, kept: set[str]) -> Forecast:
    """Put the rows that the last forecast has for `kept` series on the new one's grid.

    Past the last forecast's end they ask for nothing. Rows on another grid are not comparable and
    are replaced.
    """
    if last is None or last.step_seconds != issued.step_seconds:
        return issued
    if last.quantiles != issued.quantiles:
        return issued
    shift = (issued.start - last.start) // issued.step_seconds
    overlap = min(last.steps - shift, issued.steps)
    rows = {name: row for row, name in enumerate(last.series_ids)}
    values, modes = issued.values.copy(), list(issued.modes)
    models, reasons = list(issued.models), list(issued.reasons)
    for row, name in enumerate(issued.series_ids):
        old = rows.get(name)
        if name not in kept or old is None or shift < 0:
            continue
        values[row] = 0.0
        if overlap > 0:
            values[row, :overlap] = last.values[old, shift : shift + overlap]
        modes[row], models[row] = last.modes[old], last.models[old]
        reasons[row] = last.reasons[old]
    return replace(
        issued,
        values=np.asarray(values, dtype=np.float64),
        modes=tuple(modes),
        models=tuple(models),
        reasons=tuple(reasons),
    )
