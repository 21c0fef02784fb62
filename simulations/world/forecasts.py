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
from simulations.world.foreseen import Foreseen


@dataclass(slots=True)
class Forecasts:
    """What was forecast in one world, by when.

    Latent demand does not depend on a policy, so up to the first quarter-hour in which one refused
    somebody, or lost sight, all of them ask the same, and the answers are made in one go from what
    is `foreseen` (None: nothing is). From there on each is answered for itself.
    """

    foreseen: Foreseen | None = None
    computed: int = 0
    """How many forecasts were made one at a time."""
    _known: dict[int, tuple[Asked, Forecast]] = field(default_factory=dict)

    def by(self, forecaster: Refreshes) -> Refreshes:
        """Return a forecaster that computes nothing twice."""
        return Remembered(forecaster, self)

    def find(self, now: int, asked: Asked) -> Forecast | None:
        """Return what is foreseen, or what was answered to the same question."""
        if self.foreseen is not None:
            foreseen = self.foreseen.find(now, asked)
            if foreseen is not None:
                return foreseen
        known = self._known.get(now)
        return known[1] if known is not None and known[0].is_as(asked) else None

    def keep(self, now: int, asked: Asked, forecast: Forecast) -> None:
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
