from hypothesis import given
from hypothesis import strategies as st

from autoscaler.leadtime.orders import Start, match, outstanding, settle
from autoscaler.leadtime.values import Order

ORDERS = st.lists(st.tuples(st.integers(0, 1000), st.integers(1, 50)), max_size=6).map(
    lambda found: tuple(Order(at, servers) for at, servers in sorted(found))
)


def test_first_ordered_is_first_served() -> None:
    waiting, starts = match((Order(0, 3), Order(60, 5)), started=4, now=300)
    assert starts == (Start(300.0, 3), Start(240.0, 1))
    assert waiting == (Order(60, 4),)


def test_a_start_remembers_the_queue_of_its_order() -> None:
    waiting, starts = match((Order(0, 9, queue=12),), started=4, now=300)
    assert starts == (Start(300.0, 4, queue=12),)
    assert waiting == (Order(0, 5, queue=12),)


def test_servers_that_nobody_ordered_say_nothing() -> None:
    assert match((Order(0, 1),), started=3, now=100) == ((), (Start(100.0, 1),))


def test_a_start_is_never_instant() -> None:
    assert match((Order(100, 1),), started=1, now=100)[1] == (Start(1.0, 1),)


def test_more_missing_is_a_new_order() -> None:
    assert settle((Order(0, 3),), missing=5, now=60) == (
        Order(0, 3),
        Order(60, 2, queue=5),
    )


def test_fewer_missing_takes_back_the_newest() -> None:
    orders = (Order(0, 3), Order(60, 2), Order(90, 4))
    assert settle(orders, missing=4, now=99) == (Order(0, 3), Order(60, 1))


@given(ORDERS, st.integers(0, 200))
def test_orders_settle_at_what_is_missing(orders: tuple[Order, ...], missing: int) -> None:
    assert outstanding(settle(orders, missing=missing, now=2000)) == missing


@given(ORDERS, st.integers(0, 200))
def test_matching_neither_loses_nor_invents_servers(
    orders: tuple[Order, ...], started: int
) -> None:
    waiting, starts = match(orders, started=started, now=2000)
    served = sum(start.servers for start in starts)
    assert served == min(started, outstanding(orders))
    assert outstanding(waiting) + served == outstanding(orders)
