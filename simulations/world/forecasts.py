"""Forecasts of one world, made once: policies that saw the same are told the same."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from autoscaler.engine.config import Refreshes
from forecast.bookings import Bookings
from forecast.calendar import Calendar, Event
from forecast.fitted import Fitted
from forecast.history import History
from forecast.result import Forecast


@dataclass(frozen=True, slots=True, eq=False)
class _Asked:
    """All that a forecast is a function of."""

    forecaster: Refreshes
    history: History
    horizon_steps: int
    calendar: Calendar
    events: tuple[Event, ...]
    surging: frozenset[str]
    donors: Mapping[str, str]
    bookings: Bookings | None

    def is_as(self, other: "_Asked") -> bool:
        return (
            self.surging == other.surging
            and self.horizon_steps == other.horizon_steps
            and self.forecaster == other.forecaster
            and self.calendar == other.calendar
            and self.events == other.events
            and self.donors == other.donors
            and self.bookings is other.bookings
            and _same(self.history, other.history)
        )


def _same(one: History, other: History) -> bool:
    return (
        one.series_ids == other.series_ids
        and (one.start, one.step_seconds) == (other.start, other.step_seconds)
        and np.array_equal(one.states, other.states)
        and np.array_equal(one.values, other.values, equal_nan=True)
    )


@dataclass(slots=True)
class Forecasts:
    """What was forecast in one world, by when.

    Latent demand does not depend on a policy, so up to the first quarter-hour in which one refused
    somebody, or lost sight, all of them ask the same; from there on each is answered for itself.
    """

    computed: int = 0
    _known: dict[int, tuple[_Asked, Forecast]] = field(default_factory=dict)

    def by(self, forecaster: Refreshes) -> "Remembered":
        """Return a forecaster that computes nothing twice."""
        return Remembered(forecaster, self)

    def find(self, now: int, asked: _Asked) -> Forecast | None:
        """Return what was answered to the same question."""
        known = self._known.get(now)
        return known[1] if known is not None and known[0].is_as(asked) else None

    def keep(self, now: int, asked: _Asked, forecast: Forecast) -> None:
        """Keep the newest answer: neighbours on a dial see alike for longest."""
        self.computed += 1
        self._known[now] = asked, forecast


@dataclass(frozen=True, slots=True)
class Remembered:
    """A forecaster, and what it was asked before."""

    forecaster: Refreshes
    book: Forecasts

    def refresh(
        self,
        history: History,
        *,
        now: int,
        horizon_steps: int,
        calendar: Calendar,
        events: Sequence[Event] = (),
        fitted: Fitted | None = None,
        surging: frozenset[str] = frozenset(),
        donors: Mapping[str, str] | None = None,
        bookings: Bookings | None = None,
    ) -> tuple[Forecast, Fitted]:
        """Forecast as `Forecaster.refresh` does; what it did for the same question is returned.

        `fitted` is a cache that no forecast depends on: it is left as it is then.
        """
        asked = _Asked(
            forecaster=self.forecaster,
            history=history,
            horizon_steps=horizon_steps,
            calendar=calendar,
            events=tuple(events),
            surging=surging,
            donors=donors or {},
            bookings=bookings,
        )
        if (known := self.book.find(now, asked)) is not None:
            return known, fitted or Fitted()
        forecast, fitted = self.forecaster.refresh(
            history,
            now=now,
            horizon_steps=horizon_steps,
            calendar=calendar,
            events=events,
            fitted=fitted,
            surging=surging,
            donors=donors,
            bookings=bookings,
        )
        self.book.keep(now, asked, forecast)
        return forecast, fitted
