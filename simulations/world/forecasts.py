"""Forecasts of one world, made once: policies that saw the same are told the same."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from autoscaler.engine.config import Refreshes
from forecast.bookings import Bookings
from forecast.calendar import Calendar, Event
from forecast.fitted import Fitted
from forecast.history import History
from forecast.result import Forecast
from simulations.world.asked import Asked
from simulations.world.foreseen import Foreseen, gathered


@dataclass(slots=True)
class Forecasts:
    """What was forecast in one world, by when.

    Latent demand does not depend on a policy, so of each pool all policies ask the same up to the
    first quarter-hour in which one refused somebody there, or lost sight, and the answers are made
    in one go from what is `foreseen` (None: nothing is). From there on that pool's are made for
    each policy, one at a time.
    """

    foreseen: Foreseen | None = None
    computed: int = 0
    """How many forecasts of a series were made one at a time."""
    _known: dict[int, tuple[Asked, Forecast]] = field(default_factory=dict)

    def by(self, forecaster: Refreshes) -> Refreshes:
        """Return a forecaster that computes nothing twice."""
        return Remembered(forecaster, self)

    def find(self, now: int, asked: Asked) -> Forecast | None:
        """Return what is foreseen, perhaps of some of the series only."""
        return None if self.foreseen is None else self.foreseen.find(now, asked)

    def recall(self, now: int, asked: Asked) -> Forecast | None:
        """Return what was answered to the same question."""
        known = self._known.get(now)
        return known[1] if known is not None and known[0].is_as(asked) else None

    def keep(self, now: int, asked: Asked, forecast: Forecast) -> None:
        """Keep the newest answer: neighbours on a dial see alike for longest."""
        self.computed += len(forecast.series_ids)
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
        asked = Asked(
            forecaster=self.forecaster,
            history=history,
            horizon_steps=horizon_steps,
            calendar=calendar,
            events=tuple(events),
            surging=surging,
            donors=donors or {},
            bookings=bookings,
        )
        foreseen = self.book.find(now, asked)
        if foreseen is None:
            return self._answer(now, asked, fitted)
        names = history.series_ids
        if foreseen.series_ids == names:
            return foreseen, fitted or Fitted()
        others, fitted = self._answer(now, asked.without(foreseen.series_ids), fitted)
        return gathered([foreseen, others], names), fitted

    def _answer(self, now: int, asked: Asked, fitted: Fitted | None) -> tuple[Forecast, Fitted]:
        """Return what is recalled, or else forecast it."""
        if (known := self.book.recall(now, asked)) is not None:
            return known, fitted or Fitted()
        forecast, fitted = self.forecaster.refresh(
            asked.history,
            now=now,
            horizon_steps=asked.horizon_steps,
            calendar=asked.calendar,
            events=asked.events,
            fitted=fitted,
            surging=asked.surging,
            donors=asked.donors,
            bookings=asked.bookings,
        )
        self.book.keep(now, asked, forecast)
        return forecast, fitted
