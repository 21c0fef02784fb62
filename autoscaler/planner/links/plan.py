"""A link's plan: what to have ordered now, what somebody must approve, and the orders to come."""

import math
from collections.abc import Sequence
from typing import TypeAlias

from autoscaler.planner.inventory import Controls, Freeze
from autoscaler.planner.links.ride import FreeMinutes, free_until, rides_free
from autoscaler.planner.links.values import LinkOrder, LinkPlan, Traffic
from autoscaler.planner.reasons import Inputs, Reason, ReasonCode
from autoscaler.planner.settings import LinkSettings, Mode, Tier

MOST_STEPS = 12
_SLACK = 1e-9
_NEARLY = 1.0 - 1e-9


def plan_link(
    settings: LinkSettings,
    traffic: Traffic,
    *,
    ordered: float,
    controls: Controls,
    now: int,
    approval_seconds: float = 0.0,
    free: FreeMinutes | None = None,
) -> LinkPlan:
    """Order what traffic will need by the time that an order placed now is delivered.

    A larger total takes longer (its tier, and `approval_seconds` where a person is asked), so each
    tier looks as far ahead as it takes; the largest of what they find is ordered, unless a burst is
    all that needs it and `free` minutes of the month outlast it. Nothing is ever given back: a
    commit is not a floor.
    """
    waits = _Waits(settings, approval_seconds)
    offers = _offers(settings, traffic, waits, ordered=ordered, now=now)
    wanted, tier = max(offers, key=lambda offer: offer[0])
    expected = _expected(traffic, waits.of(tier), now=now)
    need, reasons = _why(
        settings, traffic, wanted=wanted, tier=tier, ordered=ordered, expected=expected
    )
    order, approval = _allowed(settings, offers, controls=controls, now=now), None
    rides, port_open = None, False
    if wanted > ordered:
        lead = waits.of(tier)
        rides = rides_free(settings, traffic, free=free, lead_seconds=lead, now=now)
        delivered = now + math.ceil(lead)
        port_open = free_until(settings, traffic, free=free, now=now, until=delivered)
    if controls.freeze is Freeze.ALL and now < controls.freeze_until:
        if wanted > ordered:
            inputs: Inputs = {"until": controls.freeze_until}
            reasons.append(Reason(ReasonCode.FROZEN, wanted, ordered, inputs))
        order = ordered
    elif rides is not None and free is not None:
        reasons.append(_free_burst(settings, rides, free, wanted=wanted, ordered=ordered))
        order = ordered
    elif wanted > order:
        approval = LinkOrder(
            at=now,
            ready_at=now + math.ceil(waits.of(tier)),
            from_=order,
            to=wanted,
            approver=tier.approver,
            reasons=tuple(reasons),
        )
        inputs = {"unasked": order, "approver": tier.approver}
        reasons.append(Reason(ReasonCode.APPROVAL_NEEDED, wanted, order, inputs))
    if port_open and rides is None and free is not None:
        inputs = {"minutesLeft": free.left, "committedMbps": settings.committed_mbps}
        reasons.append(Reason(ReasonCode.PORT_OPEN, order, order, inputs))
    return LinkPlan(
        need=need,
        order=order,
        rides=rides is not None,
        port_open=rides is not None or port_open,
        reasons=tuple(reasons),
        steps=_later(settings, traffic, waits, planned=wanted, now=now),
        approval=approval,
    )


class _Waits:
    """How long each tier takes: delivery, and the person before it where one is asked."""

    __slots__ = ("_approval_seconds", "_settings")

    def __init__(self, settings: LinkSettings, approval_seconds: float) -> None:
        self._settings = settings
        self._approval_seconds = approval_seconds

    def of(self, tier: Tier) -> float:
        asked = bool(tier.approver) or self._settings.mode is Mode.RECOMMEND
        return tier.lead_time_seconds + (self._approval_seconds if asked else 0.0)


_Offer: TypeAlias = tuple[float, Tier]
"""A total to have ordered now, and the tier that gives it."""


def _offers(
    settings: LinkSettings, traffic: Traffic, waits: _Waits, *, ordered: float, now: int
) -> list[_Offer]:
    """Return what is ordered, and what each tier must be asked for now because it takes so long."""
    offers, below = [(ordered, settings.tiers[0])], 0.0
    for tier in settings.tiers:
        expected = _expected(traffic, waits.of(tier), now=now)
        total = min(bought_for(expected, settings), tier.up_to_mbps)
        if total > max(ordered, below):
            offers.append((total, tier))
        below = tier.up_to_mbps
    return offers


def _expected(traffic: Traffic, seconds: float, *, now: int) -> float:
    return traffic.most_until(now + math.ceil(seconds))


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
    expected: float,
) -> tuple[float, list[Reason]]:
    """Return the capacity that is needed, and the chain from traffic to what is wanted."""
    seen = traffic.now or 0.0
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


def _free_burst(
    settings: LinkSettings, minutes: float, free: FreeMinutes, *, wanted: float, ordered: float
) -> Reason:
    """Say what is not ordered, and the money a month that it would have cost."""
    price = settings.billing.price if settings.billing is not None else 0.0
    inputs: Inputs = {
        "burstMinutes": round(minutes, 1),
        "minutesLeft": free.left,
        "committedMbps": settings.committed_mbps,
        "saved": round((wanted - ordered) * price, 2),
    }
    return Reason(ReasonCode.FREE_BURST, wanted, ordered, inputs)


def _most(settings: LinkSettings) -> float:
    return min(settings.max_mbps, settings.port_mbps)


def bought_for(traffic: float, settings: LinkSettings) -> float:
    """Return the total, in whole steps above the commit, that carries this traffic."""
    missing = traffic / settings.utilization - settings.committed_mbps
    steps = max(0, math.ceil(missing / settings.step_mbps - _SLACK))
    return min(settings.committed_mbps + steps * settings.step_mbps, _most(settings))


def _tier(settings: LinkSettings, total: float) -> Tier:
    return next((t for t in settings.tiers if total <= t.up_to_mbps), settings.tiers[-1])


def _later(
    settings: LinkSettings, traffic: Traffic, waits: _Waits, *, planned: float, now: int
) -> tuple[LinkOrder, ...]:
    """Return the orders past today's: each placed as long before the traffic as it takes."""
    orders: list[LinkOrder] = []
    # Whatever a step less carries needs no more than what is planned.
    level, enough = planned, (planned - settings.step_mbps) * settings.utilization * _NEARLY
    # What was expected as much before asks for nothing more.
    most = _most(settings)
    for mbps, due in traffic.expected.above(enough):
        if level >= most:
            break
        if mbps <= enough:
            continue
        total = bought_for(mbps, settings)
        # No more traffic than this needs a larger total.
        enough = max(mbps, total * settings.utilization * _NEARLY)
        if total <= level:
            continue
        tier = _tier(settings, total)
        inputs: Inputs = {"trafficMbps": round(mbps, 3), "at": due}
        orders.append(
            LinkOrder(
                at=max(now, due - math.ceil(waits.of(tier))),
                ready_at=due,
                from_=level,
                to=total,
                approver=tier.approver,
                reasons=(Reason(ReasonCode.FORECAST_NEED, level, total, inputs),),
            )
        )
        level = total
    return tuple(orders[-MOST_STEPS:])
