from autoscaler.leadtime.tracker import Tracker
from autoscaler.leadtime.values import Order


def test_an_order_that_is_served_becomes_a_sample() -> None:
    tracker = Tracker.begin(ready=10, prior_seconds=200.0).asked(missing=4, now=0)
    tracker = tracker.looked(ready=13, prior_seconds=200.0, now=260)
    assert tracker.orders == (Order(0, 1),)
    assert tracker.samples == tracker.lead_time.samples == 3


def test_a_server_that_died_is_ordered_again() -> None:
    tracker = Tracker.begin(ready=10, prior_seconds=200.0)
    tracker = tracker.looked(ready=8, prior_seconds=200.0, now=60).asked(missing=2, now=60)
    assert tracker.orders == (Order(60, 2),)


def test_waiting_past_the_median_lengthens_the_estimate() -> None:
    tracker = Tracker.begin(ready=10, prior_seconds=200.0).asked(missing=50, now=0)
    young = tracker.looked(ready=10, prior_seconds=200.0, now=150)
    old = tracker.looked(ready=10, prior_seconds=200.0, now=900)
    assert young is tracker
    assert old.lead_time.p95_seconds == 900.0


def test_a_new_prior_is_taken_in_at_once() -> None:
    tracker = Tracker.begin(ready=10, prior_seconds=200.0)
    assert tracker.looked(ready=10, prior_seconds=400.0, now=1).lead_time.p50_seconds == 400.0


def test_nothing_new_is_no_new_value() -> None:
    tracker = Tracker.begin(ready=10, prior_seconds=200.0)
    assert tracker.looked(ready=10, prior_seconds=200.0, now=999) is tracker
