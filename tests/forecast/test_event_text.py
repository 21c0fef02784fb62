from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forecast.calendar import DAY, HOUR, Event
from forecast.errors import HistoryError
from forecast.event_text import format_event, parse_event, parse_events, read_events

NOW = int(datetime(2026, 6, 10, 12, 0, tzinfo=UTC).timestamp())  # a Wednesday


def at(text: str) -> int:
    return int(datetime.fromisoformat(text).timestamp())


@pytest.mark.parametrize(
    ("when", "start"),
    [
        ("20:00", "2026-06-10T20:00Z"),
        ("12:00", "2026-06-10T12:00Z"),  # now is not past
        ("11:59", "2026-06-11T11:59Z"),
        ("9:30", "2026-06-11T09:30Z"),
        ("13:00[Europe/Berlin]", "2026-06-11T11:00Z"),  # it is 14:00 there
        ("20:00[Asia/Kathmandu]", "2026-06-10T14:15Z"),
        ("01:00[Pacific/Auckland]", "2026-06-10T13:00Z"),  # tomorrow, there
        ("mon 20:00", "2026-06-15T20:00Z"),
        ("Wed20:00", "2026-06-10T20:00Z"),
        ("wed 11:00", "2026-06-17T11:00Z"),
        ("2026-06-10T17:30[Europe/Paris]", "2026-06-10T15:30Z"),
        ("2026-06-10T17:30", "2026-06-10T17:30Z"),
        ("2026-06-10 17:30Z", "2026-06-10T17:30Z"),
        ("2026-06-10T17:30+02:00", "2026-06-10T15:30Z"),
        ("2026-06-10T17:30-05:00", "2026-06-10T22:30Z"),
        ("2026-12-24[America/New_York]", "2026-12-24T05:00Z"),
        ("2026-06-10T17:30[Etc/GMT+5]", "2026-06-10T22:30Z"),
    ],
)
def test_an_event_starts_when_its_line_says(when: str, start: str) -> None:
    event = parse_event(f"10x@{when}+8h", now=NOW)
    assert datetime.fromtimestamp(event.start, UTC) == datetime.fromisoformat(start)
    assert event.end - event.start == 8 * HOUR


@pytest.mark.parametrize(
    ("when", "start"),
    [
        ("2026-03-29T02:30[Europe/Berlin]", "2026-03-29T03:30+02:00"),  # skipped
        ("2026-10-25T02:30[Europe/Berlin]", "2026-10-25T02:30+02:00"),  # twice: the first
        ("2026-10-04T02:15[Australia/Lord_Howe]", "2026-10-04T02:45+11:00"),  # by half an hour
        ("2026-04-05T01:45[Australia/Lord_Howe]", "2026-04-05T01:45+11:00"),
        ("2026-03-08T02:00[America/New_York]", "2026-03-08T03:00-04:00"),
    ],
)
def test_skipped_and_doubled_wall_times_are_read_as_documented(when: str, start: str) -> None:
    assert parse_event(f"2x@{when}+1h", now=NOW).start == at(start)


@pytest.mark.parametrize(
    ("now", "start"),
    [
        ("2026-10-25T02:10+02:00", "2026-10-25T02:30+02:00"),
        ("2026-10-25T02:10+01:00", "2026-10-26T02:30+01:00"),  # the second 02:10: the first was
        ("2026-03-29T01:50+01:00", "2026-03-29T03:30+02:00"),
        ("2026-03-28T02:31+01:00", "2026-03-29T03:30+02:00"),
    ],
)
def test_the_next_time_of_day_is_right_on_the_days_of_change(now: str, start: str) -> None:
    assert parse_event("2x@02:30[Europe/Berlin]+1h", now=at(now)).start == at(start)


@pytest.mark.parametrize(
    ("effect", "multiplier", "participants", "tag", "name"),
    [
        ("10x", 10.0, None, None, "10x"),
        ("0.5x", 0.5, None, None, "0.5x"),
        ("5000p", None, 5000.0, None, "5000p"),
        ("2x,5000p", 2.0, 5000.0, None, "2x,5000p"),
        ("#cup", None, None, "cup", "cup"),
        ("2.5x#all-hands", 2.5, None, "all-hands", "all-hands"),
    ],
)
def test_an_effect_is_a_factor_a_floor_a_tag_or_several(
    effect: str, multiplier: float | None, participants: float | None, tag: str | None, name: str
) -> None:
    event = parse_event(f"{effect}@20:00+8h", now=NOW)
    assert (event.multiplier, event.participants) == (multiplier, participants)
    assert (event.tag, event.name) == (tag, name)
    assert event.series_ids is None


@pytest.mark.parametrize(
    ("duration", "seconds"),
    [("90m", 5400), ("8h", 8 * HOUR), ("2d", 2 * DAY), ("1h30m", 5400), ("45s", 45)],
)
def test_durations_add_up(duration: str, seconds: int) -> None:
    event = parse_event(f"2x@20:00+{duration}", now=NOW)
    assert event.end - event.start == seconds


