"""Statuses as they are written: typed, and derived from what a tick found. Pure."""

from collections.abc import Mapping, Sequence
from math import ceil
from typing import Any

from autoscaler.controller.tick import PoolTick
from autoscaler.controller.times import moment
from autoscaler.ports.reports import StatusReport, Subject
from autoscaler.resources.common import Condition, Resource, ResourceStatus
from autoscaler.resources.settings import servers_per_replica
from autoscaler.resources.sfupool import (
    CapacityStatus,
    DemandStatus,
    LeadTimeStatus,
    SFUPoolStatus,
    TargetStatus,
)

MOST = 1_000_000_000


def subject(resource: Resource) -> Subject:
    """Return who a status, an event or a plan is about."""
    return Subject(
        resource=resource.names.plural,
        kind=type(resource).__name__,
        namespace=resource.metadata.namespace,
        name=resource.metadata.name,
        uid=resource.metadata.uid,
        generation=resource.metadata.generation,
    )


def pool_report(
    tick: PoolTick, conditions: Sequence[Condition], *, plan: str | None
) -> StatusReport:
    """Return a pool's status; `plan` is the name of its current CapacityPlan."""
    about, lead = subject(tick.snapshot.resource), tick.decision.lead_time
    status = SFUPoolStatus(
        observed_generation=about.generation,
        conditions=tuple(conditions),
        demand=_demand(tick),
        capacity=_capacity(tick),
        lead_time=LeadTimeStatus(
            p50_seconds=count(lead.p50_seconds),
            p95_seconds=count(lead.p95_seconds),
            samples=lead.samples,
        ),
        target=_target(tick),
        plan=plan,
    )
    return report(about, status)


def count(number: float) -> int:
    """Return a whole number that a status can hold, however absurd what was measured."""
    return round(min(max(number, 0.0), MOST)) if number == number else 0


def report(about: Subject, status: ResourceStatus) -> StatusReport:
    """Return the status as JSON values, without what is not known."""
    body: Mapping[str, Any] = status.model_dump(mode="json", by_alias=True, exclude_none=True)
    return StatusReport(about, body)


def _demand(tick: PoolTick) -> DemandStatus:
    demand = tick.reading.demand
    return DemandStatus(
        participants=None if demand.participants is None else count(demand.participants),
        state=demand.state,
        sample_time=None if demand.sample_time is None else moment(demand.sample_time),
    )


def _capacity(tick: PoolTick) -> CapacityStatus:
    """Return servers as replicas of the target, a part of one counting as one."""
    each, servers = servers_per_replica(tick.snapshot.resource), tick.observed.inventory
    floor = None if tick.written is None else tick.written.floor
    return CapacityStatus(
        need=count(ceil(tick.decision.need / each)),
        written=None if floor is None else count(ceil(floor / each)),
        ready=count(ceil(servers.ready / each)),
        pending=count(ceil(servers.pending / each)),
        draining=count(ceil(servers.draining / each)),
        occupied=count(ceil(servers.occupied / each)),
    )


def _target(tick: PoolTick) -> TargetStatus | None:
    written = tick.written
    if written is None:
        return None
    return TargetStatus(
        uid=written.target_uid,
        adopted_value=written.adopted_value,
        last_write_time=moment(written.last_write) if written.last_write else None,
    )
