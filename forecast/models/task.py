"""One forecast to make, and what can make it: the interface that models are compared through."""

from dataclasses import dataclass
from typing import Protocol

from forecast.arrays import FloatArray
from forecast.bookings import Bookings
from forecast.calendar import DAY, WEEK, Calendar, Event
from forecast.history import History


@dataclass(frozen=True, slots=True, eq=False)
class Task:
    """Forecast one series' next `steps`, which begin where its `history` ends.

    `events` are those that are known by then, past ones included; `bookings` are on the same grid.
    """

    history: History
    steps: int
    quantiles: tuple[float, ...]
    calendar: Calendar
    events: tuple[Event, ...] = ()
    bookings: Bookings | None = None

    @property
    def day(self) -> int:
        """Grid points in a day."""
        return DAY // self.history.step_seconds

    @property
    def week(self) -> int:
        """Grid points in a week."""
        return WEEK // self.history.step_seconds


class Model(Protocol):
    """Anything that turns a task into quantiles, participants of shape (steps, quantiles)."""

    def __call__(self, task: Task, /) -> FloatArray:
        """Forecast."""
