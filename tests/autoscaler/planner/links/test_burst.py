"""The month's free minutes; 36 h of 30 days are 2,160."""

from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autoscaler.planner.links.burst import BurstMeter, begin_month

DUBLIN = "Europe/Dublin"


def at(text: str, zone: str = DUBLIN) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).timestamp())


NOVEMBER = at("2026-11-01")


def watched(*looks: tuple[int, float], meter: BurstMeter | None = None) -> BurstMeter:
    """Look at (seconds into November, Mbit/s), 200 Mbit/s committed."""
    meter = meter or begin_month(NOVEMBER, DUBLIN)
    for seconds, mbps in looks:
        meter = meter.seen(mbps, commit=200.0, now=NOVEMBER + seconds, time_zone=DUBLIN)
    return meter


@pytest.mark.parametrize(
    ("moment", "zone", "minutes"),
    [
        ("2026-11-15", DUBLIN, 2160.0),
        ("2026-12-31T23:59", DUBLIN, 2230.0),  # 446 whole samples
        ("2027-02-01", DUBLIN, 2015.0),  # 28 days: 403
        ("2027-03-10", DUBLIN, 2225.0),  # an hour shorter: 743 h are 8,916 samples, 445 free
    ],
)
def test_a_month_gives_a_twentieth_of_itself(moment: str, zone: str, minutes: float) -> None:
    assert begin_month(at(moment, zone), zone).minutes_left == minutes


def test_the_month_begins_by_the_clocks_of_its_zone() -> None:
    late = at("2026-11-30T23:30", "UTC")
    assert begin_month(late, "Asia/Tokyo").period_start == at("2026-12-01", "Asia/Tokyo")
    assert begin_month(late, DUBLIN).period_start == NOVEMBER


def test_a_sample_is_the_mean_of_five_minutes() -> None:
    below = watched((0, 100.0), (60, 250.0), (120, 200.0), (300, 100.0))
    above = watched((0, 100.0), (60, 450.0), (120, 200.0), (300, 100.0))
    assert (below.minutes_left, above.minutes_left) == (2160.0, 2155.0)


def test_what_nobody_saw_went_on_as_it_was() -> None:
    assert watched((0, 900.0), (3600, 100.0)).minutes_left == 2100.0
    assert watched((0, 100.0), (3600, 900.0)).minutes_left == 2160.0


def test_a_new_month_begins_unspent() -> None:
    spent = replace(begin_month(NOVEMBER, DUBLIN), samples=500, slot=NOVEMBER // 300, looks=1)
    assert spent.minutes_left == 0.0
    december = at("2026-12-01") - NOVEMBER
    assert watched((december, 900.0), meter=spent).minutes_left == 2230.0


@given(st.lists(st.tuples(st.integers(1, 4000), st.floats(0.0, 1000.0)), max_size=40))
def test_minutes_never_come_back_within_a_month(looks: list[tuple[int, float]]) -> None:
    meter, seconds = begin_month(NOVEMBER, DUBLIN), 0
    for pause, mbps in looks:
        seconds += pause
        after = watched((seconds, mbps), meter=meter)
        assert 0.0 <= after.minutes_left <= meter.minutes_left
        meter = after
