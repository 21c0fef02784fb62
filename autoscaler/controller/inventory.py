"""From what the target, the workload and the metrics say to what the planner counts with. Pure."""

from autoscaler.planner.inventory import Inventory
from autoscaler.planner.settings import Semantics
from autoscaler.ports.demand import Reading
from autoscaler.ports.fleet import PoolSnapshot, ServerCounts

NOTHING = ServerCounts(desired=0, existing=0, ready=0, terminating=0)


def floor_in_force(pool: PoolSnapshot, *, remembered: int | None) -> int | None:
    """Return the floor that the target holds now, in servers; None without a readable target.

    Floor and Size stand in the target itself, whoever wrote them: a number found at adoption counts
    as a floor, so that taking a pool over never lowers it. Headroom does not stand there, because
    its number moves as servers start: there the floor is the one we `remembered` when we wrote, and
    only where that is lost what exists together with what is still kept warm.
    """
    target, wanted = pool.target, pool.resource.spec.target
    if target is None or wanted is None or target.value is None:
        return None
    in_force = target.value * wanted.servers_per_replica
    if wanted.semantics is not Semantics.HEADROOM:
        return in_force
    if target.ours and remembered is not None:
        return remembered
    return in_force + (pool.counts or NOTHING).existing


def inventory(
    pool: PoolSnapshot, reading: Reading, *, floor: int | None, told: int = 0
) -> Inventory:
    """Return the pool's servers. A server that nobody could see counts as occupied.

    `told` servers were told that they may go and are still there.
    """
    counts = pool.counts or NOTHING
    ordered = max(counts.desired, counts.existing, floor or 0)
    empty = min(reading.empty_servers or 0, counts.ready)
    return Inventory(
        floor=floor,
        ready=counts.ready,
        pending=max(0, ordered - counts.ready),
        draining=counts.terminating,
        occupied=counts.ready - empty,
        known=pool.counts is not None,
        let_go=max(0, told - max(0, counts.existing - (floor or 0))),
        unsafe="" if pool.unsafe is None else pool.unsafe.message,
    )
