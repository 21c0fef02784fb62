"""What is known of the future: local time, holidays and dated events."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import numpy as np

from forecast.arrays import BoolArray, FloatArray, IntArray
from forecast.errors import HistoryError

HOUR = 3600
DAY = 24 * HOUR
WEEK = 7 * DAY
_EPOCH_WEEKDAY = 3
"""1970-01-01 was a Thursday; Monday is 0."""
_EPOCH_ORDINAL = date(1970, 1, 1).toordinal()


@dataclass(frozen=True, slots=True)
class Event:
    """A dated occurrence on [start, end), epoch seconds; recurrence is expanded before this.

    `series_ids` None: all. `multiplier` scales what would be there without it (below 1 it lowers
    it); `participants` is a floor under the path's median.
    """

    name: str
    series_ids: frozenset[str] | None
    start: int
    end: int
    multiplier: float | None
    participants: float | None
    tag: str | None = None

    def __post_init__(self) -> None:
        if self.end <= self.start:
            raise HistoryError(
                f"event {self.name!r}: end {self.end} must be after start {self.start}"
            )
        for what, value in (
            ("multiplier", self.multiplier),
            ("participants", self.participants),
        ):
            if value is not None and not (0.0 <= value < np.inf):
                raise HistoryError(f"event {self.name!r}: {what} is {value}, must be 0 or more")

    def concerns(self, series_id: str) -> bool:
        """Whether the event is one of this series'."""
        return self.series_ids is None or series_id in self.series_ids


@dataclass(frozen=True, slots=True)
class LocalTime:
    """Arrays of one zone's wall clock, all of the shape of the times they were made from.

    `wall` are seconds since 1970-01-01 00:00 on that clock, `day` days since then, `weekday` 0
    (Monday) to 6, `holiday` whether the day is one.
    """

    wall: IntArray
    day: IntArray
    weekday: IntArray
    holiday: BoolArray

    def at(self, points: slice | IntArray) -> "LocalTime":
        """Return these points' local time."""
        return LocalTime(
            self.wall[points],
            self.day[points],
            self.weekday[points],
            self.holiday[points],
        )

    @property
    def hour(self) -> FloatArray:
        """Hours since local midnight, with fractions."""
        return (self.wall % DAY) / HOUR

    @property
    def free_day(self) -> BoolArray:
        """Saturdays, Sundays and holidays."""
        return (self.weekday >= 5) | self.holiday


@dataclass(frozen=True, slots=True)
class Place:
    """Where a series' people are: an IANA time zone and the local dates that are holidays there."""

    zone: str = "UTC"
    holidays: frozenset[date] = frozenset()

    def __post_init__(self) -> None:
        try:
            ZoneInfo(self.zone)
        except (ZoneInfoNotFoundError, ValueError) as error:
            raise HistoryError(
                f"time zone {self.zone!r} is unknown, must be an IANA name such as Europe/Berlin"
            ) from error

    def local_time(self, times: IntArray) -> LocalTime:
        """Put epoch seconds on this place's wall clock, both daylight-saving changes included."""
        wall = times + utc_offsets(times, self.zone)
        day = wall // DAY
        holidays = np.array(
            [each.toordinal() - _EPOCH_ORDINAL for each in self.holidays],
            dtype=np.int64,
        )
        return LocalTime(
            wall=wall,
            day=day,
            weekday=(day + _EPOCH_WEEKDAY) % 7,
            holiday=np.isin(day, holidays),
        )


@dataclass(frozen=True, slots=True)
class Calendar:
    """Where each series' people are; a series that is not named is at `default`."""

    places: Mapping[str, Place] = field(default_factory=dict)
    default: Place = Place()

    def place(self, series_id: str) -> Place:
        """Return where this series' people are."""
        return self.places.get(series_id, self.default)


def utc_offsets(times: IntArray, zone: str) -> IntArray:
    """Return local time minus UTC in seconds, for each of the times (sorted, of one dimension)."""
    offsets = np.zeros(times.shape, dtype=np.int64)
    if zone != "UTC":
        # Asking the zone for each time costs milliseconds a month; clocks change twice a year.
        span = int(np.searchsorted(times, times[:1].sum() + WEEK)) or 1
        for first in range(0, times.size, span):
            _fill_offsets(
                offsets[first : first + span],
                times[first : first + span],
                ZoneInfo(zone),
            )
    return offsets


def _fill_offsets(offsets: IntArray, times: IntArray, zone: ZoneInfo) -> None:
    """Halve until both ends of a stretch (at most a week) have the same offset."""
    first, last = (_offset(int(times[end]), zone) for end in (0, -1))
    if first == last or times.size <= 2:
        offsets[:] = first
        offsets[-1] = last
    else:
        middle = times.size // 2
        _fill_offsets(offsets[:middle], times[:middle], zone)
        _fill_offsets(offsets[middle:], times[middle:], zone)


def _offset(time: int, zone: ZoneInfo) -> int:
    offset = datetime.fromtimestamp(time, zone).utcoffset()
    assert offset is not None
    return int(offset.total_seconds())
