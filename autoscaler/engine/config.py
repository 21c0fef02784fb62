"""What holds for every tick of one process."""

from dataclasses import dataclass, field

from autoscaler.planner.guards import GUARDS, Guard
from forecast.calendar import Calendar
from forecast.forecaster import Forecaster

HORIZON_STEPS = 192
"""48 hours of quarter-hours: the plan."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EngineConfig:
    """`forecasting` False leaves the reactive need, the calendar and the guards.

    `calendar` says where each pool's people are. `guards` are what stands between a need and a
    floor; tests leave one out to show what it is for.
    """

    forecasting: bool = True
    forecaster: Forecaster = field(default_factory=Forecaster)
    calendar: Calendar = field(default_factory=Calendar)
    guards: tuple[Guard, ...] = GUARDS
