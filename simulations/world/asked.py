"""What a policy asks a forecaster."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

import numpy as np

from autoscaler.engine.config import Refreshes
from forecast.arrays import BoolArray
from forecast.bookings import Bookings
from forecast.calendar import Calendar, Event
from forecast.history import History


@dataclass(frozen=True, slots=True, eq=False)
class Asked:
    """All that a forecast is a function of, but for the moment."""

    forecaster: Refreshes
    history: History
    horizon_steps: int
    calendar: Calendar
    events: tuple[Event, ...]
    surging: frozenset[str]
    donors: Mapping[str, str]
    bookings: Bookings | None

    def is_as(self, other: "Asked") -> bool:
        """Whether the answer is the same."""
        return (
            self.surging == other.surging
            and self.is_of_the_run(other)
            and self.history.series_ids == other.history.series_ids
            and bool(rows_alike(self.history, other.history).all())
        )

    def is_of_the_run(self, other: "Asked") -> bool:
        """Whether they differ only in what was seen by then."""
        return (
            self.horizon_steps == other.horizon_steps
            and self.forecaster == other.forecaster
            and self.calendar == other.calendar
            and self.events == other.events
            and self.donors == other.donors
            and self.bookings is other.bookings
        )

    def without(self, series_ids: Collection[str]) -> "Asked":
        """Return the question about the other series, of which none borrows from one of these."""
        names = tuple(name for name in self.history.series_ids if name not in series_ids)
        return replace(
            self, history=self.history.select(names), surging=self.surging.intersection(names)
        )


def rows_alike(one: History, other: History) -> BoolArray:
    """Say of each row whether two histories of the same series say the same; not on two grids."""
    if (one.start, one.step_seconds, one.points) != (other.start, other.step_seconds, other.points):
        return np.zeros(len(one.series_ids), dtype=np.bool_)
    values = (one.values == other.values) | (np.isnan(one.values) & np.isnan(other.values))
    alike: BoolArray = (values & (one.states == other.states)).all(axis=1)
    return alike