def test_an_event_may_name_its_series() -> None:
    event = parse_event("2x@20:00+8h:sfu/eu-west, sfu/us-east", now=NOW)
    assert event.series_ids == frozenset({"sfu/eu-west", "sfu/us-east"})


def test_repetitions_keep_the_wall_clock() -> None:
    events = parse_events("#mass@2026-10-24T10:00[Europe/Berlin]+1h/daily*3:a", now=NOW)
    assert [event.start for event in events] == [
        at("2026-10-24T10:00+02:00"),
        at("2026-10-25T10:00+01:00"),
        at("2026-10-26T10:00+01:00"),
    ]
    assert all(event.series_ids == frozenset("a") for event in events)
    weekly = parse_events("2x@mon 09:00+1h/weekly*2", now=NOW)
    assert weekly[1].start - weekly[0].start == 7 * DAY


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("10x20:00+8h", "has no @ before its start"),
        ("10x@20:00", "has no duration such as"),
        ("10x@20:00+8", "has no duration such as"),
        ("10@20:00+8h", "'10' before the @, must be a factor 10x"),
        ("@20:00+8h", "'' before the @"),
        ("-2x@20:00+8h", "'-2x' before the @"),
        ("10x@25:00+8h", "starts at 25:00, must be within"),
        ("10x@noon+8h", "starts at 'noon', must be a time such as"),
        ("10x@2026-02-30T10:00+8h", "starts at '2026-02-30T10:00'"),
        ("10x@20:00[Mars/Olympus]+8h", "time zone 'Mars/Olympus' is unknown"),
        ("10x@20:00[Europe/Berlin+8h", "has no \\]"),
        ("10x@2026-06-10T17:30Z[Europe/Paris]+2h", "an offset and the zone Europe/Paris"),
        ("10x@20:00+0h", "lasts 0h, must be above 0"),
        ("10x@20:00+367d", "lasts 367d, must be above 0 and at most a year"),
        ("10x@20:00+8h/hourly*3", "cannot be read after its duration"),
        ("10x@20:00+8h/daily*0", "takes place 0 times, must be 1 to"),
        ("10x@20:00+8h/daily*2000", "takes place 2000 times"),
        ("10x@9999-12-31T00:00Z+8h/daily*3", "outside the years that a calendar has"),
        ("10x@20:00+8h:a,,b", "is for series 'a,,b'"),
    ],
)
def test_what_is_no_event_is_refused_with_what_would_be_right(text: str, message: str) -> None:
    with pytest.raises(HistoryError, match=message) as refused:
        parse_events(text, now=NOW)
    assert text in str(refused.value)
    assert "written like 10x@20:00+8h" in str(refused.value)


def test_one_event_is_wanted_where_only_one_can_be_used() -> None:
    with pytest.raises(HistoryError, match="takes place 3 times, must be one event here"):
        parse_event("2x@20:00+8h/daily*3", now=NOW)


def test_a_file_holds_one_event_a_line() -> None:
    lines = ["# the season", "", "#cup@2026-06-10T17:30Z+2h", "2x@2026-06-11T17:30Z+2h/daily*2"]
    assert [event.name for event in read_events(lines, now=NOW, source="cups.txt")] == [
        "cup",
        "2x",
        "2x",
    ]
    with pytest.raises(HistoryError, match=r"cups\.txt, line 5: event 'x': has no @"):
        read_events([*lines, "x"], now=NOW, source="cups.txt")


amounts = st.none() | st.floats(0.0, 1e18)
tags = st.none() | st.from_regex(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,20}", fullmatch=True)
names = st.from_regex(r"[a-z0-9/+@:-]{1,10}", fullmatch=True)


@given(
    multiplier=amounts,
    participants=amounts,
    tag=tags,
    series=st.none() | st.frozensets(names, min_size=1, max_size=3),
    start=st.integers(0, 4_000_000_000),
    length=st.integers(1, 100 * DAY),
)
def test_what_is_written_is_read_back(
    multiplier: float | None,
    participants: float | None,
    tag: str | None,
    series: frozenset[str] | None,
    start: int,
    length: int,
) -> None:
    if multiplier is None and participants is None and tag is None:
        return
    event = Event("", series, start, start + length, multiplier, participants, tag)
    read = parse_event(format_event(event), now=NOW)
    assert Event("", *(getattr(read, field) for field in Event.__slots__[1:])) == event


def events_or_refusal(text: str) -> tuple[Event, ...] | str:
    try:
        return parse_events(text, now=NOW)
    except HistoryError as error:
        return str(error)


@given(st.text(max_size=40) | st.from_regex(r"[0-9x#p]{1,4}@.{1,20}\+[0-9dhms]{1,4}"))
def test_any_text_is_an_event_or_refused(text: str) -> None:
    found = events_or_refusal(text)
    assert found
    assert not isinstance(found, str) or "an event is written like" in found
