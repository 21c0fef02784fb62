"""Forecasts of one world made in one go, of the series of which all demand is seen."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from autoscaler.engine.refresh import surging as in_surge
from forecast.ahead import forecast_ahead
from forecast.forecaster import Forecaster
from forecast.history import History
from forecast.result import Forecast
from simulations.world.asked import Asked, rows_alike


@dataclass(slots=True)
class Foreseen:
    """What is forecast from `undisturbed`: all that is seen while nobody is refused.

    It is made a few hours ahead of what was asked for, and good for every series of which a policy
    has seen the same: up to the first quarter-hour in which its pool refused somebody or lost
    sight. Where one borrows another's shape, series are not told apart.
    """

    undisturbed: History
    _runs: list["_Run"] = field(default_factory=list)

    def find(self, now: int, asked: Asked) -> Forecast | None:
        """Return the answer for the series that it is known of; None where that is none."""
        seen = asked.history
        start = now - (now - seen.start) % seen.step_seconds
        known = self.undisturbed.window(self.undisturbed.start, start)
        if seen.end != start or asked.bookings is not None or seen.series_ids != known.series_ids:
            return None
        alike = rows_alike(seen, known)
        if not (alike.all() if asked.donors else alike.any()):
            return None
        run = next((run for run in self._runs if run.first.is_of_the_run(asked)), None)
        if run is None:
            if not isinstance(asked.forecaster, Forecaster):
                return None
            run = _Run.begin(asked.forecaster, asked, self.undisturbed)
            self._runs.append(run)
        if (made := run.at(start)) is None:
            return None
        told, forecast = made
        names = tuple(
            name
            for name, same in zip(seen.series_ids, alike.tolist(), strict=True)
            if same and (name in told) == (name in asked.surging)
        )
        if not names or (asked.donors and names != seen.series_ids):
            return None
        return replace(gathered([forecast], names), issued_at=now)


@dataclass(slots=True)
class _Run:
    """One forecaster's answers by their start, with who was told to be in a surge."""

    first: Asked
    coming: Iterator[Forecast]
    told: frozenset[str]
    made: dict[int, tuple[frozenset[str], Forecast]] = field(default_factory=dict)

    @classmethod
    def begin(cls, forecaster: Forecaster, asked: Asked, undisturbed: History) -> "_Run":
        coming = forecast_ahead(
            forecaster,
            undisturbed,
            first=asked.history.end,
            horizon_steps=asked.horizon_steps,
            calendar=asked.calendar,
            events=asked.events,
            surging=asked.surging,
            donors=asked.donors,
        )
        return cls(asked, coming, asked.surging)

    def at(self, start: int) -> tuple[frozenset[str], Forecast] | None:
        """Return what was told at `start`, after which series were said to be in a surge."""
        while start not in self.made:
            forecast = next(self.coming, None)
            if forecast is None:
                return None
            self.made[forecast.start] = self.told, forecast
            self.told = in_surge(forecast)
        return self.made[start]


def gathered(parts: Sequence[Forecast], series_ids: tuple[str, ...]) -> Forecast:
    """Return these series, in this order, of forecasts made at one time on one grid."""
    first = parts[0]
    if len(parts) == 1 and series_ids == first.series_ids:
        return first
    found = {name: (part, row) for part in parts for row, name in enumerate(part.series_ids)}
    rows = [found[name] for name in series_ids]
    return replace(
        first,
        series_ids=series_ids,
        values=np.array([part.values[row] for part, row in rows]),
        modes=tuple(part.modes[row] for part, row in rows),
        models=tuple(part.models[row] for part, row in rows),
        reasons=tuple(part.reasons[row] for part, row in rows),
        learned={
            name: part.learned[name]
            for name, (part, _) in zip(series_ids, rows, strict=True)
            if name in part.learned
        },
    )
