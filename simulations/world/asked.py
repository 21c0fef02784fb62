"""What a policy asks a forecaster."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from autoscaler.engine.config import Refreshes
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
            and same(self.history, other.history)
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


def same(one: History, other: History) -> bool:
    """Whether two histories say the same."""
    return (
        one.series_ids == other.series_ids
        and (one.start, one.step_seconds) == (other.start, other.step_seconds)
        and np.array_equal(one.states, other.states)
        and np.array_equal(one.values, other.values, equal_nan=True)
    )
