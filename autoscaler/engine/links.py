"""The tick's links: what they must carry, what is ordered, and how many servers they can feed."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from autoscaler.capacity.servers import servers_for_one
from autoscaler.capacity.zones import with_zones_lost
from autoscaler.engine.decision import LinkDecision, Step
from autoscaler.engine.observation import LinkObservation
from autoscaler.engine.pool import Fed, Prepared
from autoscaler.engine.state import Outlooks
from autoscaler.engine.traffic import expected, growth_of, mbps_each, used_now, users_of
from autoscaler.leadtime.approvals import Approvals
from autoscaler.planner.links import LinkOrder, LinkPlan, LinkState, Traffic, plan_link
from autoscaler.planner.links.burst import BurstMeter, begin_month
from autoscaler.planner.links.ride import FreeMinutes
from autoscaler.planner.settings import BillingModel, Mode

_NOTHING_KNOWN = LinkState()


class DecidedLink(NamedTuple):
    """One link's decision, what to remember of it, and what its pools may be planned to send."""

    observed: LinkObservation
    users: Sequence[Prepared]
    mbps_each: Sequence[float]
    decision: LinkDecision
    state: LinkState
    carries: float


def decide_links(
    links: Sequence[LinkObservation],
    pools: Sequence[Prepared],
    states: Mapping[str, LinkState],
    *,
    outlooks: Outlooks,
    now: int,
) -> tuple[DecidedLink, ...]:
    """Decide every link's order."""
    return tuple(
        _decide(
            link,
            users_of(link, pools),
            states.get(link.settings.name, _NOTHING_KNOWN),
            outlooks=outlooks,
            now=now,
        )
        for link in links
    )


def servers_fed(links: Sequence[DecidedLink]) -> dict[str, Fed]:
    """Return, for each pool whose links cannot carry what is wanted, what they can feed.

    Pools share a link in proportion to what they want of it. The tightest link of a pool is named.
    """
    fed: dict[str, Fed] = {}
    for link in links:
        wanted = {
            pool.observed.settings.name: pool.requirement.participants * mbps
            for pool, mbps in zip(link.users, link.mbps_each, strict=True)
            if pool.requirement is not None
        }
        total = sum(wanted.values())
        if total <= link.carries:
            continue
        for pool in link.users:
            if pool.requirement is None or wanted[pool.observed.settings.name] <= 0.0:
                continue
            participants = pool.requirement.participants * link.carries / total
            servers, name = _servers(pool, participants), pool.observed.settings.name
            if name not in fed or servers < fed[name].servers:
                fed[name] = Fed(servers, round(participants, 3), link.decision.link)
    return fed


def _decide(
    link: LinkObservation,
    users: Sequence[Prepared],
    before: LinkState,
    *,
    outlooks: Outlooks,
    now: int,
) -> DecidedLink:
    each = mbps_each(link, users)
    used = used_now(link, users, each)
    growth = growth_of(link, users, each, weeks=outlooks.weeks, memo=outlooks.links)
    burst = _burst(link, before.burst, used, now=now)
    deliveries = before.deliveries.looked(
        ordered=link.ordered_mbps, delivered=link.delivered_mbps, now=now
    )
    ahead = expected(link, users, each, growth=growth, memo=outlooks.traffic, now=now)
    plan = plan_link(
        deliveries.measured(link.settings, now=now),
        Traffic(used, ahead),
        ordered=link.ordered_mbps,
        controls=link.controls,
        now=now,
        approval_seconds=before.approvals.seconds,
        free=None if burst is None else FreeMinutes(burst.minutes_left, burst.period_end),
    )
    decision = LinkDecision(
        link=link.settings.name,
        need_mbps=plan.need,
        order_mbps=plan.order,
        previous_mbps=link.ordered_mbps,
        reasons=plan.reasons,
        steps=tuple([_step(link, order) for order in plan.steps]),
        approval=_step(link, plan.approval) if plan.approval is not None else None,
        limits=growth.limits if growth is not None else (),
        free_burst_minutes_left=None if burst is None else burst.minutes_left,
    )
    return DecidedLink(
        observed=link,
        users=users,
        mbps_each=each,
        decision=decision,
        state=LinkState(
            approvals=_approvals(link, before, plan, now=now), deliveries=deliveries, burst=burst
        ),
        carries=_carries(link, plan),
    )


def _burst(
    link: LinkObservation, meter: BurstMeter | None, used: float | None, *, now: int
) -> BurstMeter | None:
    """Return the month's burst with what is carried now taken in."""
    billing = link.settings.billing
    if billing is None or billing.model is not BillingModel.PERCENTILE95:
        return None
    meter = meter or begin_month(now, billing.time_zone)
    if used is None:
        return meter
    commit = link.settings.committed_mbps
    return meter.seen(used, commit=commit, now=now, time_zone=billing.time_zone)


def _carries(link: LinkObservation, plan: LinkPlan) -> float:
    """Return what servers may be ordered for: the port, as far as it is bought or free to use."""
    if plan.port_open:
        return link.settings.port_mbps
    return min(link.settings.port_mbps, max(link.ordered_mbps, link.delivered_mbps))


def _approvals(link: LinkObservation, before: LinkState, plan: LinkPlan, *, now: int) -> Approvals:
    if plan.approval is not None:
        return before.approvals.asking(now=now)
    allowance = link.controls.allowance
    approved = allowance is not None and now < allowance.until
    return before.approvals.settled(approved=approved, now=now)


def _step(link: LinkObservation, order: LinkOrder) -> Step:
    asked = bool(order.approver) or link.settings.mode is Mode.RECOMMEND
    return Step(
        at=order.at,
        ready_at=order.ready_at,
        target=link.settings.name,
        from_=order.from_,
        to=order.to,
        reasons=order.reasons,
        approve_by=order.at if asked else None,
    )


def _servers(pool: Prepared, participants: float) -> int:
    reserve = pool.observed.settings.reserve
    servers = servers_for_one(participants, pool.outlook.rating.per_server)
    return with_zones_lost(servers, zones=reserve.zones, zones_lost=reserve.zones_lost)
