"""Dated events in one line, as people type them: `10x@20:00+8h`.

    EFFECT @ WHEN [ZONE] + DURATION [/daily*N | /weekly*N] [:SERIES,...]

    10x@20:00+8h                             demand times ten, from the next 20:00 UTC, for 8 h
    5000p@mon 09:00[Europe/Berlin]+90m       5000 participants at least, next Monday in Berlin
    #cup@2026-06-10T17:30[Europe/Paris]+2h   what earlier events of this tag turned out to be
    0.5x#holiday@2026-12-24[America/New_York]+1d/daily*3:us-east,us-west

EFFECT is a factor (`2x`), a floor of participants (`5000p`), a tag (`#cup`), or several of them.
WHEN is the next such time at or after now, or an ISO 8601 date or date-time, with `Z`, an offset or
a zone in brackets; UTC where nothing is said. A wall time that a clock change skips is read with
the offset before the change (02:30 becomes 03:30), one that comes twice is its first occurrence, as
in datetime with fold=0 (PEP 495). Durations are elapsed time; repetitions follow the wall clock.
"""

import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo

from forecast.calendar import DAY, HOUR, WEEK, Event, Place
from forecast.errors import HistoryError

EXAMPLE = "10x@20:00+8h"
COMMENT = "# "
"""What lines of a file of events may begin with; `#cup` is a tag."""
_MOST_TIMES = 1000
_LONGEST = 366 * DAY
_UNITS = {"d": DAY, "h": HOUR, "m": 60, "s": 1}
_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_NUMBER = r"\d+(?:\.\d+)?(?:e[+-]?\d+)?"
_EVENT = re.compile(
    r"""
    (?P<effect>[^@]*) @
    (?P<when>[^\[\]]+?) (?:\[(?P<zone>[^\]]*)\])?
    \+ (?P<duration>(?:\d+[dhms])+)
    (?:/ (?P<every>daily|weekly) \* (?P<times>\d+))?
    (?:: (?P<series>.+))?
    """,
    re.VERBOSE,
)
_EFFECT = re.compile(
    rf"(?:(?P<factor>{_NUMBER})x)?,?(?:(?P<people>{_NUMBER})p)?(?:\#(?P<tag>[A-Za-z0-9][\w.-]*))?"
)
_CLOCK = re.compile(
    rf"(?:(?P<weekday>{'|'.join(_WEEKDAYS)})\ ?)?(?P<hour>\d\d?):(?P<minute>\d\d)", re.IGNORECASE
)


def parse_event(text: str, *, now: int) -> Event:
    """Read one event that takes place once; raises HistoryError saying what would be right."""
    events = parse_events(text, now=now)
    if len(events) > 1:
        raise _wrong(text, f"takes place {len(events)} times, must be one event here")
    return events[0]


def parse_events(text: str, *, now: int) -> tuple[Event, ...]:
    """Read one line, with every repetition; `now` (epoch seconds) is what `next` counts from.

    Raises HistoryError for what is no event, saying what would be right.
    """
    parts = _EVENT.fullmatch(text.strip())
    if parts is None:
        raise _wrong(text, _what_is_missing(text))
    multiplier, participants, tag = _effect(text, parts["effect"])
    length = sum(
        int(n) * _UNITS[unit] for n, unit in re.findall(r"(\d+)([dhms])", parts["duration"])
    )
    if not 0 < length <= _LONGEST:
        raise _wrong(text, f"lasts {parts['duration']}, must be above 0 and at most a year")
    return tuple(
        Event(
            name=tag or parts["effect"],
            series_ids=_series(text, parts["series"]),
            start=start,
            end=start + length,
            multiplier=multiplier,
            participants=participants,
            tag=tag,
        )
        for start in _repeated(text, parts, _first(text, parts, now=now))
    )


def read_events(lines: Iterable[str], *, now: int, source: str) -> tuple[Event, ...]:
    """Read one event a line; empty lines and comments (`# ...`) are skipped.

    Raises HistoryError with `source` and the number of the first line that is wrong.
    """
    events: list[Event] = []
    for number, line in enumerate(lines, start=1):
        if not line.strip() or line.startswith(COMMENT):
            continue
        try:
            events += parse_events(line, now=now)
        except HistoryError as error:
            raise HistoryError(f"{source}, line {number}: {error}") from error
    return tuple(events)


