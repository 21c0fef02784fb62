"""Forecasts of one world made in one go, as long as what is seen is all of demand."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from autoscaler.engine.refresh import surging as in_surge
from forecast.ahead import forecast_ahead
from forecast.forecaster import Forecaster
from forecast.history import History
from forecast.result import Forecast
from simulations.world.asked import Asked, same


@dataclass(slots=True)
class Foreseen:
    """What is forecast from `undisturbed`: all that is seen while nobody is refused.

    It is made a few hours ahead of what was asked for, and good for whoever has seen the same: up
    to the first quarter-hour in which a policy refused somebody or lost sight.
    """

    undisturbed: History
    _runs: list["_Run"] = field(default_factory=list)

    def find(self, now: int, asked: Asked) -> Forecast | None:
        """Return the answer; None where what was seen differs, or nothing can be made ahead."""
        seen = asked.history
        start = now - (now - seen.start) % seen.step_seconds
        known = self.undisturbed.window(self.undisturbed.start, start)
        if seen.end != start or asked.bookings is not None or not same(seen, known):
            return None
        run = next((run for run in self._runs if run.first.is_of_the_run(asked)), None)
        if run is None:
            if not isinstance(asked.forecaster, Forecaster):
                return None
            run = _Run.begin(asked.forecaster, asked, self.undisturbed)
            self._runs.append(run)
        forecast = run.at(start, surging=asked.surging)
        return None if forecast is None else replace(forecast, issued_at=now)


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

    def at(self, start: int, *, surging: frozenset[str]) -> Forecast | None:
        """Return what was told at `start`, if the same series were in a surge before."""
        while start not in self.made:
            forecast = next(self.coming, None)
            if forecast is None:
                return None
            self.made[forecast.start] = self.told, forecast
            self.told = in_surge(forecast)
        told, forecast = self.made[start]
        return forecast if told == surging else None
