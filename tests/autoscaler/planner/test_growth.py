import pytest
from hypothesis import given
from hypothesis import strategies as st

from autoscaler.planner.growth import Growth


def watch(*demand: float, every: int = 15) -> Growth:
    growth = Growth.begin(demand[0], now=0)
    for tick, value in enumerate(demand[1:], start=1):
        growth = growth.seen(value, now=tick * every)
    return growth


def test_steady_growth_is_measured() -> None:
    line = [1000.0 + 2.0 * 15 * tick for tick in range(400)]  # 2 participants a second
    assert watch(*line).per_second == pytest.approx(2.0, rel=0.01)


def test_a_burst_of_joins_is_not_growth() -> None:
    burst = watch(*[1000.0] * 50, *[1500.0] * 20)  # +50 % at once, five minutes ago
    assert burst.headroom(1500.0, seconds=360.0) < 0.12 * 1500.0


def test_a_decline_has_no_headroom() -> None:
    assert watch(*[1000.0 - tick for tick in range(100)]).headroom(900.0, seconds=600.0) == 0.0


def test_headroom_at_most_doubles_demand() -> None:
    line = [100.0 * tick for tick in range(1, 100)]
    assert watch(*line).headroom(9900.0, seconds=1e9) == 9900.0


def test_a_second_look_at_the_same_moment_says_nothing() -> None:
    growth = watch(100.0, 200.0)
    assert growth.seen(900.0, now=growth.at) is growth


@given(st.lists(st.floats(0.0, 1e6), min_size=1, max_size=50))
def test_growth_is_never_negative(demand: list[float]) -> None:
    assert watch(*demand).per_second >= 0.0