def format_event(event: Event) -> str:
    """Write an event as one line that `parse_event` reads back, with its start in UTC."""
    factor = "" if event.multiplier is None else f"{_plain(event.multiplier)}x"
    people = "" if event.participants is None else f"{_plain(event.participants)}p"
    effect = ",".join(filter(None, (factor, people))) + (f"#{event.tag}" if event.tag else "")
    start = datetime.fromtimestamp(event.start, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    series = "" if event.series_ids is None else ":" + ",".join(sorted(event.series_ids))
    return f"{effect}@{start}+{_duration(event.end - event.start)}{series}"


def _what_is_missing(text: str) -> str:
    _, at, rest = text.partition("@")
    if not at:
        return "has no @ before its start"
    if not re.search(r"\+(\d+[dhms])+", rest):
        return "has no duration such as +8h, +90m or +1d"
    return "cannot be read after its duration" if "[" not in rest or "]" in rest else "has no ]"


def _effect(text: str, effect: str) -> tuple[float | None, float | None, str | None]:
    found = _EFFECT.fullmatch(effect)
    if found is None or not effect:
        raise _wrong(
            text, f"has {effect!r} before the @, must be a factor 10x, participants 5000p or a #tag"
        )
    factor, people = (None if each is None else float(each) for each in found.group(1, 2))
    return factor, people, found["tag"]


def _first(text: str, parts: re.Match[str], *, now: int) -> datetime:
    """Return the first start, on the clock that repetitions follow."""
    when, zone = parts["when"].strip(), _zone(text, parts["zone"])
    clock = _CLOCK.fullmatch(when)
    if clock is not None:
        return _next(text, clock, zone, now=now)
    try:
        moment = datetime.fromisoformat(when)
    except ValueError as error:
        raise _wrong(
            text,
            f"starts at {when!r}, must be a time such as 20:00, mon 20:00 or 2026-06-10T17:30",
        ) from error
    if moment.tzinfo is None:
        return moment.replace(tzinfo=zone)
    if parts["zone"] is not None:
        raise _wrong(text, f"has an offset and the zone {parts['zone']}, must be one of them")
    return moment


def _next(text: str, clock: re.Match[str], zone: tzinfo, *, now: int) -> datetime:
    hour, minute, weekday = int(clock["hour"]), int(clock["minute"]), clock["weekday"]
    if hour > 23 or minute > 59:
        raise _wrong(text, f"starts at {hour}:{minute:02}, must be within 00:00 to 23:59")
    today = datetime.fromtimestamp(now, zone).replace(
        hour=hour, minute=minute, second=0, microsecond=0, fold=0
    )
    days = (today + timedelta(days=ahead) for ahead in range(9))
    return next(
        day
        for day in days
        if day.timestamp() >= now
        and (weekday is None or day.weekday() == _WEEKDAYS.index(weekday.lower()))
    )


def _zone(text: str, name: str | None) -> tzinfo:
    try:
        return ZoneInfo(Place(name).zone) if name is not None else UTC
    except HistoryError as error:
        raise _wrong(text, str(error)) from error


def _repeated(text: str, parts: re.Match[str], first: datetime) -> Iterator[int]:
    times = int(parts["times"] or 1)
    if not 1 <= times <= _MOST_TIMES:
        raise _wrong(text, f"takes place {times} times, must be 1 to {_MOST_TIMES}")
    period = timedelta(seconds=WEEK if parts["every"] == "weekly" else DAY)
    try:
        for index in range(times):
            yield int((first + index * period).timestamp())
    except (OverflowError, ValueError) as error:
        raise _wrong(text, "is outside the years that a calendar has") from error


def _series(text: str, names: str | None) -> frozenset[str] | None:
    if names is None:
        return None
    series = frozenset(name.strip() for name in names.split(","))
    if "" in series:
        raise _wrong(text, f"is for series {names!r}, must be names with commas between")
    return series


def _duration(seconds: int) -> str:
    parts = []
    for unit, size in _UNITS.items():
        count, seconds = divmod(seconds, size)
        if count:
            parts.append(f"{count}{unit}")
    return "".join(parts)


def _plain(number: float) -> str:
    return repr(number).removesuffix(".0")


def _wrong(text: str, what: str) -> HistoryError:
    return HistoryError(f"event {text.strip()!r}: {what}; an event is written like {EXAMPLE}")
