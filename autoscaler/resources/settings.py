"""From resources to the planner's values: replicas become servers, decimals floats, names keys.

A resource's `namespace/name` is its name everywhere in the planner. References stay inside the
namespace, so the keys that they become do too.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from autoscaler.capacity.measured import Measured, planned
from autoscaler.capacity.sfus import COSTS, Sfu
from autoscaler.capacity.shape import MediaMix, ServerShape
from autoscaler.planner.inventory import Allowance, Controls
from autoscaler.planner.settings import (
    Billing,
    Failover,
    Limits,
    LinkSettings,
    PoolSettings,
    ReleaseSettings,
    Reserve,
    SupplyLimit,
    Tier,
)
from autoscaler.resources.capacityplan import ApprovalDecision, CapacityPlan
from autoscaler.resources.common import Expiry
from autoscaler.resources.demand import Preset
from autoscaler.resources.egresslink import Billing as LinkBilling
from autoscaler.resources.egresslink import EgressLink
from autoscaler.resources.policy import STOCK, Risk, Supply
from autoscaler.resources.sfupool import SFUPool


def servers_per_replica(pool: SFUPool) -> int:
    """Return how many servers one replica of the pool's target brings."""
    return pool.spec.target.servers_per_replica if pool.spec.target is not None else 1


def sfu_of(preset: Preset) -> Sfu:
    """Return whose servers a preset's pools have: a focus stands before bridges."""
    return Sfu.JVB if preset is Preset.JICOFO else Sfu(preset.value)


def pool_settings(
    pool: SFUPool, *, mix: MediaMix | None = None, measured: Measured | None = None
) -> PoolSettings:
    """Return the pool as its owner wants it, in servers.

    `measured` is what its servers were seen to carry; `mix`, what its participants are known to
    send, leaves no need for it.
    """
    spec, each = pool.spec, servers_per_replica(pool)
    declared = ServerShape(
        participants=float(spec.server.participants),
        egress_mbps=float(spec.server.egress_mbps or 0),
        packets_per_second=float(spec.server.packets_per_second or 0),
        hourly_cost=float(spec.server.hourly_cost or 0),
        cores=float(spec.server.cores or 0),
    )
    preset = spec.demand.preset
    cascades = preset is not None and COSTS[sfu_of(preset)].cascades
    plan = planned(declared, measured, figures=spec.server.figures, cascades=cascades)
    return PoolSettings(
        name=pool.key,
        region=spec.region or "",
        mode=spec.mode,
        semantics=spec.target.semantics if spec.target is not None else None,
        quantile=risk_quantile(spec.risk),
        server=plan.server,
        mix=plan.mix if mix is None else mix,
        limits=_limits(pool, each),
        release=ReleaseSettings(
            policy=spec.release.policy,
            stabilization_seconds=spec.release.stabilization_seconds,
            max_percent_per_minute=float(spec.release.max_percent_per_minute),
        ),
        reserve=Reserve(
            zones=spec.reserve.zones,
            zones_lost=spec.reserve.zones_lost,
            failover=tuple(
                Failover(_beside(pool, other.name), other.percent / 100.0)
                for other in spec.reserve.failover
            ),
        ),
        lead_time_seconds=float(spec.lead_time.initial_seconds),
        review_seconds=float(spec.lead_time.review_seconds),
        links=tuple(_beside(pool, link.name) for link in spec.links),
        shape_from=(
            None
            if spec.forecast.shape_from is None
            else _beside(pool, spec.forecast.shape_from.name)
        ),
        time_zone=spec.forecast.time_zone,
        measured=measured,
    )


def _limits(pool: SFUPool, each: int) -> Limits:
    spec, above = pool.spec, pool.spec.approval.above_replicas
    limits = Limits(
        min_servers=spec.min_replicas * each,
        max_servers=spec.max_replicas * each,
        launch_per_minute=float(spec.launch.per_minute),
        launch_burst=spec.launch.burst,
        approval_above=None if above is None else above * each,
        supply=_supply(spec.supply),
    )
    if spec.cost is None:
        return limits
    hourly, monthly = spec.cost.max_hourly, spec.cost.max_monthly
    return replace(
        limits,
        max_hourly_cost=None if hourly is None else float(hourly),
        max_monthly_cost=None if monthly is None else float(monthly),
        on_exceeded=spec.cost.on_exceeded,
    )


