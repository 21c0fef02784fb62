"""What holds for every tick of one process."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from autoscaler.planner.guards import GUARDS, Guard
from forecast.bookings import Bookings
from forecast.calendar import Calendar, Event
from forecast.fitted import Fitted
from forecast.forecaster import Forecaster
from forecast.history import History
from forecast.result import Forecast

HORIZON_STEPS = 192
"""48 hours of quarter-hours: the plan."""


class Refreshes(Protocol):
    """The forecaster, or what answers in its place with what it answered before."""

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
        """Do as `Forecaster.refresh` does."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class EngineConfig:
    """`forecasting` False leaves the reactive need, the calendar and the guards.

    `guards` are what stands between a need and a floor; tests leave one out to show what it is for.
    """

    forecasting: bool = True
    forecaster: Refreshes = field(default_factory=Forecaster)
    guards: tuple[Guard, ...] = GUARDS
