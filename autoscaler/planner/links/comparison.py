"""What a link's orders cost beside buying only what is there already, over the same traffic."""

from collections.abc import Sequence

import numpy as np

from autoscaler.planner.comparison import Comparison, Rise
from autoscaler.planner.envelope import FloatArray
from autoscaler.planner.links.billing import SAMPLE_SECONDS, bill
from autoscaler.planner.links.plan import bought_for
from autoscaler.planner.settings import BillingModel, LinkSettings

_MONTH = 30 * 86_400.0


def compare_link(
    settings: LinkSettings,
    traffic: FloatArray,
    *,
    step_seconds: int,
    start: int,
    ordered: float,
    order: float,
    rises: Sequence[Rise],
) -> Comparison | None:
    """Price the hours of `traffic` (Mbit/s by the median, a step each, from `start` on).

    Each way is billed as a month of these hours would be, for their share of 30 days: the highest
    twentieth of five-minute samples is free under Percentile95, as it is in a month. Planned
    commits to `order` now and to the dated `rises` from their delivery on; reactive-only begins
    with what was `ordered` and buys a step once traffic needs it. A gigabyte costs the same both
    ways. None without a price.
    """
    billing = settings.billing
    if billing is None or traffic.size == 0:
        return None
    samples = np.repeat(traffic, max(1, step_seconds // SAMPLE_SECONDS))
    per_gigabyte = billing.model is BillingModel.PER_GIGABYTE
    share = 1.0 if per_gigabyte else traffic.size * step_seconds / _MONTH
    times = start + step_seconds * np.arange(traffic.size)
    planned = np.full(traffic.size, order)
    for rise in rises:
        planned[times + step_seconds > rise.at] = np.maximum(rise.to, order)
    needs = [bought_for(mbps, settings) for mbps in traffic.tolist()]
    following = np.maximum.accumulate(np.maximum(needs, ordered))
    bills = [
        bill(billing, samples, committed_mbps=float(commit.mean())) * share
        for commit in (planned, following)
    ]
    return Comparison(planned=bills[0], reactive_only=bills[1])
