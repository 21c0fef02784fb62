"""What people say about the future: events, where users are, and their holidays."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated, TypeAlias

import typer

from autoscaler.cli.tables import read_table
from autoscaler.cli.values import duration
from autoscaler.errors import SpecError
from forecast.bookings import Bookings
from forecast.bookings_table import read_bookings
from forecast.calendar import Calendar, Event, Place
from forecast.errors import HistoryError
from forecast.event_text import EXAMPLE, parse_events, read_events
from forecast.history import History
from forecast.holidays_of import place_of

EventTexts: TypeAlias = Annotated[
    list[str] | None,
    typer.Option("--event", metavar="TEXT", help=f"A dated event, such as {EXAMPLE} (repeatable)."),
]
EventFile: TypeAlias = Annotated[
    Path | None, typer.Option("--events", metavar="FILE", help="Events, one a line.")
]
Zone: TypeAlias = Annotated[
    str | None,
    typer.Option(metavar="IANA", help="The users' time zone, such as Europe/Berlin. Default: UTC."),
]
BookingFile: TypeAlias = Annotated[
    Path | None,
    typer.Option(
        "--bookings",
        metavar="FILE",
        help="Participants booked, past and future: columns timestamp, value, maybe series_id.",
    ),
]
BookedAhead: TypeAlias = Annotated[
    str | None,
    typer.Option(
        metavar="DURATION", help="How long before its time each of these is known, such as 24h."
    ),
]
Holidays: TypeAlias = Annotated[
    str | None,
    typer.Option(metavar="CODE", help="Their holidays, by country or subdivision: DE or DE-BY."),
]


def events_of(
    texts: Sequence[str], file: Path | None, *, now: int, series_ids: Collection[str]
) -> tuple[Event, ...]:
    """Read --event and --events; times without a date are the next such after `now`.

    Raises HistoryError, also for an event of a series that is not there.
    """
    events = [event for text in texts for event in parse_events(text, now=now)]
    if file is not None:
        try:
            lines = file.read_text(encoding="utf-8").splitlines()
        except UnicodeDecodeError as error:
            raise HistoryError(f"{file}: is not a text file") from error
        events += read_events(lines, now=now, source=str(file))
    for event in events:
        unknown = sorted((event.series_ids or frozenset()) - set(series_ids))
        if unknown:
            raise HistoryError(
                f"event {event.name!r} is for series {unknown[0]!r}, there are "
                f"{', '.join(sorted(series_ids))}"
            )
    return tuple(events)


def bookings_of(
    file: Path | None, ahead: str | None, histories: Mapping[str, History], *, horizon: int
) -> Mapping[str, Bookings]:
    """Read --bookings for `horizon` seconds past each history. Raises SpecError, HistoryError."""
    if (file is None) != (ahead is None):
        raise SpecError("--bookings and --booked-ahead go together, such as 24h for the latter")
    if file is None or ahead is None:
        return {}
    return read_bookings(
        read_table(file),
        histories,
        source=str(file),
        known_ahead_seconds=duration(ahead, option="--booked-ahead"),
        horizon_seconds=horizon,
    )


def placed(
    calendar: Calendar, zone: str | None, code: str | None, *, start: int, end: int
) -> Calendar:
    """Put a calendar's series into a zone with its holidays from `start` to `end`."""
    place = calendar.default
    days = place.holidays | (frozenset() if code is None else _holidays(code, start, end))
    return replace(calendar, default=Place(zone or place.zone, days))


def _holidays(code: str, start: int, end: int) -> frozenset[date]:
    first, last = (datetime.fromtimestamp(each, UTC).year for each in (start, end))
    try:
        return place_of("UTC", region=code, years=range(first, last + 2)).holidays
    except HistoryError as error:
        raise SpecError(f"--holidays is {code!r}: {error}") from error
