import pytest
from hypothesis import given
from hypothesis import strategies as st

from autoscaler.leadtime.estimate import KEPT_STARTS, estimate, prior
from autoscaler.leadtime.orders import Start
from autoscaler.leadtime.values import LeadTime, Order

SECONDS = st.floats(1.0, 7200.0)
STARTS = st.lists(st.builds(Start, SECONDS, st.integers(1, 200)), max_size=KEPT_STARTS)
ORDERS = st.lists(st.builds(Order, st.integers(0, 9999), st.integers(1, 500)), max_size=5)


def measured(*seconds: float, servers: int = 1, waiting: tuple[Order, ...] = ()) -> LeadTime:
    """Estimate from single starts, with nothing left of the prior."""
    starts = [Start(each, servers) for each in seconds]
    return estimate(starts, waiting, samples=1000, prior_seconds=100.0, now=10_000)


def test_the_prior_is_a_median_whose_p95_is_half_as_long_again() -> None:
    assert prior(420.0) == LeadTime(p50_seconds=420.0, p95_seconds=630.0, samples=0)


def test_under_twenty_samples_the_prior_weighs_too() -> None:
    starts = [Start(1000.0, 1)]
    with_prior = estimate(starts, (), samples=1, prior_seconds=100.0, now=0)
    assert with_prior.p50_seconds < 120.0
    assert estimate(starts, (), samples=20, prior_seconds=100.0, now=0).p50_seconds == 1000.0


def test_quantiles_are_those_of_the_starts() -> None:
    lead = measured(*[float(each) for each in range(100, 120)])
    assert 109.0 <= lead.p50_seconds <= 118.0  # newer starts weigh more, and these get longer
    assert lead.p95_seconds == 119.0


def test_a_slow_boot_regression_shows_at_once_and_fills_the_median_within_a_few() -> None:
    before = [240.0] * 30
    assert measured(*before).p95_seconds == 240.0
    assert measured(*before, 600.0).p95_seconds == 600.0
    assert measured(*before, *[600.0] * 5).p50_seconds == 600.0


def test_it_recovers_when_boots_are_fast_again() -> None:
    assert measured(*[600.0] * 10, *[240.0] * 20).p95_seconds == 240.0


def test_a_large_batch_does_not_bury_the_small_ones_after_it() -> None:
    starts = [Start(240.0, 500), *[Start(600.0, 1)] * 3]
    assert estimate(starts, (), samples=503, prior_seconds=1.0, now=0).p95_seconds == 600.0


def test_orders_that_wait_are_not_yet_arrived() -> None:
    # Forty servers have waited for 1,000 s when everything known took 240 s.
    lead = measured(*[240.0] * 10, servers=10, waiting=(Order(9_000, 40),))
    assert lead.p50_seconds == 240.0
    assert lead.p95_seconds == pytest.approx(4 * 240.0)  # lost rather than slow


def test_orders_that_only_just_wait_change_nothing() -> None:
    young = (Order(9_990, 400),)
    assert measured(200.0, 300.0, waiting=young) == measured(200.0, 300.0)


@given(STARTS, ORDERS, st.integers(0, 500), SECONDS)
def test_never_zero_never_endless_and_ordered(
    starts: list[Start], orders: list[Order], samples: int, prior_seconds: float
) -> None:
    lead = estimate(starts, orders, samples=samples, prior_seconds=prior_seconds, now=10_000)
    longest = max([prior_seconds * 1.5, *[start.seconds for start in starts]])
    assert 1.0 <= lead.p50_seconds <= lead.p95_seconds <= 4.0 * longest + 0.01


@given(STARTS, st.integers(0, 500), SECONDS, st.integers(1, 9999), st.integers(1, 500))
def test_waiting_never_shortens_the_estimate(
    starts: list[Start], samples: int, prior_seconds: float, placed_at: int, servers: int
) -> None:
    def p95(orders: tuple[Order, ...]) -> float:
        return estimate(
            starts, orders, samples=samples, prior_seconds=prior_seconds, now=10_000
        ).p95_seconds

    assert p95((Order(placed_at, servers),)) >= p95(())
