import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from autoscaler.leadtime.tracker import Tracker
from autoscaler.leadtime.values import Order


def test_an_order_that_is_served_becomes_a_sample() -> None:
    tracker = Tracker.begin(ready=10, prior_seconds=200.0).asked(missing=4, now=0)
    tracker = tracker.looked(ready=13, prior_seconds=200.0, now=260)
    assert tracker.orders == (Order(0, 1, queue=4),)
    assert tracker.samples == tracker.lead_time.samples == 3


def test_a_server_that_died_is_ordered_again() -> None:
    tracker = Tracker.begin(ready=10, prior_seconds=200.0)
    tracker = tracker.looked(ready=8, prior_seconds=200.0, now=60).asked(missing=2, now=60)
    assert tracker.orders == (Order(60, 2, queue=2),)


def test_waiting_past_the_median_lengthens_the_estimate() -> None:
    tracker = Tracker.begin(ready=10, prior_seconds=200.0).asked(missing=50, now=0)
    young = tracker.looked(ready=10, prior_seconds=200.0, now=150)
    old = tracker.looked(ready=10, prior_seconds=200.0, now=900)
    assert young is tracker
    assert old.lead_time.p95_seconds == 900.0


def served(*boots: tuple[int, int], tracker: Tracker | None = None) -> Tracker:
    """Order and boot batches of (servers, seconds), one after the other, an hour apart."""
    tracker = tracker or Tracker.begin(ready=10, prior_seconds=200.0)
    for number, (count, seconds) in enumerate(boots):
        asked = number * 3600
        tracker = tracker.asked(missing=count, now=asked)
        tracker = tracker.looked(
            ready=tracker.ready + count, prior_seconds=200.0, now=asked + seconds
        )
    return tracker


@pytest.mark.parametrize("batch", [1, 4, 30])
@pytest.mark.parametrize("known", [0, 5, 30])
def test_boots_of_nine_minutes_instead_of_three_show_within_five(batch: int, known: int) -> None:
    slow = served(*[(batch, 180)] * known, *[(batch, 540)] * 5)
    assert slow.lead_time.p95_for(batch) == pytest.approx(540.0, rel=0.2)


@example(  # only large batches were slow, nearly: taken for a queue, and for more than the slowest
    [(1, 160), (1, 160), (1, 160), (3, 160), (4, 160)],
    [(1, 520), (2, 520), (12, 520), (12, 520), (12, 520)],
)
@given(
    st.lists(st.tuples(st.integers(1, 60), st.integers(160, 200)), max_size=25),
    st.lists(st.tuples(st.integers(1, 60), st.integers(520, 560)), min_size=5, max_size=5),
)
def test_slow_boots_show_whatever_was_ordered_before(
    fast: list[tuple[int, int]], slow: list[tuple[int, int]]
) -> None:
    lead_time = served(*fast, *slow).lead_time
    largest = max(count for count, _ in slow)
    assert lead_time.p95_for(largest) == pytest.approx(540.0, rel=0.2)


def test_a_large_batch_is_ordered_earlier_where_large_ones_took_longer() -> None:
    # 120 s and 3 s for each server that is waited for
    queued = served(*[(count, 120 + 3 * count) for count in (1, 5, 20, 60, 10, 40, 2, 30)])
    for batch in (1, 20, 60, 120):
        assert queued.lead_time.p95_for(batch) == pytest.approx(120.0 + 3.0 * batch, abs=6.0)
    assert queued.lead_time.p95_for(1000) == queued.lead_time.p95_for(120)  # twice the largest


def test_a_stock_out_lengthens_it_while_it_lasts_and_after() -> None:
    usual = served(*[(4, 240)] * 10)
    asked = usual.asked(missing=4, now=40_000)
    out_of_stock = asked.looked(ready=usual.ready, prior_seconds=200.0, now=40_600)
    assert out_of_stock.lead_time.p95_seconds == 600.0
    back = out_of_stock.looked(ready=usual.ready + 4, prior_seconds=200.0, now=40_900)
    assert back.lead_time.p95_seconds == 900.0


def test_a_boot_that_failed_and_is_repeated_took_both_times() -> None:
    tracker = served(*[(1, 240)] * 20).asked(missing=1, now=90_000)
    again = tracker.asked(missing=1, now=90_300)  # the failed server is gone, one is still missing
    started = again.looked(ready=again.ready + 1, prior_seconds=200.0, now=90_540)
    assert started.starts[-1].seconds == 540.0
    assert started.lead_time.p95_seconds == 540.0


def test_a_new_prior_is_taken_in_at_once() -> None:
    tracker = Tracker.begin(ready=10, prior_seconds=200.0)
    assert tracker.looked(ready=10, prior_seconds=400.0, now=1).lead_time.p50_seconds == 400.0


def test_nothing_new_is_no_new_value() -> None:
    tracker = Tracker.begin(ready=10, prior_seconds=200.0)
    assert tracker.looked(ready=10, prior_seconds=200.0, now=999) is tracker
