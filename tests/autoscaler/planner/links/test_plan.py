"""A port of 1,000 Mbit/s, 200 committed, steps of 100, planned 80 % full, by hand."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from autoscaler.planner.inventory import Controls, Freeze
from autoscaler.planner.links import Expected, LinkPlan, Traffic, plan_link
from autoscaler.planner.reasons import ReasonCode
from autoscaler.planner.settings import LinkSettings, Mode, Tier
from tests.autoscaler.planner.cases import allowance
from tests.autoscaler.planner.examples import MIDNIGHT

HOUR = 3600


def link(mode: Mode = Mode.ACT) -> LinkSettings:
    return LinkSettings(
        name="media/transit",
        mode=mode,
        port_mbps=1000.0,
        committed_mbps=200.0,
        step_mbps=100.0,
        max_mbps=900.0,
        utilization=0.8,
        tiers=(
            Tier(up_to_mbps=500.0, lead_time_seconds=HOUR, approver=""),
            Tier(up_to_mbps=900.0, lead_time_seconds=24 * HOUR, approver="network-team"),
        ),
    )


def plan(
    hourly: Sequence[float],
    *,
    used: float | None = None,
    ordered: float = 200.0,
    mode: Mode = Mode.ACT,
    controls: Controls | None = None,
) -> LinkPlan:
    """Plan on traffic that is one number an hour, from now on."""
    traffic = Traffic(used, Expected(start=MIDNIGHT, step_seconds=HOUR, path=hourly))
    return plan_link(
        link(mode), traffic, ordered=ordered, controls=controls or Controls(), now=MIDNIGHT
    )


@pytest.mark.parametrize(
    ("hourly", "used", "need", "order"),
    [
        ([100.0, 100.0], None, 125.0, 200.0),  # 100 / 0.8, inside the commit
        ([100.0, 160.0], None, 200.0, 200.0),  # exactly the commit
        ([100.0, 161.0], None, 201.25, 300.0),  # one step
        ([100.0, 100.0, 390.0], None, 125.0, 200.0),  # an hour is enough for that: not yet
        ([], 300.0, 375.0, 400.0),  # what is measured counts without a forecast
        ([100.0, 300.0], 330.0, 412.5, 500.0),  # the larger of both
    ],
)
def test_what_is_needed_within_its_lead_time_is_ordered(
    hourly: list[float], used: float | None, need: float, order: float
) -> None:
    found = plan(hourly, used=used)
    assert (found.need, found.order, found.approval) == (need, order, None)


def test_each_step_of_the_chain_can_be_checked() -> None:
    assert [(r.code, r.before, r.after) for r in plan([100.0, 300.0], used=200.0).reasons] == [
        (ReasonCode.REACTIVE_NEED, 0.0, 200.0),
        (ReasonCode.FORECAST_NEED, 200.0, 300.0),
        (ReasonCode.UTILIZATION, 300.0, 375.0),
        (ReasonCode.LINK_STEP, 375.0, 400.0),
    ]


def test_a_large_order_is_asked_for_a_day_ahead() -> None:
    found = plan([100.0] * 20 + [600.0])
    assert found.order == 200.0
    assert found.approval is not None
    assert (found.approval.to, found.approval.approver) == (800.0, "network-team")
    assert found.approval.ready_at == MIDNIGHT + 24 * HOUR


def test_what_needs_nobody_is_ordered_while_the_rest_is_asked_for() -> None:
    found = plan([380.0] * 20 + [600.0])
    assert found.order == 500.0
    assert found.approval is not None
    assert found.approval.from_ == 500.0


def test_an_approval_covers_orders_up_to_it() -> None:
    found = plan([100.0] * 20 + [600.0], controls=allowance(800.0))
    assert (found.order, found.approval) == (800.0, None)


def test_in_recommend_every_order_is_asked_for() -> None:
    found = plan([300.0, 300.0], mode=Mode.RECOMMEND)
    assert found.order == 200.0
    assert found.approval is not None
    assert found.approval.to == 400.0


def test_the_most_that_can_be_bought_is_a_limit_that_is_named() -> None:
    found = plan([], used=900.0, controls=allowance(900.0))
    assert (found.need, found.order) == (1125.0, 900.0)
    assert found.reasons[-1].code is ReasonCode.LINK_CAPACITY


def test_nothing_is_given_back() -> None:
    assert plan([50.0, 50.0], ordered=700.0).order == 700.0


def test_a_freeze_orders_nothing() -> None:
    frozen = Controls(freeze=Freeze.ALL, freeze_until=MIDNIGHT + 1)
    found = plan([300.0, 300.0], controls=frozen)
    assert (found.order, found.approval) == (200.0, None)
    assert found.reasons[-1].code is ReasonCode.FROZEN


def test_later_orders_have_dates_by_their_tier() -> None:
    path = [100.0] * 4 + [300.0] + [300.0] * 25 + [600.0]
    small, large = plan(path).steps
    assert (small.at, small.ready_at, small.to) == (MIDNIGHT + 3 * HOUR, MIDNIGHT + 4 * HOUR, 400.0)
    assert (large.at, large.to) == (MIDNIGHT + 6 * HOUR, 800.0)
    assert large.approver == "network-team"


def test_nothing_is_known_and_nothing_is_ordered() -> None:
    found = plan([])
    assert (found.need, found.order, found.reasons) == (0.0, 200.0, ())


def test_a_tier_that_takes_longer_than_the_forecast_reaches_is_asked_for_by_growth() -> None:
    # 48 h of forecast, delivery takes five days; the week after next peaks at 600 Mbit/s
    ahead = Expected(
        start=MIDNIGHT,
        step_seconds=HOUR,
        path=[100.0] * 48,
        monday=MIDNIGHT - 5 * 24 * HOUR,
        weekly=[200.0, 600.0, 640.0],
    )
    traffic = Traffic(100.0, ahead)
    slow = replace(
        link(),
        tiers=(
            Tier(up_to_mbps=500.0, lead_time_seconds=HOUR, approver=""),
            Tier(up_to_mbps=900.0, lead_time_seconds=5 * 24 * HOUR, approver="network-team"),
        ),
    )
    found = plan_link(slow, traffic, ordered=200.0, controls=Controls(), now=MIDNIGHT)
    assert found.order == 200.0
    assert found.approval is not None
    assert (found.approval.to, found.approval.ready_at) == (800.0, MIDNIGHT + 5 * 24 * HOUR)


def test_growth_past_the_forecast_is_a_dated_order() -> None:
    ahead = Expected(
        start=MIDNIGHT,
        step_seconds=HOUR,
        path=[100.0] * 48,
        monday=MIDNIGHT,
        weekly=[150.0, 150.0, 200.0],
    )
    traffic = Traffic(100.0, ahead)
    (later,) = plan_link(link(), traffic, ordered=200.0, controls=Controls(), now=MIDNIGHT).steps
    assert (later.at, later.ready_at, later.to) == (
        MIDNIGHT + 14 * 24 * HOUR - HOUR,
        MIDNIGHT + 14 * 24 * HOUR,
        300.0,
    )


def test_the_time_that_people_take_comes_on_top_where_they_are_asked() -> None:
    hourly = [100.0] * 26 + [600.0]  # two hours later than the tier's lead time
    traffic = Traffic(None, Expected(start=MIDNIGHT, step_seconds=HOUR, path=hourly))

    def asked(approval_seconds: float) -> bool:
        found = plan_link(
            link(),
            traffic,
            ordered=200.0,
            controls=Controls(),
            now=MIDNIGHT,
            approval_seconds=approval_seconds,
        )
        return found.approval is not None

    assert not asked(HOUR)
    assert asked(2.0 * HOUR)
