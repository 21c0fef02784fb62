"""Riding a burst out for nothing: a port of 1,000 Mbit/s planned 80 % full, 200 committed."""

from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autoscaler.planner.inventory import Controls
from autoscaler.planner.links import Expected, LinkPlan, Traffic, plan_link
from autoscaler.planner.links.ride import FreeMinutes, burst_minutes
from autoscaler.planner.reasons import ReasonCode
from autoscaler.planner.settings import Billing, BillingModel, LinkSettings
from tests.autoscaler.planner.examples import MIDNIGHT
from tests.autoscaler.planner.links.test_plan import HOUR, link

MONTH_END = MIDNIGHT + 8 * 24 * HOUR
DAY = [100.0] * 20 + [400.0] * 2 + [100.0] * 2
"""Two hours above the commit; 400 need 500 ordered."""


def billed(model: BillingModel = BillingModel.PERCENTILE95) -> LinkSettings:
    billing = Billing(model=model, price=0.5, time_zone="UTC")
    return replace(link(), billing=billing)


def plan(
    hourly: Sequence[float],
    *,
    left: float,
    used: float | None = 380.0,
    settings: LinkSettings | None = None,
    until: int = MONTH_END,
) -> LinkPlan:
    traffic = Traffic(used, Expected(start=MIDNIGHT, step_seconds=HOUR, path=hourly))
    return plan_link(
        settings or billed(),
        traffic,
        ordered=200.0,
        controls=Controls(),
        now=MIDNIGHT,
        free=FreeMinutes(left, until),
    )


def test_a_burst_inside_the_free_minutes_is_not_ordered_for() -> None:
    found = plan(DAY, left=120.0)
    assert (found.order, found.rides, found.approval) == (200.0, True, None)
    reason = found.reasons[-1]
    assert (reason.code, reason.before, reason.after) == (ReasonCode.FREE_BURST, 500.0, 200.0)
    # 300 Mbit/s at 0.50 are saved
    assert reason.inputs == {
        "burstMinutes": 120.0,
        "minutesLeft": 120.0,
        "committedMbps": 200.0,
        "saved": 150.0,
    }


def test_a_burst_longer_than_the_free_minutes_is_ordered() -> None:
    found = plan(DAY, left=119.0)
    assert (found.order, found.rides) == (500.0, False)


def test_the_port_is_open_while_what_was_ordered_is_on_its_way() -> None:
    # an order takes an hour; three hours of bursts are more than is left of the month
    long = [400.0] * 3 + [100.0] * 21
    found = plan(long, left=60.0)
    assert (found.order, found.rides, found.port_open) == (500.0, False, True)
    assert not plan(long, left=59.0).port_open


def test_the_port_is_open_for_a_burst_that_it_cannot_hold_whole() -> None:
    found = plan([400.0, 2000.0, *[100.0] * 22], left=1000.0)
    assert (found.order, found.rides, found.port_open) == (500.0, False, True)
    assert found.approval is not None
    assert found.approval.to == 900.0
    assert found.reasons[-1].code is ReasonCode.PORT_OPEN


@pytest.mark.parametrize("model", [each for each in BillingModel if each != "Percentile95"])
def test_other_bills_have_no_free_minutes(model: BillingModel) -> None:
    found = plan(DAY, left=1000.0, settings=billed(model))
    assert (found.order, found.port_open) == (500.0, False)


def test_a_port_that_could_not_hold_the_burst_is_not_ridden() -> None:
    peak = [*DAY[:20], 801.0, 100.0]  # the port carries 800 as planned
    assert not plan(peak, left=10_000.0).rides
    assert plan([*DAY[:20], 800.0, 100.0], left=10_000.0).rides


def test_bursts_while_an_order_would_be_delivered_must_be_free_too() -> None:
    # two hours a day; a later order takes five days: ten hours until it is there
    slow = billed()
    tiers = tuple(replace(tier, lead_time_seconds=5 * 24 * HOUR) for tier in slow.tiers)
    slow = replace(slow, tiers=tiers)
    assert plan(DAY, left=600.0, settings=slow).rides
    assert not plan(DAY, left=599.0, settings=slow).rides


def test_the_next_month_has_its_own_minutes() -> None:
    # the month ends after one of the two hours
    assert plan(DAY, left=60.0, until=MIDNIGHT + 21 * HOUR).rides


def test_minutes_are_counted_from_now_and_within_the_path() -> None:
    ahead = Expected(start=MIDNIGHT, step_seconds=HOUR, path=[300.0, 100.0, 300.0])
    traffic = Traffic(None, ahead)
    begin = MIDNIGHT + HOUR // 2
    assert burst_minutes(traffic, above=200.0, start=begin, end=MIDNIGHT + 3 * HOUR) == 90.0


def test_without_a_forecast_a_burst_goes_on() -> None:
    traffic = Traffic(300.0, Expected(start=MIDNIGHT, step_seconds=1, path=()))
    assert burst_minutes(traffic, above=200.0, start=MIDNIGHT, end=MIDNIGHT + HOUR) == 60.0


@given(
    st.lists(st.floats(0.0, 2000.0), max_size=30),
    st.floats(0.0, 5000.0),
    st.one_of(st.none(), st.floats(0.0, 2000.0)),
    st.sampled_from(BillingModel),
)
def test_whatever_is_ridden_fits_the_port_and_costs_nothing(
    hourly: list[float], left: float, used: float | None, model: BillingModel
) -> None:
    found = plan(hourly, left=left, used=used, settings=billed(model))
    assert found.order <= 900.0
    if found.rides:
        assert max([*hourly, used or 0.0]) <= 800.0
        assert model is BillingModel.PERCENTILE95
        above = burst_minutes(
            Traffic(used, Expected(start=MIDNIGHT, step_seconds=HOUR, path=hourly)),
            above=200.0,
            start=MIDNIGHT,
            end=MIDNIGHT + max(HOUR, HOUR * len(hourly)),
        )
        assert above <= left
