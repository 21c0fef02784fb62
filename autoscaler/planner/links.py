"""Egress to order: in steps, behind approvals, days ahead."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

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
    offers = _offers(settings, traffic, ordered=ordered, now=now)
    wanted, tier = max(offers, key=lambda offer: offer[0])
    need, reasons = _why(settings, traffic, wanted=wanted, tier=tier, ordered=ordered, now=now)
    order, approval = _allowed(settings, offers, controls=controls, now=now), None
    if controls.freeze is Freeze.ALL and now < controls.freeze_until:
        if wanted > ordered:
            inputs: Inputs = {"until": controls.freeze_until}
            reasons.append(Reason(ReasonCode.FROZEN, wanted, ordered, inputs))
        order = ordered
    elif wanted > order:
        approval = LinkOrder(
            at=now,
            ready_at=now + tier.lead_time_seconds,
            from_=order,
            to=wanted,
            approver=tier.approver,
            reasons=tuple(reasons),
        )
        inputs = {"unasked": order, "approver": tier.approver}
        reasons.append(Reason(ReasonCode.APPROVAL_NEEDED, wanted, order, inputs))
    return LinkPlan(
        need=need,
        order=order,
        reasons=tuple(reasons),
        steps=_later(settings, traffic, planned=wanted, now=now),
        approval=approval,
    )


_Offer: TypeAlias = tuple[float, Tier]
"""A total to have ordered now, and the tier that gives it."""


def _offers(settings: LinkSettings, traffic: Traffic, *, ordered: float, now: int) -> list[_Offer]:
    """Return what is ordered, and what each tier must be asked for now because it takes so long."""
    offers, below = [(ordered, settings.tiers[0])], 0.0
    for tier in settings.tiers:
        total = min(_bought_for(_expected(traffic, tier, now=now), settings), tier.up_to_mbps)
        if total > max(ordered, below):
            offers.append((total, tier))
        below = tier.up_to_mbps
    return offers


def _expected(traffic: Traffic, tier: Tier, *, now: int) -> float:
    return max(traffic.now or 0.0, traffic.most_until(now + tier.lead_time_seconds))


def _allowed(
    settings: LinkSettings, offers: Sequence[_Offer], *, controls: Controls, now: int
) -> float:
    """Return the largest total that nobody has to be asked for, or that was approved."""
    allowed = offers[0][0]
    approved = 0.0
    if controls.allowance is not None and now < controls.allowance.until:
        approved = controls.allowance.up_to
    for total, tier in offers[1:]:
        unasked = not tier.approver and settings.mode is not Mode.RECOMMEND
        allowed = max(allowed, total if unasked else min(total, approved))
    return allowed


def _why(
    settings: LinkSettings,
    traffic: Traffic,
    *,
    wanted: float,
    tier: Tier,
    ordered: float,
    now: int,
) -> tuple[float, list[Reason]]:
    """Return the capacity that is needed, and the chain from traffic to what is wanted."""
    seen, expected = traffic.now or 0.0, _expected(traffic, tier, now=now)
    need = expected / settings.utilization
    chain: list[tuple[ReasonCode, float, Inputs]] = [
        (ReasonCode.REACTIVE_NEED, seen, {"usedMbps": seen}),
        (ReasonCode.FORECAST_NEED, expected, {"leadTimeSeconds": tier.lead_time_seconds}),
        (ReasonCode.UTILIZATION, need, {"utilization": settings.utilization}),
    ]
    if wanted > ordered:
        inputs: Inputs = {
            "stepMbps": settings.step_mbps,
            "committedMbps": settings.committed_mbps,
        }
        chain.append((ReasonCode.LINK_STEP, max(need, wanted), inputs))
    if need > (most := _most(settings)):
        inputs = {"portMbps": settings.port_mbps, "maxMbps": settings.max_mbps}
        chain.append((ReasonCode.LINK_CAPACITY, most, inputs))
    before, reasons = 0.0, []
    for code, after, inputs in chain:
        if after != before:
            reasons.append(Reason(code, before, after, inputs))
            before = after
    return need, reasons


def _most(settings: LinkSettings) -> float:
    return min(settings.max_mbps, settings.port_mbps)


def _bought_for(traffic: float, settings: LinkSettings) -> float:
    """Return the total, in whole steps above the commit, that carries this traffic."""
    missing = traffic / settings.utilization - settings.committed_mbps
    steps = max(0, math.ceil(missing / settings.step_mbps - _SLACK))
    return min(settings.committed_mbps + steps * settings.step_mbps, _most(settings))


def _tier(settings: LinkSettings, total: float) -> Tier:
    return next((t for t in settings.tiers if total <= t.up_to_mbps), settings.tiers[-1])


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
