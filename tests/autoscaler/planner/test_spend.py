"""Money by the month: 2026-11-30 23:00 UTC is the last hour of November."""

import pytest

from autoscaler.planner.spend import Spend, month_of, next_month
from tests.autoscaler.planner.examples import MIDNIGHT

HOUR = 3600
NOVEMBER, DECEMBER = 1_793_491_200, 1_796_083_200
"""2026-11-01 and 2026-12-01, 00:00 UTC."""


def test_months_are_those_of_utc() -> None:
    assert (month_of(MIDNIGHT), next_month(MIDNIGHT)) == (NOVEMBER, DECEMBER)
    assert (month_of(DECEMBER - 1), month_of(DECEMBER)) == (NOVEMBER, DECEMBER)
    assert next_month(DECEMBER) == DECEMBER + 31 * 24 * HOUR


def test_what_is_there_is_paid_for_by_the_hour() -> None:
    spend = Spend().after(hourly=12.0, since=MIDNIGHT, now=MIDNIGHT + HOUR // 2)
    spend = spend.after(hourly=20.0, since=MIDNIGHT + HOUR // 2, now=MIDNIGHT + HOUR)

    assert spend == Spend(NOVEMBER, 16.0, 16.0, 1.0)


def test_a_new_month_begins_with_nothing_spent_and_the_same_pace() -> None:
    before = Spend(NOVEMBER, 5000.0, 10.0, 168.0)

    after = before.after(hourly=10.0, since=DECEMBER - HOUR, now=DECEMBER + HOUR)

    assert after == Spend(DECEMBER, 10.0, 10.0, 168.0)


def test_an_old_pace_fades_within_weeks() -> None:
    spend = Spend(NOVEMBER, 0.0, 10.0, 168.0)
    for day in range(14):
        since = NOVEMBER + day * 24 * HOUR
        spend = spend.after(hourly=20.0, since=since, now=since + 24 * HOUR)

    assert 18.5 < spend.pace < 20.0


@pytest.mark.parametrize(
    ("spent", "date"),
    [
        (0.0, MIDNIGHT + 100 * HOUR),
        (950.0, MIDNIGHT + 5 * HOUR),
        (1000.0, MIDNIGHT),
        (-1000.0, None),  # 200 hours from now it is December
    ],
)
def test_money_runs_out_at_the_pace_of_the_last_week(spent: float, date: int | None) -> None:
    spend = Spend(NOVEMBER, spent, 10.0, 168.0)

    limit = spend.run_out(1000.0, participants_per_money=72.0, now=MIDNIGHT)

    assert (limit.name, limit.date_p50, limit.date_p90) == ("maxMonthly", date, date)
    assert limit.demand == 100.0  # 720 hours


def test_without_a_pace_nobody_can_say_when() -> None:
    assert Spend().run_out(9.0, participants_per_money=1.0, now=MIDNIGHT).date_p50 is None
