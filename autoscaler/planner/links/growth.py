"""What weekly growth of its pools makes of a link's traffic, and when that meets its limits."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from autoscaler.planner.run_out import RunOut, named, run_out
from autoscaler.planner.settings import LinkSettings
from autoscaler.planner.trend import trend
from autoscaler.planner.weeks import WeeklyPeaks

_AHEAD = np.arange(3.0)
"""The running week and two more: fourteen days, wherever in its week a day is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkOutlook:
    """The highest traffic of the weeks from `monday` on, P90, Mbit/s; and what will bite when."""

    monday: int
    weekly: tuple[float, ...]
    limits: tuple[RunOut, ...]


def look_at_growth(
    settings: LinkSettings,
    weeks: WeeklyPeaks,
    *,
    pools: Sequence[str],
    mbps_each: Sequence[float],
) -> LinkOutlook:
    """Sum the weekly peaks of the pools that share a link, each with its Mbit/s a participant.

    Their peaks need not coincide: the sum is on the safe side. A week in which one of them is not
    known is not known.
    """
    each = np.array(mbps_each)[:, None]
    total = (weeks.of(pools) * each).sum(axis=0, keepdims=True)
    running = (weeks.running_of(pools) * each[:, 0]).sum(keepdims=True)
    # Traffic is planned at the utilization: a limit bites when that much of it is full.
    bounds = {
        "committedMbps": settings.committed_mbps,
        "maxMbps": settings.max_mbps,
        "portMbps": settings.port_mbps,
    }
    demand = np.array([[mbps * settings.utilization for mbps in bounds.values()]])
    grown = trend(total)
    p50, p90 = run_out(grown, demand, running=running, monday=weeks.monday)
    ahead = grown.peaks(_AHEAD, quantile=0.9)[0]
    known = bool(np.isfinite(ahead).all())
    return LinkOutlook(
        monday=weeks.monday,
        weekly=tuple(ahead.round(3).tolist()) if known else (),
        limits=named(tuple(bounds), demand[0], p50[0], p90[0]),
    )
