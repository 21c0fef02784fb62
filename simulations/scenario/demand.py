"""Who wants to meet, and when: the demand of one pool and the meetings it consists of."""

from enum import StrEnum
from typing import Annotated, Self

from pydantic import Field, model_validator

from autoscaler.resources.bounds import KeyedBy
from autoscaler.resources.common import Part
from autoscaler.resources.scalars import (
    Day,
    Participants,
    PositiveParticipants,
    PositiveSeconds,
    Seconds,
    TimeZone,
)
from simulations.scenario.scalars import Factor, Level, Moment, Positive, ScenarioName, Share, blame


class Spread(Part):
    """A lognormal distribution by its median and its 95th percentile."""

    p50: Positive
    p95: Positive

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.p95 < self.p50:
            raise blame("p95", f"must be at least p50, which is {self.p50:g}")
        return self


class MeetingClass(Part):
    """Meetings that are alike."""

    name: ScenarioName
    share: Annotated[float, Field(gt=0.0, le=1.0, allow_inf_nan=False)]
    """Share of all meetings; the shares of all classes are scaled to sum to one."""
    participants: Spread
    """Sizes; everybody joins as the meeting starts and stays until it ends."""
    length_seconds: Spread
    """Lengths."""
    split_above: PositiveParticipants | None = None
    """A meeting of more is spread evenly over rooms of at most so many, each on a server of its own
    as in a cascade; what servers send each other for it is not counted."""
    scheduled: Share
    """Share that starts around the full or half hour; the others start at any time."""


class DaysOff(Part):
    """Days on which fewer people meet, or more: a holiday, the first day after it."""

    first: Day
    """Local date of the first of them."""
    days: Annotated[int, Field(strict=True, ge=1, le=366)] = 1
    factor: Factor
    """What demand is multiplied by."""


class Webinar(Part):
    """One dated meeting of very many, on top of everything else."""

    name: ScenarioName
    start: Moment
    participants: PositiveParticipants
    arrive_seconds: PositiveSeconds = 600
    """All come evenly within so many seconds."""
    length_seconds: PositiveSeconds = 3600
    """When it ends for all, in seconds after its start."""

    @model_validator(mode="after")
    def _ends_after_all_came(self) -> Self:
        if self.length_seconds < self.arrive_seconds:
            least = self.arrive_seconds
            raise blame("lengthSeconds", f"must be at least arriveSeconds, which is {least}")
        return self


class Starts(Part):
    """How scheduled meetings gather at :00 and :30."""

    on_hour: Share = 0.6
    """Share at :00; the rest starts at :30."""
    spread_seconds: Annotated[int, Field(strict=True, ge=1, le=900)] = 120
    """Standard deviation around them, in seconds."""


class SurgeShape(StrEnum):
    """How a surge grows from 1 to its multiplier."""

    STEP = "Step"
    LINEAR = "Linear"
    LOGISTIC = "Logistic"


class Surge(Part):
    """Demand multiplied beyond what the calendar explains."""

    name: ScenarioName
    start: Moment
    multiplier: Factor
    shape: SurgeShape = SurgeShape.LOGISTIC
    ramp_seconds: Seconds = 0
    """From 1 to the multiplier, in seconds."""
    hold_seconds: Seconds | None = None
    """At the multiplier, in seconds; without it the surge persists."""
    decay_seconds: Seconds = 0
    """Back to 1, linearly, in seconds."""

    @property
    def lasting_seconds(self) -> int | None:
        """From its start until demand is as before, in seconds; None where it persists."""
        if self.hold_seconds is None:
            return None
        return self.ramp_seconds + self.hold_seconds + self.decay_seconds


class Noise(Part):
    """What no calendar explains: lognormal factors, by their standard deviations."""

    day: Share = 0.04
    """One factor a local day."""
    quarter_hour: Share = 0.02
    """One factor a quarter-hour, interpolated."""


class DayShape(StrEnum):
    """Daily shapes known by name."""

    OFFICE = "Office"
    EVENING = "Evening"
    FLAT = "Flat"


MOST_MEASURED = 1_000_000
"""Values of a load that was measured: two years of minutes."""


class Measured(Part):
    """Concurrent load as it was measured somewhere, on a regular grid; only its shape is used."""

    start: Moment
    """Time of the first value."""
    step_seconds: PositiveSeconds
    values: Annotated[tuple[Level, ...], Field(min_length=2, max_length=MOST_MEASURED)]


Hours = Annotated[tuple[Factor, ...], Field(min_length=24, max_length=24)]
Weekdays = Annotated[tuple[Factor, ...], Field(min_length=7, max_length=7)]


class DemandSpec(Part):
    """Latent demand: what people want, whether or not there is capacity."""

    peak_participants: Participants
    """Concurrent participants where day and week factors are 1."""
    time_zone: TimeZone | None = None
    """Where these people live; by default where the scenario plays."""
    day: DayShape | Hours = DayShape.OFFICE
    """A shape by name, or 24 factors at the full local hours, interpolated."""
    week: Weekdays = (1.0, 1.04, 1.02, 0.98, 0.85, 0.14, 0.11)
    """Factors from Monday to Sunday."""
    measured: Measured | None = None
    """Takes the place of `day`, `week`, `days_off` and `noise`; its largest value becomes the peak.
    It must cover history and scenario."""
    days_off: Annotated[tuple[DaysOff, ...], Field(max_length=100), KeyedBy("first")] = ()
    noise: Noise = Noise()
    surges: Annotated[tuple[Surge, ...], Field(max_length=100), KeyedBy("name")] = ()
    webinars: Annotated[tuple[Webinar, ...], Field(max_length=100), KeyedBy("name")] = ()
    """Each spread over as many servers as it takes, like the meetings of a class that is split."""


OFFICE_MEETINGS = (
    MeetingClass(
        name="one-on-one",
        share=0.42,
        participants=Spread(p50=2, p95=2),
        length_seconds=Spread(p50=1500, p95=3000),
        scheduled=0.25,
    ),
    MeetingClass(
        name="team",
        share=0.48,
        participants=Spread(p50=7, p95=18),
        length_seconds=Spread(p50=1800, p95=4200),
        scheduled=0.35,
    ),
    MeetingClass(
        name="department",
        share=0.09,
        participants=Spread(p50=30, p95=80),
        length_seconds=Spread(p50=2700, p95=5400),
        scheduled=0.75,
    ),
    MeetingClass(
        name="all-hands",
        share=0.01,
        participants=Spread(p50=110, p95=220),
        length_seconds=Spread(p50=3000, p95=5400),
        scheduled=0.95,
    ),
)
"""Office meetings of 2022, fitted to a study of 48 million meetings at more than 500,000 employees
(Harvard Business Review, 2022): 42 % one-on-ones, 10 people and 33 minutes on average, 66 %
unplanned. The split of the other 58 % into three classes is derived from those means."""

Meetings = Annotated[tuple[MeetingClass, ...], Field(min_length=1, max_length=20), KeyedBy("name")]
