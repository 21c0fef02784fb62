"""Quota, link and money: ceilings on what is added. None of them takes away what is there."""

from autoscaler.planner.case import Case, Draft
from autoscaler.planner.money import affordable_servers
from autoscaler.planner.reasons import Inputs, Reason, ReasonCode
from autoscaler.planner.settings import OnExceeded


def quota(draft: Draft, case: Case) -> None:
    """Ask for no more than the supplier's quota: the rest would be refused."""
    limit = case.settings.limits.quota
    if limit is not None:
        draft.cap(max(limit, case.previous), ReasonCode.QUOTA, {"quota": limit})


def link_capacity(draft: Draft, case: Case) -> None:
    """Plan no servers that the pool's links cannot feed; observed demand is served all the same.

    Servers above what the links carry are never there without a reason that says so, even where
    nothing is held back.
    """
    limit = case.link_servers
    if limit is None:
        return
    inputs: Inputs = {"link": case.link, "servers": limit, "participants": case.link_participants}
    before = draft.number
    draft.cap(max(limit, case.previous, case.observed), ReasonCode.LINK_CAPACITY, inputs)
    if draft.number == before > limit:
        draft.reasons.append(Reason(ReasonCode.LINK_CAPACITY, before, before, inputs))


def cost_ceiling(draft: Draft, case: Case) -> None:
    """Let no forecast cost more than the owner allows, or allowed once more by approving."""
    limits, price = case.settings.limits, case.settings.server.hourly_cost
    ceiling = affordable(case)
    if ceiling is None or limits.max_hourly_cost is None:
        return
    ceiling = max(ceiling, case.previous, case.observed)
    if limits.on_exceeded is OnExceeded.ASK and case.askable > ceiling:
        draft.ask = max(draft.ask, case.askable)
    inputs: Inputs = {"maxHourly": limits.max_hourly_cost, "serverHourly": price}
    draft.cap(ceiling, ReasonCode.COST_CEILING, inputs)


def affordable(case: Case) -> int | None:
    """Return the servers that money is there for, approved money included; None: no ceiling."""
    limits, price = case.settings.limits, case.settings.server.hourly_cost
    if limits.max_hourly_cost is None or price <= 0.0 or case.pinned is not None:
        return None
    servers = affordable_servers(limits.max_hourly_cost, price)
    if limits.on_exceeded is OnExceeded.ASK:
        servers = max(servers, _approved(case, price))
    return servers


def _approved(case: Case, price: float) -> int:
    """Return the servers for which somebody has approved money."""
    allowance = case.controls.allowance
    if allowance is None or case.now >= allowance.until or allowance.max_hourly_cost is None:
        return 0
    return min(int(allowance.up_to), affordable_servers(allowance.max_hourly_cost, price))
