"""What suppliers withhold, and that every server is accounted for whatever they do."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from simulations.policy import Removal
from simulations.scenario.demand import OFFICE_MEETINGS
from simulations.world.boots import BootTimes
from simulations.world.draining import Draining
from simulations.world.fleet import Load, OrderedFleet
from simulations.world.launches import Launches
from simulations.world.market import Loss, Market, market, open_market
from simulations.world.meetings import kinds, mix
from tests.simulations.small import pool, scenario

MIX = mix(kinds(OFFICE_MEETINGS, tick_seconds=60))
TICKS = 40
NOON = "2026-03-02T12:00:00"
LATER = "2026-03-02T13:00:00"


def supplier(**changes: Any) -> Market:
    opened = open_market(TICKS)
    return Market(**{name: getattr(opened, name) for name in Market.__slots__} | changes)


def launches(sold_by: Market, *, boot: int = 1) -> Launches:
    boots = BootTimes(ticks=(boot,), fails=(False,), luck=(10.0, 90.0), give_up_ticks=3)
    return Launches(boots=boots, per_tick=100.0, burst=100, market=sold_by)


def served(supplier: Launches, *, orders: int, ticks: int) -> list[int]:
    supplier.order(orders)
    return [supplier.advance(tick)[0] for tick in range(ticks)]


def test_nothing_is_launched_while_there_is_no_stock() -> None:
    shut = supplier(shut=[True] * 3 + [False] * (TICKS - 3))

    assert served(launches(shut), orders=5, ticks=6) == [0, 0, 0, 0, 5, 0]


def test_a_supplier_sells_what_was_delivered_and_no_more() -> None:
    delivered = [4, 0, 0, 3] + [0] * (TICKS - 4)

    assert served(launches(supplier(delivered=delivered)), orders=9, ticks=6) == [0, 4, 0, 0, 3, 0]


def test_what_is_given_back_is_sold_again() -> None:
    selling = launches(supplier(delivered=[2] + [0] * (TICKS - 1)))
    assert served(selling, orders=3, ticks=2) == [0, 2]

    selling.restock(1)

    assert [selling.advance(tick)[0] for tick in (2, 3)] == [0, 1]


def test_a_quota_counts_all_that_exist() -> None:
    selling = launches(supplier(quota=[5] * TICKS))
    selling.order(10)

    selling.advance(0, in_use=3)

    assert (selling.booting, selling.queued) == (2, 8)


def test_boots_are_slower_for_what_is_launched_meanwhile() -> None:
    slow = supplier(slower=[4.0] + [1.0] * (TICKS - 1))

    assert served(launches(slow, boot=2), orders=1, ticks=9) == [0] * 8 + [1]


def test_a_share_of_what_is_launched_meanwhile_fails() -> None:
    selling = launches(supplier(failing=[50.0] * TICKS))
    selling.order(10)

    outcomes = [selling.advance(tick) for tick in range(5)]

    assert outcomes[1] == (5, 0)
    assert outcomes[3] == (0, 5)


def test_levels_and_windows_are_laid_out_on_ticks() -> None:
    faults = [
        {"name": "out", "kind": "StockOut", "start": LATER, "durationSeconds": 120},
        {"name": "slow", "kind": "SlowBoot", "start": LATER, "durationSeconds": 60, "factor": 3},
        {"name": "spot", "kind": "SpotReclaim", "start": LATER, "share": 0.3, "noticeSeconds": 90},
        {"name": "zone", "kind": "ZoneLoss", "start": NOON, "share": 0.5},
    ]
    supply = {
        "quota": [{"start": LATER, "servers": 30}, {"start": NOON, "servers": 20}],
        "stock": [{"start": "2026-03-01T00:00:00", "servers": 7}, {"start": LATER, "servers": 9}],
    }
    plan = scenario(pools=[pool(supply=supply)], faults=faults)

    laid_out = market(plan.pools[0], plan)

    assert (laid_out.quota[0], laid_out.quota[59], laid_out.quota[60]) == (20, 20, 30)
    assert laid_out.delivered is not None
    assert (laid_out.delivered[0], laid_out.delivered[60], sum(laid_out.delivered)) == (7, 9, 16)
    assert [tick for tick, shut in enumerate(laid_out.shut) if shut] == [60, 61]
    assert (laid_out.slower[60], laid_out.slower[61]) == (3.0, 1.0)
    assert laid_out.losses == {60: Loss(0.3, 2), 0: Loss(0.5, 0)}


@given(
    sizes=st.lists(st.integers(0, 60), min_size=1, max_size=TICKS),
    occupied=st.lists(st.integers(0, 50), min_size=TICKS, max_size=TICKS),
    removal=st.sampled_from(Removal),
    quota=st.integers(0, 60),
    delivered=st.none() | st.lists(st.integers(0, 9), min_size=TICKS, max_size=TICKS),
    shut=st.lists(st.booleans(), min_size=TICKS, max_size=TICKS),
    failing=st.sampled_from([0.0, 50.0, 100.0]),
    losses=st.dictionaries(
        st.integers(0, TICKS - 1), st.builds(Loss, st.floats(0.0, 1.0), st.integers(0, 5))
    ),
)
def test_every_server_ordered_is_ready_pending_failed_released_or_lost(
    sizes: list[int],
    occupied: list[int],
    removal: Removal,
    quota: int,
    delivered: list[int] | None,
    shut: list[bool],
    failing: float,
    losses: dict[int, Loss],
) -> None:
    sold_by = supplier(
        quota=[quota] * TICKS, delivered=delivered, shut=shut, failing=[failing] * TICKS
    )
    servers = OrderedFleet(
        launches=launches(sold_by),
        draining=Draining(MIX, grace_ticks=5, ticks=TICKS),
        removal=removal,
        least=1,
        most=50,
        ready=10,
    )
    for tick, size in enumerate(sizes):
        load = Load(
            participants=servers.ready * 100.0,
            rooms=servers.ready * 10.0,
            occupied=min(occupied[tick], servers.ready),
        )
        servers.order(size, load, tick)
        before = servers.ready + servers.pending
        if tick in losses:
            before -= servers.lose(losses[tick], load, tick)
        assert servers.ready + servers.pending == before
        servers.advance(tick)

        accounted = (
            servers.ready + servers.pending + servers.failed + servers.released + servers.lost
        )
        assert servers.ordered == accounted
        assert servers.paid(tick) <= max(quota, 10), "those that drain count, too"
        if delivered is not None:
            bought = servers.ready + servers.launches.booting + servers.lost + servers.failed
            assert bought + servers.launches.stock == 10 + sum(delivered[: tick + 1])