def _supply(supply: Supply) -> tuple[SupplyLimit, ...]:
    """Return what runs out: each limit, and all instance types in stock as one."""
    limits = tuple(SupplyLimit(limit.name, limit.servers) for limit in supply.limits)
    if not supply.stock:
        return limits
    return (*limits, SupplyLimit(STOCK, sum(kind.servers for kind in supply.stock)))


def _beside(pool: SFUPool, name: str) -> str:
    return f"{pool.metadata.namespace}/{name}"


def risk_quantile(risk: Risk) -> float:
    """Return the quantile at which one more server costs what it saves (the newsvendor's).

    q = shortageCost / (shortageCost + idleCost): 19 to 1 is P95.
    """
    if risk.quantile is not None:
        return float(risk.quantile)
    assert risk.shortage_cost is not None
    assert risk.idle_cost is not None
    return float(risk.shortage_cost / (risk.shortage_cost + risk.idle_cost))


def link_settings(link: EgressLink) -> LinkSettings:
    """Return the link as its owner wants it."""
    spec = link.spec
    tiers = sorted(spec.tiers, key=lambda tier: tier.up_to_mbps)
    return LinkSettings(
        name=link.key,
        mode=spec.mode,
        port_mbps=float(spec.port_mbps),
        committed_mbps=float(spec.committed_mbps),
        step_mbps=float(spec.step_mbps),
        max_mbps=float(spec.max_mbps),
        utilization=spec.utilization_percent / 100.0,
        tiers=tuple(
            Tier(
                up_to_mbps=float(tier.up_to_mbps),
                lead_time_seconds=tier.lead_time_seconds,
                approver=tier.approver,
            )
            for tier in tiers
        ),
        billing=_billing(spec.billing),
    )


def _billing(billing: LinkBilling | None) -> Billing | None:
    if billing is None:
        return None
    price = billing.price_per_gigabyte or billing.price_per_mbps
    return Billing(model=billing.model, price=float(price or 0), time_zone=billing.time_zone)


def pool_controls(pool: SFUPool, *, plans: Iterable[CapacityPlan], now: int) -> Controls:
    """Return what people said about a pool, in servers: overrides, and approvals among `plans`."""
    each = servers_per_replica(pool)
    allowance = _allowance(pool, plans, each=each, now=now)
    override = pool.spec.override
    if override is None:
        return Controls(allowance=allowance)
    pinned = override.pinned_replicas
    return Controls(
        freeze=override.freeze,
        freeze_until=_epoch(override.freeze_until),
        pinned=None if pinned is None else pinned * each,
        pin_until=_epoch(override.pin_until),
        allowance=allowance,
    )


def link_controls(link: EgressLink, *, plans: Iterable[CapacityPlan], now: int) -> Controls:
    """Return what people approved for a link, in Mbit/s."""
    return Controls(allowance=_allowance(link, plans, each=1, now=now))


def _allowance(
    subject: SFUPool | EgressLink, plans: Iterable[CapacityPlan], *, each: int, now: int
) -> Allowance | None:
    """Return the widest allowance in force: approved, or expired where expiry means to proceed."""
    best: Allowance | None = None
    for plan in plans:
        if not _speaks_of(plan, subject) or not _in_force(plan, now=now):
            continue
        granted = plan.spec.allowance
        cost = granted.max_hourly_cost
        allowance = Allowance(
            up_to=float(granted.up_to * each),
            max_hourly_cost=None if cost is None else float(cost),
            until=_epoch(granted.until),
        )
        if now < allowance.until and (best is None or allowance.up_to > best.up_to):
            best = allowance
    return best


def _speaks_of(plan: CapacityPlan, subject: SFUPool | EgressLink) -> bool:
    about = plan.spec.subject
    return (
        plan.metadata.namespace == subject.metadata.namespace
        and about.resource == subject.names.plural
        and about.uid == subject.metadata.uid
    )


def _in_force(plan: CapacityPlan, *, now: int) -> bool:
    approval = plan.spec.approval
    if approval is not None:
        return approval.decision is ApprovalDecision.APPROVED
    return plan.spec.on_expiry is Expiry.PROCEED and now >= _epoch(plan.spec.expire_time)


def _epoch(moment: datetime | None) -> int:
    return 0 if moment is None else int(moment.timestamp())
