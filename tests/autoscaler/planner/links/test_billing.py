"""Bills worked out by hand, for a month of 30 days: 8,640 samples of which 432 (36 h) are free."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autoscaler.planner.envelope import FloatArray
from autoscaler.planner.links.billing import bill, free_samples, percentile95
from autoscaler.planner.settings import Billing, BillingModel

MONTH = 8640
FREE = 432
SAMPLES = st.lists(st.floats(0.0, 1e6), max_size=200).map(np.array)


def by(model: BillingModel, price: float = 0.5) -> Billing:
    return Billing(model=model, price=price, time_zone="Europe/Dublin")


def month(*bursts: tuple[int, float], base: float = 100.0) -> FloatArray:
    """A month at `base` Mbit/s with bursts of (samples, Mbit/s)."""
    samples = np.full(MONTH, base)
    at = 1000
    for count, mbps in bursts:
        samples[at : at + count] = mbps
        at += count
    return samples


@pytest.mark.parametrize(
    ("model", "bursts", "money"),
    [
        # 200 committed at 0.50
        (BillingModel.PERCENTILE95, [], 100.0),
        (BillingModel.PERCENTILE95, [(FREE, 5000.0)], 100.0),  # 36 h at any height are free
        (BillingModel.PERCENTILE95, [(FREE + 1, 5000.0)], 2500.0),  # five minutes more are not
        (BillingModel.PERCENTILE95, [(FREE, 5000.0), (1, 300.0)], 150.0),  # the next highest is
        (BillingModel.PEAK, [(1, 5000.0)], 2500.0),
        (BillingModel.COMMITTED, [(MONTH - 1000, 5000.0)], 100.0),
        # 100 Mbit/s for 30 days are 32,400 GB; 12 samples of 900 more are 405 GB
        (BillingModel.PER_GIGABYTE, [], 16_200.0),
        (BillingModel.PER_GIGABYTE, [(12, 1000.0)], 16_402.5),
    ],
)
def test_a_month_costs(model: BillingModel, bursts: list[tuple[int, float]], money: float) -> None:
    assert bill(by(model), month(*bursts), committed_mbps=200.0) == pytest.approx(money)


@pytest.mark.parametrize(("days", "hours"), [(28, 33.583333), (30, 36.0), (31, 37.166667)])
def test_a_twentieth_of_a_month_is_free(days: int, hours: float) -> None:
    # 28 days: 403.2 samples, 31 days: 446.4, of which whole ones
    assert free_samples(days * 288) * 5 / 60 == pytest.approx(hours)


@given(SAMPLES, st.floats(0.0, 1e6), st.sampled_from(BillingModel))
def test_more_traffic_or_commit_never_costs_less(
    samples: FloatArray, more: float, model: BillingModel
) -> None:
    lower = bill(by(model), samples, committed_mbps=50.0)
    assert bill(by(model), samples + more, committed_mbps=50.0) >= lower
    assert bill(by(model), samples, committed_mbps=50.0 + more) >= lower


@given(SAMPLES)
def test_the_percentile_leaves_at_most_a_twentieth_above_it(samples: FloatArray) -> None:
    level = percentile95(samples)
    assert np.count_nonzero(samples > level) <= 0.05 * samples.size
