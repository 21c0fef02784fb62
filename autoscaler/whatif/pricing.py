"""What an answer's steps cost, by the planner's comparison."""

from collections.abc import Mapping, Sequence

import numpy as np

from autoscaler.engine.decision import LinkDecision, PoolDecision, Step
from autoscaler.planner.comparison import Comparison, Rise, compare_pool
from autoscaler.planner.links.comparison import compare_link
from autoscaler.planner.outlook import PoolOutlook
from autoscaler.planner.settings import LinkSettings
from autoscaler.whatif.world import PlannedPool


def pool_cost(
    outlook: PoolOutlook, decision: PoolDecision, steps: Sequence[Step], *, now: int
) -> Comparison | None:
    """Price a pool's steps over the forecast; None without a price or a forecast."""
    return compare_pool(
        outlook,
        floor=decision.floor,
        previous=decision.previous,
        rises=_rises(steps),
        now=now,
    )


def link_cost(
    settings: LinkSettings,
    decision: LinkDecision,
    steps: Sequence[Step],
    *,
    users: Sequence[PlannedPool],
    outlooks: Mapping[str, PoolOutlook],
) -> Comparison | None:
    """Price a link's steps over the forecast; None where traffic or price is not known."""
    paths = [outlooks[pool.key].path for pool in users]
    known = [path for path in paths if path is not None]
    if (
        not users
        or len(known) < len(paths)
        or not all(pool.media_mix.egress_mbps for pool in users)
    ):
        return None
    traffic = np.sum(
        [
            np.asarray(path.median) * pool.media_mix.egress_mbps
            for path, pool in zip(known, users, strict=True)
        ],
        axis=0,
    )
    return compare_link(
        settings,
        traffic,
        step_seconds=known[0].step_seconds,
        start=known[0].start,
        ordered=decision.previous_mbps,
        order=decision.order_mbps,
        rises=_rises(steps),
    )


def _rises(steps: Sequence[Step]) -> list[Rise]:
    return [Rise(step.ready_at, step.to) for step in steps]
