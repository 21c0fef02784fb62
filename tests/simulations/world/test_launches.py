from hypothesis import given
from hypothesis import strategies as st

from simulations.world.boots import BootTimes
from simulations.world.launches import Launches, serving_curve


def launches(*ticks: int, per_tick: float = 2.0, burst: int = 5, fails: int = 0) -> Launches:
    boots = BootTimes(ticks=ticks, fails=tuple(index < fails for index in range(len(ticks))))
    return Launches(boots=boots, per_tick=per_tick, burst=burst)


def test_a_burst_goes_at_once_and_the_rest_at_the_rate() -> None:
    supplier = launches(1)
    supplier.order(10)

    served = [supplier.advance(tick)[0] for tick in range(5)]

    assert served == [0, 5, 2, 2, 1]
    assert supplier.pending == 0


def test_each_server_serves_after_its_own_boot() -> None:
    supplier = launches(4, 2, 3)
    supplier.order(3)

    assert [supplier.advance(tick)[0] for tick in range(6)] == [0, 0, 1, 1, 1, 0]


def test_a_failed_boot_is_told_when_it_is_given_up() -> None:
    supplier = launches(3, 1, fails=1)
    supplier.order(2)

    assert [supplier.advance(tick) for tick in range(4)] == [(0, 0), (1, 0), (0, 0), (0, 1)]


def test_queued_servers_are_cancelled_before_those_that_take_longest() -> None:
    supplier = launches(9, 1, 1, per_tick=0.0, burst=3)
    supplier.order(4)
    supplier.advance(0)

    assert supplier.cancel(2) == 2
    assert (supplier.queued, supplier.booting) == (0, 2)
    assert supplier.advance(1) == (2, 0)
    assert supplier.advance(9) == (0, 0)


def test_no_more_is_cancelled_than_is_pending() -> None:
    supplier = launches(5)
    supplier.order(3)

    assert supplier.cancel(7) == 3
    assert supplier.pending == 0


def test_a_recorded_run_can_be_replayed_order_by_order() -> None:
    supplier = launches(2, 1, 4, burst=10)

    assert serving_curve(supplier, {0: 2, 3: 1}, ticks=9) == [0, 1, 2, 2, 2, 2, 2, 3, 3]


@given(
    orders=st.lists(st.integers(0, 12), min_size=1, max_size=30),
    boots=st.lists(st.integers(1, 6), min_size=1, max_size=8),
    cancels=st.lists(st.integers(0, 30), min_size=30, max_size=30),
    fails=st.integers(0, 8),
)
def test_what_is_ordered_is_pending_served_failed_or_cancelled(
    orders: list[int], boots: list[int], cancels: list[int], fails: int
) -> None:
    supplier = launches(*boots, fails=fails)
    ordered = cancelled = done = 0
    for tick, order in enumerate(orders):
        supplier.order(order)
        ordered += order
        wanted = min(cancels[tick], supplier.pending)
        assert supplier.cancel(cancels[tick]) == wanted
        cancelled += wanted
        done += sum(supplier.advance(tick))

        assert ordered == supplier.pending + done + cancelled
        assert supplier.queued >= 0
        assert supplier.booting >= 0
