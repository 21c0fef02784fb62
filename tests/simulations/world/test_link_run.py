"""A link: bought in steps, delivered late, never fuller than it is, and billed."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autoscaler.planner.reasons import Reason, ReasonCode
from autoscaler.planner.settings import Billing, BillingModel, LinkSettings, Mode, Tier
from simulations.policy import LinkOrder
from simulations.scenario.links import ByHand
from simulations.world.link import LinkUser, LinkWorld
from simulations.world.link_run import LinkRun
from simulations.world.score import link_timeline

TICKS = 60
MONTH = 30 * 86_400


def billed(model: BillingModel) -> Billing:
    return Billing(model=model, price=2.0, time_zone="UTC")


def link(
    *participants: list[int],
    foreseen: bool = False,
    by_hand: ByHand | None = None,
    model: BillingModel | None = None,
    approver: str = "",
) -> LinkRun:
    settings = LinkSettings(
        name="sfu/egress",
        mode=Mode.ACT,
        port_mbps=5000.0,
        committed_mbps=1000.0,
        step_mbps=500.0,
        max_mbps=4000.0,
        utilization=1.0,
        tiers=(Tier(up_to_mbps=4000.0, lead_time_seconds=600, approver=approver),),
        billing=None if model is None else billed(model),
    )
    latent = participants or ([400] * TICKS,)
    users = tuple(LinkUser(pool, 2.0, tuple(each)) for pool, each in enumerate(latent))
    wanted = sum(2.0 * np.array(user.participants, dtype=np.float64) for user in users)
    assert isinstance(wanted, np.ndarray)
    world = LinkWorld(
        settings=settings,
        users=users,
        wanted=wanted,
        thinnest=0.5,
        delivery=(0.5, 1.5),
        answers=(300,),
        by_hand=by_hand,
        tick_seconds=60,
    )
    return LinkRun(world, foreseen=foreseen)


def moved(run: LinkRun, present: list[float], *, ticks: int = 1) -> list[float]:
    """Let ticks pass with so many present; return what each pool may have at the last of them."""
    most = [np.inf] * len(present)
    for _ in range(ticks):
        most = [np.inf] * len(present)
        run.begin(60 * len(run.carried), most)
        run.carry(present)
    return most


def test_it_remembers_why_it_was_ordered_until_the_next_order() -> None:
    why = (Reason(ReasonCode.LINK_STEP, 1000.0, 1500.0),)
    run = link()
    moved(run, [400.0])
    run.order(LinkOrder(mbps=1500.0, reasons=why), 60)
    moved(run, [400.0], ticks=2)

    assert link_timeline(run).reasons == ((), why, why)


def test_an_order_is_delivered_when_its_tier_really_delivers() -> None:
    run = link()
    run.order(LinkOrder(mbps=2000.0), 0)
    assert (run.ordered, run.delivered) == (2000.0, 1000.0)

    moved(run, [400.0], ticks=5)
    assert run.delivered == 1000.0
    moved(run, [400.0])

    assert run.delivered == 2000.0
    told = link_timeline(run)
    assert told.ordered.tolist() == [2000.0] * 6
    assert told.bought.tolist() == told.most.tolist() == [1000.0] * 5 + [2000.0]


def test_an_order_gives_nothing_back_and_never_exceeds_what_can_be_bought() -> None:
    run = link()

    run.order(LinkOrder(mbps=500.0), 0)
    assert run.ordered == 1000.0
    run.order(LinkOrder(mbps=9000.0), 0)
    assert run.ordered == 4000.0


def test_video_gets_thinner_before_anybody_is_refused() -> None:
    run = link([600] * TICKS)

    assert moved(run, [600.0]) == [np.inf]
    assert run.carried == [1000.0]
    assert run.thinned == 600.0


def test_everybody_on_a_full_link_gets_less() -> None:
    run = link([600] * TICKS, [300] * TICKS)

    moved(run, [600.0, 300.0])

    assert run.thinned == 900.0


def test_the_fullest_of_its_links_bounds_a_pool() -> None:
    most = [500.0]

    link([1200] * TICKS).begin(0, most)

    assert most == [500.0]


def test_beyond_the_thinnest_pools_share_what_there_is() -> None:
    run = link([900] * TICKS, [300] * TICKS)

    most = moved(run, [900.0, 300.0])

    assert most == [pytest.approx(750.0), pytest.approx(250.0)]


def test_people_look_ask_and_buy_where_no_policy_does() -> None:
    run = link([450] * TICKS, by_hand=ByHand(every_seconds=600, margin_percent=50), approver="net")
    for now in range(0, 1800, 60):
        run.order_by_hand(now)
        moved(run, [450.0])

    assert run.desk.asked == 1
    assert run.ordered == 1500.0
    assert run.delivered == 1500.0


def test_nobody_looks_after_a_link_that_stands() -> None:
    run = link([450] * TICKS)
    for now in range(0, 1800, 60):
        run.order_by_hand(now)
        moved(run, [450.0])

    assert run.ordered == 1000.0


def test_the_bound_has_what_is_wanted_in_time() -> None:
    run = link([400] * 5 + [700] * (TICKS - 5), foreseen=True)

    moved(run, [700.0], ticks=6)

    assert run.bought == [1000.0] * 5 + [1500.0]


@pytest.mark.parametrize(
    ("model", "money"),
    [
        (BillingModel.COMMITTED, 1000.0 * 2.0 * 3600 / MONTH),
        (BillingModel.PEAK, 1000.0 * 2.0 * 3600 / MONTH),
        (BillingModel.PER_GIGABYTE, 800.0 / 8.0 / 1000.0 * 3600 * 2.0),
    ],
)
def test_a_run_costs_its_share_of_a_month(model: BillingModel, money: float) -> None:
    run = link(model=model)

    moved(run, [400.0], ticks=60)

    assert run.money() == pytest.approx(money)


def test_a_burst_above_the_commit_goes_up_to_the_port_where_it_is_billed_by_percentile() -> None:
    run = link([3000] * TICKS, model=BillingModel.PERCENTILE95)

    moved(run, [3000.0], ticks=5)

    assert run.carried == [5000.0] * 5
    assert run.money() == pytest.approx(5000.0 * 2.0 * 300 / MONTH)


@given(
    present=st.lists(st.floats(0, 5000), min_size=1, max_size=TICKS),
    orders=st.lists(st.floats(0, 6000), min_size=TICKS, max_size=TICKS),
    model=st.none() | st.sampled_from(BillingModel),
)
def test_no_link_carries_more_than_it_is(
    present: list[float], orders: list[float], model: Any
) -> None:
    run = link([1000] * TICKS, model=model)
    for tick, participants in enumerate(present):
        run.order(LinkOrder(mbps=orders[tick]), 60 * tick)
        moved(run, [participants])

        bought = 5000.0 if model is BillingModel.PERCENTILE95 else run.delivered
        assert run.carried[-1] == min(2.0 * participants, bought)
        assert run.delivered <= run.ordered <= 4000.0
