from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from forecast.calendar import DAY, Calendar, Event, Place, utc_offsets
from forecast.errors import HistoryError
from forecast.models.frame import make_frame


def epoch(*when: int) -> int:
    year, month, day, *clock = when
    hour, minute = [*clock, 0, 0][:2]
    return int(datetime(year, month, day, hour, minute, tzinfo=UTC).timestamp())


@pytest.mark.parametrize(
    "zone",
    [
        "UTC",
        "Europe/Berlin",
        "America/New_York",
        "Australia/Lord_Howe",  # half an hour of daylight saving
        "Africa/Casablanca",  # an hour back for Ramadan only
        "Asia/Kathmandu",
    ],
)
def test_offsets_agree_with_the_time_zone_database(zone: str) -> None:
    times = np.arange(epoch(2025, 1, 1), epoch(2026, 6, 1), 900)
    expected = [
        datetime.fromtimestamp(int(each), ZoneInfo(zone)).utcoffset().total_seconds()  # type: ignore[union-attr]
        for each in times[::8]
    ]
    assert utc_offsets(times, zone)[::8].tolist() == expected


def test_no_times_have_no_offsets() -> None:
    assert utc_offsets(np.empty(0, dtype=np.int64), "Europe/Berlin").size == 0


def test_local_time_is_the_wall_clock() -> None:
    place = Place("America/New_York", frozenset({date(2026, 7, 3)}))
    times = np.array([epoch(2026, 7, 3, 3, 30), epoch(2026, 7, 3, 4, 30), epoch(2026, 7, 5, 16)])
    local = place.local_time(times)
    assert local.hour.tolist() == [23.5, 0.5, 12.0]
    assert local.weekday.tolist() == [3, 4, 6]
    assert local.holiday.tolist() == [False, True, False]


def test_a_series_without_a_place_is_at_the_default_one() -> None:
    calendar = Calendar(places={"a": Place("Asia/Tokyo")}, default=Place("Europe/Paris"))
    assert calendar.place("a").zone == "Asia/Tokyo"
    assert calendar.place("b").zone == "Europe/Paris"


@pytest.mark.parametrize("zone", ["Mars/Olympus", "", "../etc/passwd"])
def test_an_unknown_zone_is_refused(zone: str) -> None:
    with pytest.raises(HistoryError, match="must be an IANA name"):
        Place(zone)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"end": 0}, "end 0 must be after start 0"),
        ({"multiplier": -1.0}, "multiplier is -1.0, must be 0 or more"),
        ({"participants": float("nan")}, "participants is nan"),
        ({"multiplier": float("inf")}, "multiplier is inf"),
    ],
)
def test_an_event_that_cannot_be_is_refused(change: dict[str, float], message: str) -> None:
    parts = {"start": 0, "end": 60, "multiplier": 2.0, "participants": None} | change
    with pytest.raises(HistoryError, match=message):
        Event(name="all hands", series_ids=None, **parts)  # type: ignore[arg-type]


def test_an_event_concerns_the_series_it_names_or_all() -> None:
    everywhere = Event("a", None, 0, 1, 1.0, None)
    somewhere = Event("b", frozenset({"x"}), 0, 1, 1.0, None)
    assert everywhere.concerns("y")
    assert somewhere.concerns("x")
    assert not somewhere.concerns("y")


CHANGING_ZONES = [
    "Europe/Berlin",
    "America/New_York",
    "America/Santiago",  # southern, and the clock changes at midnight
    "Australia/Sydney",
    "Australia/Lord_Howe",
]
QUARTERS_OF_A_YEAR = np.arange(epoch(2026, 1, 1), epoch(2027, 1, 1), 900)


@given(
    zone=st.sampled_from(CHANGING_ZONES),
    first=st.integers(0, QUARTERS_OF_A_YEAR.size - 1),
    days=st.integers(1, 40),
)
def test_local_time_agrees_with_datetime_wherever_it_begins(
    zone: str, first: int, days: int
) -> None:
    times = QUARTERS_OF_A_YEAR[first : first + days * 96]
    local = Place(zone).local_time(times)
    for at in {0, times.size // 3, times.size // 2, times.size - 1}:
        expected = datetime.fromtimestamp(int(times[at]), ZoneInfo(zone))
        assert local.hour[at] == expected.hour + expected.minute / 60.0
        assert local.weekday[at] == expected.weekday()
        assert local.day[at] == expected.date().toordinal() - date(1970, 1, 1).toordinal()


@pytest.mark.parametrize("zone", CHANGING_ZONES)
def test_a_day_earlier_is_the_same_time_on_the_wall(zone: str) -> None:
    start, points = int(QUARTERS_OF_A_YEAR[0]), QUARTERS_OF_A_YEAR.size
    frame = make_frame(
        np.zeros((1, points)),
        np.ones((1, points), dtype=np.bool_),
        start=start,
        step_seconds=900,
        steps=0,
        place=Place(zone),
    )
    index = np.arange(8 * 96, points)
    for days in (1, 7):
        lagged = frame.lag(index, np.full(index.shape, days))
        back = frame.local.wall[index] - frame.local.wall[lagged]
        # The wall skips or repeats an hour (half of one on Lord Howe) twice a year.
        assert (back == days * DAY).mean() > 0.9995
        assert np.abs(back - days * DAY).max() <= 3600
