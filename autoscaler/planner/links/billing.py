"""What a month of egress costs, by the way in which it is billed."""

import numpy as np

from autoscaler.planner.envelope import FloatArray
from autoscaler.planner.settings import Billing, BillingModel

SAMPLE_SECONDS = 300
"""Bills are made of the mean rate of every five minutes."""
FREE_SHARE = 0.05
"""The highest twentieth of a month's samples is not billed by 95th percentile: 36 h of 30 days."""
_GIGABYTES_PER_MBPS = SAMPLE_SECONDS / 8.0 / 1000.0
"""What one Mbit/s sends in one sample, in 10^9 bytes."""


def bill(billing: Billing, samples: FloatArray, *, committed_mbps: float) -> float:
    """Return the money for one period of five-minute `samples`, Mbit/s (1-D, in any order)."""
    model = billing.model
    if model is BillingModel.PER_GIGABYTE:
        return float(samples.sum()) * _GIGABYTES_PER_MBPS * billing.price
    billed = committed_mbps
    if model is BillingModel.PEAK:
        billed = max(billed, float(samples.max(initial=0.0)))
    elif model is BillingModel.PERCENTILE95:
        billed = max(billed, percentile95(samples))
    return billed * billing.price


def percentile95(samples: FloatArray) -> float:
    """Return the highest sample once the top twentieth of them is dropped (0 without samples)."""
    if samples.size == 0:
        return 0.0
    dropped = free_samples(samples.size)
    return float(np.sort(samples)[samples.size - 1 - dropped])


def free_samples(samples: int) -> int:
    """Return how many of a period's samples are dropped before the highest is billed."""
    return int(samples * FREE_SHARE + 1e-9)
