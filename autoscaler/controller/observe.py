"""Everything that was read, as the one value that a decision may rest on. Pure."""

from collections.abc import Callable, Mapping, Sequence

from autoscaler.capacity.measured import Measured
from autoscaler.controller.inventory import floor_in_force, inventory
from autoscaler.controller.memory import Memory
from autoscaler.controller.suppliers import Supplied
from autoscaler.engine.observation import (
    Demand,
    DemandState,
    LinkObservation,
    Observation,
    PoolObservation,
)
from autoscaler.planner.inventory import Controls
from autoscaler.ports.demand import Reading, Usage
from autoscaler.ports.fleet import FleetSnapshot, PoolSnapshot
from autoscaler.resources.capacityplan import CapacityPlan
from autoscaler.resources.egresslink import EgressLink
from autoscaler.resources.settings import (
    link_controls,
    link_settings,
    pool_controls,
    pool_settings,
)
from forecast.calendar import Event

SILENCE = "Prometheus did not answer"


def unread(reason: str = SILENCE) -> Reading:
    """Return what is known of a pool whose demand could not be read: nothing. Not zero."""
    demand = Demand(state=DemandState.EMPTY, participants=None, sample_time=None)
    return Reading(demand=demand, reason=reason)


def observe(
    fleet: FleetSnapshot,
    readings: Mapping[str, Reading],
    *,
    memory: Memory,
    plans: Sequence[CapacityPlan],
    events: Sequence[Event],
    usage: Mapping[str, Usage],
    supplies: Mapping[str, Supplied],
    measured: Mapping[str, Measured],
    told: Callable[[str], int] = lambda _: 0,
    now: int,
) -> Observation:
    """Return all pools and links as the engine sees them.

    `usage`: links with their own query; `supplies`: those that nobody buys by hand; `measured`:
    pools whose servers were; `told`: servers of a pool that were told that they may go.
    """
    return Observation(
        now=now,
        pools=tuple(
            observe_pool(
                pool,
                readings.get(pool.key) or unread(),
                memory=memory,
                plans=plans,
                measured=measured.get(pool.key),
                told=told(pool.key),
                now=now,
            )
            for pool in fleet.pools
        ),
        links=tuple(
            observe_link(
                link,
                _usage(link, fleet.pools, readings, usage),
                supplies.get(link.key),
                plans=plans,
                now=now,
            )
            for link in fleet.links
        ),
        events=events,
    )


def observe_pool(
    pool: PoolSnapshot,
    reading: Reading,
    *,
    memory: Memory,
    plans: Sequence[CapacityPlan],
    measured: Measured | None,
    told: int = 0,
    now: int,
) -> PoolObservation:
    """Return one pool as the engine sees it."""
    written = memory.recall(pool)
    floor = floor_in_force(pool, remembered=None if written is None else written.floor)
    return PoolObservation(
        settings=pool_settings(pool.resource, measured=measured),
        demand=reading.demand,
        inventory=inventory(pool, reading, floor=floor, told=told),
        controls=pool_controls(pool.resource, plans=plans, now=now),
    )


def observe_link(
    link: EgressLink,
    usage: Usage,
    supplied: Supplied | None,
    *,
    plans: Sequence[CapacityPlan],
    now: int,
) -> LinkObservation:
    """Return one link as the engine sees it. `supplied` is None where people buy."""
    controls = link_controls(link, plans=plans, now=now)
    ordered, delivered = _bought(link, supplied, controls)
    return LinkObservation(
        settings=link_settings(link),
        used_mbps=usage.mbps,
        ordered_mbps=ordered,
        delivered_mbps=delivered,
        controls=controls,
        silence=usage.reason,
    )


def _bought(link: EgressLink, supplied: Supplied | None, controls: Controls) -> tuple[float, float]:
    """Return what is ordered and what is delivered.

    Where people buy, what they approved counts as ordered, and they say that it is delivered by
    raising `committedMbps`. A provider that has not answered yet is taken to have what was last
    told of it.
    """
    committed = float(link.spec.committed_mbps)
    if supplied is None:
        approved = 0.0 if controls.allowance is None else controls.allowance.up_to
        return max(committed, approved), committed
    if supplied.supply is None:
        return max(committed, float(link.status.ordered_mbps or 0)), committed
    return supplied.supply.ordered_mbps, supplied.supply.delivered_mbps


def _usage(
    link: EgressLink,
    pools: Sequence[PoolSnapshot],
    readings: Mapping[str, Reading],
    usage: Mapping[str, Usage],
) -> Usage:
    """Return what a link carries: by its own query, or the sum of its pools where all are known."""
    if link.spec.usage is not None:
        return usage.get(link.key) or Usage(None, SILENCE)
    total = 0.0
    for pool in pools:
        resource = pool.resource
        if resource.metadata.namespace != link.metadata.namespace or not any(
            reference.name == link.metadata.name for reference in resource.spec.links
        ):
            continue
        reading = readings.get(pool.key)
        if reading is None or reading.egress_mbps is None:
            return Usage(None, "not every pool of the link says how much it sends")
        total += reading.egress_mbps
    return Usage(total)
