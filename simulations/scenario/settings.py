"""From the resource that a pool's owner applies to what planner and policies count with."""

from autoscaler.capacity.shape import MediaMix, ServerShape
from autoscaler.planner.settings import (
    Limits,
    OnExceeded,
    PoolSettings,
    ReleaseSettings,
    Reserve,
)
from autoscaler.resources.policy import Risk
from autoscaler.resources.sfupool import SFUPool


def pool_settings(pool: SFUPool, mix: MediaMix) -> PoolSettings:
    """Return a pool in servers, participants and money; `mix` is what its meetings ask."""
    spec = pool.spec
    server, target, cost = spec.server, spec.target, spec.cost
    unit = 1 if target is None else target.servers_per_replica
    above = spec.approval.above_replicas
    max_hourly = None if cost is None or cost.max_hourly is None else float(cost.max_hourly)
    return PoolSettings(
        name=pool.metadata.name,
        region=spec.region or pool.metadata.name,
        mode=spec.mode,
        semantics=None if target is None else target.semantics,
        quantile=_quantile(spec.risk),
        server=ServerShape(
            participants=float(server.participants),
            egress_mbps=float(server.egress_mbps or 0),
            packets_per_second=float(server.packets_per_second or 0),
            hourly_cost=float(server.hourly_cost or 0),
        ),
        mix=mix,
        limits=Limits(
            min_servers=spec.min_replicas * unit,
            max_servers=spec.max_replicas * unit,
            launch_per_minute=float(spec.launch.per_minute),
            launch_burst=spec.launch.burst,
            max_hourly_cost=max_hourly,
            on_exceeded=OnExceeded.ASK if cost is None else cost.on_exceeded,
            approval_above=None if above is None else above * unit,
        ),
        release=ReleaseSettings(
            policy=spec.release.policy,
            stabilization_seconds=spec.release.stabilization_seconds,
            max_percent_per_minute=float(spec.release.max_percent_per_minute),
        ),
        reserve=Reserve(zones=spec.reserve.zones, zones_lost=spec.reserve.zones_lost),
        lead_time_seconds=float(spec.lead_time.initial_seconds),
        review_seconds=float(spec.lead_time.review_seconds),
        links=tuple(link.name for link in spec.links),
    )


def _quantile(risk: Risk) -> float:
    """Return the newsvendor's critical ratio, where the quantile is not given itself."""
    if risk.quantile is not None:
        return float(risk.quantile)
    assert risk.shortage_cost is not None
    assert risk.idle_cost is not None
    return risk.shortage_cost / (risk.shortage_cost + risk.idle_cost)
