"""What a pool's decisions remember from tick to tick: small, and kept in the cluster."""

from typing import NamedTuple

from autoscaler.leadtime.approvals import Approvals
from autoscaler.leadtime.tracker import Tracker
from autoscaler.planner.growth import Growth
from autoscaler.planner.refusals import NOBODY_REFUSED, Refusals
from autoscaler.planner.spend import NOTHING_SPENT, Spend
from autoscaler.planner.stillness import NOTHING_READ, Stillness
from autoscaler.planner.surge import SurgeWatch


class PoolState(NamedTuple):
    """One pool, as of its last tick at `at` (epoch seconds); exists once demand was trusted.

    `floor` is the last one decided. `demand` is the last trusted, of `demand_at`. `blind_since` is
    None while demand is trusted; `sighted_at` is when it last began to be. `tokens` are launches
    that the supplier still allows at once. `peaks` are the highest needs of the stabilization
    window, (time, servers), falling. `released_at` is the last release. `recovered_at` is when
    blindness last ended (None: it never did, the pool was seen from its first tick on).
    """

    at: int
    floor: int
    demand: float
    demand_at: int
    blind_since: int | None
    sighted_at: int
    surge: SurgeWatch
    growth: Growth
    lead: Tracker
    tokens: float
    peaks: tuple[tuple[int, int], ...]
    released_at: int
    approvals: Approvals
    spend: Spend = NOTHING_SPENT
    """Where the owner set a ceiling for the month; otherwise nothing."""
    recovered_at: int | None = None
    refusals: Refusals = NOBODY_REFUSED
    still: Stillness = NOTHING_READ
