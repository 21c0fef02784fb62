from hypothesis import given
from hypothesis import strategies as st

from simulations.policy import Removal
from simulations.scenario.demand import OFFICE_MEETINGS
from simulations.world.boots import BootTimes
from simulations.world.draining import Draining
from simulations.world.fleet import Load, OrderedFleet
from simulations.world.launches import Launches
from simulations.world.market import Loss
from simulations.world.meetings import kinds, mix

MIX = mix(kinds(OFFICE_MEETINGS, tick_seconds=60))
IDLE = Load(participants=0.0, rooms=0.0, occupied=0)


def fleet(
    *, removal: Removal, ready: int = 10, grace_ticks: int = 240, fails: tuple[bool, ...] = (False,)
) -> OrderedFleet:
    boots = BootTimes(ticks=(2,) * len(fails), fails=fails)
    return OrderedFleet(
        launches=Launches(boots=boots, per_tick=60.0, burst=120),
        draining=Draining(MIX, grace_ticks=grace_ticks, ticks=100),
        removal=removal,
        least=1,
        most=50,
        ready=ready,
    )


def busy(occupied: int) -> Load:
    return Load(participants=occupied * 200.0, rooms=occupied * 22.0, occupied=occupied)


def test_only_empty_servers_go_when_occupied_ones_must_stay() -> None:
    servers = fleet(removal=Removal.EMPTY)

    assert servers.order(3, busy(7), 0) == 3
    assert (servers.ready, servers.size) == (7, 7)
    assert servers.paid(0) == 7


def test_a_replica_set_takes_occupied_servers_and_pays_until_they_are_empty() -> None:
    servers = fleet(removal=Removal.REPLICA_SET)

    assert servers.order(4, busy(10), 0) == 6
    assert servers.ready == 4
    assert servers.paid(0) == 10
    assert servers.draining.participants[0] == 1200.0
    assert 0 < servers.draining.servers[60] <= 6
    assert servers.draining.servers[239] == 0
    assert servers.draining.killed(240).rooms < 1.0


def test_a_short_grace_period_kills_what_is_left() -> None:
    servers = fleet(removal=Removal.REPLICA_SET, grace_ticks=10)

    servers.order(5, busy(10), 0)

    killed = servers.draining.killed(10)
    assert 0 < killed.rooms < 110
    assert 0 < killed.participants < 1000
    assert servers.paid(10) == 5


def test_pending_servers_are_given_back_first() -> None:
    servers = fleet(removal=Removal.EMPTY)
    servers.order(16, IDLE, 0)
    servers.advance(0)

    assert servers.order(11, IDLE, 1) == 5
    assert (servers.ready, servers.pending) == (10, 1)


def test_a_failed_boot_is_ordered_again() -> None:
    servers = fleet(removal=Removal.EMPTY, ready=1, fails=(True, False))
    servers.order(2, IDLE, 0)
    for tick in range(6):
        servers.advance(tick)

    assert servers.ready == 2
    assert servers.failed == 1


def test_orders_stay_within_the_bounds_of_the_pool() -> None:
    servers = fleet(removal=Removal.EMPTY)

    servers.order(500, IDLE, 0)
    assert servers.size == 50
    servers.order(0, IDLE, 1)
    assert servers.size == 1


def test_the_share_that_is_lost_is_rounded_to_whole_servers() -> None:
    servers = fleet(removal=Removal.EMPTY, ready=9)

    assert servers.lose(Loss(share=0.3, notice_ticks=0), busy(9), 0) == 3
    assert (servers.ready, servers.lost) == (6, 3)


@given(
    sizes=st.lists(st.integers(0, 60), min_size=1, max_size=40),
    occupied=st.lists(st.integers(0, 50), min_size=40, max_size=40),
    losses=st.dictionaries(
        st.integers(0, 39),
        st.builds(Loss, share=st.floats(0.0, 1.0), notice_ticks=st.integers(0, 10)),
        max_size=4,
    ),
    removal=st.sampled_from(Removal),
    fails=st.lists(st.booleans(), min_size=1, max_size=5),
)
def test_every_server_ordered_is_ready_pending_failed_released_or_lost(
    sizes: list[int],
    occupied: list[int],
    losses: dict[int, Loss],
    removal: Removal,
    fails: list[bool],
) -> None:
    servers = fleet(removal=removal, fails=tuple(fails))
    for tick, size in enumerate(sizes):
        before = servers.ready
        servers.order(size, busy(min(occupied[tick], before)), tick)
        if removal is Removal.EMPTY:
            assert servers.ready >= min(occupied[tick], before)
        if tick in losses and servers.ready:
            servers.lose(losses[tick], busy(min(occupied[tick], servers.ready)), tick)
        servers.advance(tick)

        left = servers.failed + servers.released + servers.lost
        assert servers.ordered == servers.ready + servers.pending + left
        assert servers.paid(tick) >= servers.ready + servers.launches.booting >= servers.ready >= 0
