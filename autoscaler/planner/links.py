"""Egress to order: in steps, behind approvals, days ahead."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from autoscaler.planner.inventory import Controls, Freeze
from autoscaler.planner.reasons import Inputs, Reason, ReasonCode
from autoscaler.planner.settings import LinkSettings, Mode, Tier

MOST_STEPS = 12
_SLACK = 1e-9


@dataclass(frozen=True, slots=True, kw_only=True)
class Traffic:
    """What a link carries now and will carry, Mbit/s: `path[k]` from `start + k * step_seconds` on.

    `now` is measured, or else what observed participants send (None: nobody knows).
    """

    now: float | None
    start: int
    step_seconds: int
    path: Sequence[float]

    def most_until(self, time: int) -> float:
        """Return the most expected up to `time`, as far as the path reaches."""
        last = (time - self.start) // self.step_seconds
        return max(self.path[: max(0, last + 1)], default=0.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkOrder:
    """A dated order, Mbit/s in total, that `approver` must agree to (empty: nobody is asked)."""

    at: int
    ready_at: int
    from_: float
    to: float
    approver: str
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkPlan:
    """What a link needs (traffic at the planned utilization), and the total to have ordered now."""

    need: float
    order: float
    reasons: tuple[Reason, ...]
    steps: tuple[LinkOrder, ...]
    approval: LinkOrder | None


def plan_link(
    settings: LinkSettings, traffic: Traffic, *, ordered: float, controls: Controls, now: int
) -> LinkPlan:
    """Order what traffic will need by the time that an order placed now is delivered.

    A larger total takes longer (its tier), so each tier looks as far ahead as it takes; the largest
    of what they find is ordered. Nothing is ever given back: a commit is not a floor.
    """
    wanted, tier, need, reasons = _wanted(settings, traffic, ordered=ordered, now=now)
    order, approval = wanted, None
    frozen = controls.freeze is Freeze.ALL and now < controls.freeze_until
    if frozen and wanted > ordered:
        order = ordered
        inputs: Inputs = {"until": controls.freeze_until}
        reasons.append(Reason(ReasonCode.FROZEN, wanted, ordered, inputs))
    elif wanted > (free := _unasked(settings, ordered=ordered, controls=controls, now=now)):
        order = free
        approval = LinkOrder(
            at=now,
            ready_at=now + tier.lead_time_seconds,
            from_=order,
            to=wanted,
            approver=tier.approver,
            reasons=tuple(reasons),
        )
        inputs = {"unasked": free, "approver": tier.approver}
        reasons.append(Reason(ReasonCode.APPROVAL_NEEDED, wanted, order, inputs))
    return LinkPlan(
        need=need,
        order=order,
        reasons=tuple(reasons),
        steps=_later(settings, traffic, planned=max(wanted, ordered), now=now),
        approval=approval,
    )


def _wanted(
    settings: LinkSettings, traffic: Traffic, *, ordered: float, now: int
) -> tuple[float, Tier, float, list[Reason]]:
    """Return the total to want now, the tier that gives it, the capacity needed, and why."""
    best, best_tier, below = ordered, settings.tiers[0], 0.0
    seen = traffic.now or 0.0
    expected = 0.0
    for tier in settings.tiers:
        ahead = max(seen, traffic.most_until(now + tier.lead_time_seconds))
        total = min(_bought_for(ahead, settings), tier.up_to_mbps)
        if total > max(best, below):
            best, best_tier, expected = total, tier, ahead
        below = tier.up_to_mbps
    expected = max(seen, expected, traffic.most_until(now + best_tier.lead_time_seconds))
    need = expected / settings.utilization
    reasons: list[Reason] = []
    if seen > 0.0:
        reasons.append(Reason(ReasonCode.REACTIVE_NEED, 0.0, seen, {"usedMbps": seen}))
    if expected > seen:
        inputs: Inputs = {"leadTimeSeconds": best_tier.lead_time_seconds}
        reasons.append(Reason(ReasonCode.FORECAST_NEED, seen, expected, inputs))
    if need > expected:
        inputs = {"utilization": settings.utilization}
        reasons.append(Reason(ReasonCode.UTILIZATION, expected, need, inputs))
    if best > ordered:
        inputs = {"stepMbps": settings.step_mbps, "committedMbps": settings.committed_mbps}
        reasons.append(Reason(ReasonCode.LINK_STEP, need, best, inputs))
    most = _most(settings)
    if need > most:
        inputs = {"portMbps": settings.port_mbps, "maxMbps": settings.max_mbps}
        reasons.append(Reason(ReasonCode.LINK_CAPACITY, need, most, inputs))
    return best, best_tier, need, reasons


def _most(settings: LinkSettings) -> float:
    return min(settings.max_mbps, settings.port_mbps)


def _bought_for(traffic: float, settings: LinkSettings) -> float:
    """Return the total, in whole steps above the commit, that carries this traffic."""
    missing = traffic / settings.utilization - settings.committed_mbps
    steps = max(0, math.ceil(missing / settings.step_mbps - _SLACK))
    return min(settings.committed_mbps + steps * settings.step_mbps, _most(settings))


def _tier(settings: LinkSettings, total: float) -> Tier:
    return next((t for t in settings.tiers if total <= t.up_to_mbps), settings.tiers[-1])


def _unasked(settings: LinkSettings, *, ordered: float, controls: Controls, now: int) -> float:
    """Return the total that may be ordered without asking anybody."""
    free = ordered
    if settings.mode is not Mode.RECOMMEND:
        for tier in settings.tiers:
            if tier.approver:
                break
            free = max(free, tier.up_to_mbps)
    allowance = controls.allowance
    if allowance is not None and now < allowance.until:
        free = max(free, allowance.up_to)
    return free


def _later(
    settings: LinkSettings, traffic: Traffic, *, planned: float, now: int
) -> tuple[LinkOrder, ...]:
    """Return the orders past today's: each placed its tier's lead time before the traffic."""
    orders: list[LinkOrder] = []
    level = planned
    for index, mbps in enumerate(traffic.path):
        total = _bought_for(mbps, settings)
        if total <= level:
            continue
        due = traffic.start + index * traffic.step_seconds
        tier = _tier(settings, total)
        inputs: Inputs = {"trafficMbps": round(mbps, 3), "at": due}
        orders.append(
            LinkOrder(
                at=max(now, due - tier.lead_time_seconds),
                ready_at=due,
                from_=level,
                to=total,
                approver=tier.approver,
                reasons=(Reason(ReasonCode.FORECAST_NEED, level, total, inputs),),
            )
        )
        level = total
    return tuple(orders[-MOST_STEPS:])
