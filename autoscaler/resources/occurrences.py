"""From `DemandEvent` resources to dated events: every time that one takes place in a window.

Local clocks decide: a schedule stays at 15:55 through daylight saving, a holiday begins and ends at
local midnight, whether that day has 23, 24 or 25 hours.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from itertools import groupby
from typing import TypeAlias
from zoneinfo import ZoneInfo

from cronsim import CronSim, CronSimError

from autoscaler.errors import SpecError
from autoscaler.resources.demandevent import DemandEvent, Holiday, Recurring
from autoscaler.resources.sfupool import SFUPool
from forecast.calendar import DAY, Event
from forecast.errors import HistoryError
from forecast.holidays_of import holiday_dates

Span: TypeAlias = tuple[int, int]
"""[start, end), epoch seconds."""


def occurrences(
    events: Iterable[DemandEvent], *, pools: Sequence[SFUPool], start: int, end: int
) -> tuple[Event, ...]:
    """Return what takes place within [start, end), by event and then by time.

    Each event concerns the pools of its namespace that its selector selects; one that selects none
    is left out. Raises SpecError for a schedule or holiday calendar that there is not.
    """
    return tuple(
        found
        for event in events
        if (series := _selected(event, pools))
        for found in _dated(event, series, start=start, end=end)
    )


def next_start(event: DemandEvent, *, now: int) -> int | None:
    """Return when the event begins next, within a year of `now`; None when it does not."""
    return next((first for first, _ in _spans(event, now, now + 366 * DAY) if first > now), None)


def _selected(event: DemandEvent, pools: Sequence[SFUPool]) -> frozenset[str]:
    return frozenset(
        pool.key
        for pool in pools
        if pool.metadata.namespace == event.metadata.namespace
        and event.spec.pool_selector.selects(pool.metadata.labels)
    )


def _dated(event: DemandEvent, series: frozenset[str], *, start: int, end: int) -> Iterator[Event]:
    spec = event.spec
    for first, last in _spans(event, start, end):
        yield Event(
            name=event.key,
            series_ids=series,
            start=first,
            end=last,
            multiplier=None if spec.multiplier is None else float(spec.multiplier),
            participants=(
                None if spec.participants_per_pool is None else float(spec.participants_per_pool)
            ),
            tag=spec.tag,
        )


def _spans(event: DemandEvent, start: int, end: int) -> list[Span]:
    """Return the event's times that overlap [start, end)."""
    spec = event.spec
    # Whole days, so that the same expansion serves every tick of a day.
    since, until = start // DAY * DAY, -(-end // DAY) * DAY
    try:
        if spec.once is not None:
            spans: Sequence[Span] = (
                (int(spec.once.start_time.timestamp()), int(spec.once.end_time.timestamp())),
            )
        elif spec.recurring is not None:
            spans = _recurring(spec.recurring, since, until)
        else:
            assert spec.holiday is not None
            spans = _holidays(spec.holiday, since, until)
    except CronSimError as error:
        raise SpecError(
            f"DemandEvent {event.key}: spec.recurring.schedule is "
            f"{spec.recurring.schedule if spec.recurring else ''!r}: {error}; "
            'must be five cron fields like "55 15 * * 4"'
        ) from error
    except HistoryError as error:
        raise SpecError(f"DemandEvent {event.key}: spec.holiday: {error}") from error
    return [(first, last) for first, last in spans if last > start and first < end]


@lru_cache(maxsize=4096)
def _recurring(recurring: Recurring, since: int, until: int) -> tuple[Span, ...]:
    """Expand a schedule; occurrences that run into each other are one."""
    zone, length = ZoneInfo(recurring.time_zone), recurring.duration_seconds
    begin = datetime.fromtimestamp(since - length, zone)
    spans: list[Span] = []
    for moment in CronSim(recurring.schedule, begin):
        first = int(moment.timestamp())
        if first >= until:
            break
        if moment.date() in recurring.except_dates:
            continue
        if spans and first <= spans[-1][1]:
            spans[-1] = (spans[-1][0], first + length)
        else:
            spans.append((first, first + length))
    return tuple(spans)


@lru_cache(maxsize=4096)
def _holidays(holiday: Holiday, since: int, until: int) -> tuple[Span, ...]:
    """Expand a calendar of public holidays; days that follow each other are one."""
    zone = ZoneInfo(holiday.time_zone)
    years = range(
        datetime.fromtimestamp(since, zone).year, datetime.fromtimestamp(until, zone).year + 1
    )
    days = sorted(holiday_dates(holiday.country, holiday.subdivision, years=years))
    runs = groupby(enumerate(days), key=lambda item: item[1].toordinal() - item[0])
    return tuple(
        (_midnight(run[0], zone), _midnight(run[-1] + timedelta(days=1), zone))
        for run in ([day for _, day in group] for _, group in runs)
    )


def _midnight(day: date, zone: ZoneInfo) -> int:
    return int(datetime.combine(day, time.min, zone).timestamp())
