"""Money worked out by hand: 100 participants a server at 1.00 an hour, quarters of an hour."""

from dataclasses import replace

import numpy as np
import pytest

from autoscaler.capacity.shape import ServerShape
from autoscaler.planner.comparison import Comparison, Rise, compare_pool
from autoscaler.planner.links.comparison import compare_link
from autoscaler.planner.outlook import PoolOutlook, look_ahead
from autoscaler.planner.settings import (
    Billing,
    BillingModel,
    LinkSettings,
    Mode,
    PoolSettings,
    Reserve,
    Tier,
)
from tests.autoscaler.planner.examples import (
    MIDNIGHT,
    QUARTER,
    forecast,
    limits,
    pool,
    releasing,
)

MEDIAN = (400.0, 400.0, 1000.0, 1000.0)
"""An hour: 4, 4, 10 and 10 servers' worth; the P95 is twice that (`spread` is a half)."""


def outlook(settings: PoolSettings | None = None, *path: float) -> PoolOutlook:
    settings = settings or pool()
    issued = forecast({"media/eu": path or MEDIAN}, spread=0.5)
    return look_ahead([settings], forecast=issued, events=())["media/eu"]


def compared(ahead: PoolOutlook, *rises: Rise, **changes: int) -> Comparison:
    given = {"floor": 5, "previous": 5, "now": MIDNIGHT} | changes
    found = compare_pool(ahead, rises=rises, **given)
    assert found is not None
    return found


def test_a_floor_is_kept_and_following_never_goes_below_it_without_a_release() -> None:
    # planned (8 + 8 + 20 + 20) / 4; following (5 + 5 + 10 + 10) / 4
    rise = Rise(MIDNIGHT + 2 * QUARTER, 20)
    assert compared(outlook(), rise, floor=8) == Comparison(14.0, 7.5)


def test_a_rise_counts_from_serving_on_and_the_part_that_is_over_not_at_all() -> None:
    # from 00:15: planned (8 + 20 + 20) / 4, following (5 + 10 + 10) / 4
    rise = Rise(MIDNIGHT + 2 * QUARTER, 20)
    assert compared(outlook(), rise, floor=8, now=MIDNIGHT + QUARTER) == Comparison(12.0, 6.25)


def test_the_last_number_goes_on_past_the_forecast() -> None:
    rise = Rise(MIDNIGHT + 2 * QUARTER, 20)
    until = MIDNIGHT + 2 * 3600
    assert compared(outlook(), rise, floor=8, until=until) == Comparison(14.0 + 20.0, 7.5 + 10.0)


def test_a_plan_that_orders_nothing_costs_what_following_does() -> None:
    assert compared(outlook()) == Comparison(7.5, 7.5)


def test_where_floors_fall_both_fall_after_the_stabilization_window() -> None:
    # the window is one quarter: following 10, 10, 4; the plan has twice that a P95 asks for
    settings = pool(release=releasing(stabilization_seconds=QUARTER))
    ahead = outlook(settings, 1000.0, 400.0, 400.0)
    assert compared(ahead, floor=20, previous=10) == Comparison(
        (20 + 20 + 8) / 4, (10 + 10 + 4) / 4
    )


def test_reserve_bounds_and_quota_hold_for_following_too() -> None:
    # 10 servers' worth of demand need 15 in three zones of which one may be lost, 4 need 6
    zones = pool(reserve=Reserve(zones=3, zones_lost=1))
    assert compared(outlook(zones)).reactive_only == (6 + 6 + 15 + 15) / 4
    assert compared(outlook(pool(limits=limits(max_servers=8)))).reactive_only == (5 + 5 + 16) / 4
    assert compared(outlook(pool(limits=limits(quota=7)))).reactive_only == (5 + 5 + 14) / 4


def test_without_a_price_or_a_forecast_there_is_no_comparison() -> None:
    free = ServerShape(participants=100.0, egress_mbps=0.0, packets_per_second=0.0, hourly_cost=0.0)
    unpriced, unknown = outlook(pool(server=free)), replace(outlook(), path=None)
    for ahead in (unpriced, unknown):
        assert compare_pool(ahead, floor=5, previous=5, rises=(), now=MIDNIGHT) is None


def link(model: BillingModel, price: float) -> LinkSettings:
    return LinkSettings(
        name="media/transit",
        mode=Mode.ACT,
        port_mbps=1000.0,
        committed_mbps=100.0,
        step_mbps=100.0,
        max_mbps=1000.0,
        utilization=1.0,
        tiers=(Tier(up_to_mbps=1000.0, lead_time_seconds=900, approver=""),),
        billing=Billing(model=model, price=price, time_zone="UTC"),
    )


DAYS = np.array([100.0] * 48 + [250.0] * 48)
"""A day of quarter-hours, of which the second half sends 250 Mbit/s."""


@pytest.mark.parametrize(
    ("model", "price", "planned", "reactive"),
    [
        # 300 all day; 100 for half of it and then 300: 30.00 a Mbit/s and month is 1.00 a day
        (BillingModel.COMMITTED, 30.0, 300.0, 200.0),
        # the traffic of more than a twentieth of the day is 250: no less is billed
        (BillingModel.PERCENTILE95, 30.0, 300.0, 250.0),
        (BillingModel.PEAK, 30.0, 300.0, 250.0),
        # 175 Mbit/s for 86,400 s are 1,890 GB, however it is ordered
        (BillingModel.PER_GIGABYTE, 0.1, 189.0, 189.0),
    ],
)
def test_a_link_is_billed_as_its_contract_says(
    model: BillingModel, price: float, planned: float, reactive: float
) -> None:
    found = compare_link(
        link(model, price),
        DAYS,
        step_seconds=QUARTER,
        start=MIDNIGHT,
        ordered=100.0,
        order=300.0,
        rises=(),
    )
    assert found is not None
    assert (found.planned, found.reactive_only) == pytest.approx((planned, reactive))


def test_a_links_rise_is_paid_for_from_its_delivery_on() -> None:
    found = compare_link(
        link(BillingModel.COMMITTED, 30.0),
        DAYS,
        step_seconds=QUARTER,
        start=MIDNIGHT,
        ordered=100.0,
        order=100.0,
        rises=[Rise(MIDNIGHT + 24 * QUARTER, 300.0)],
    )
    assert found is not None
    assert found.planned == pytest.approx((24 * 100.0 + 72 * 300.0) / 96)
