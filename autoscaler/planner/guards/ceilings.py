"""Quota, link and money: ceilings on what is added. None of them takes away what is there."""

from autoscaler.planner.case import Case, Draft
from autoscaler.planner.money import affordable_servers
from autoscaler.planner.reasons import Inputs, Reason, ReasonCode
from autoscaler.planner.run_out import MAX_HOURLY, MAX_MONTHLY
from autoscaler.planner.settings import OnExceeded


def quota(draft: Draft, case: Case) -> None:
    """Ask for no more than quotas and stock allow: the rest would be refused."""
    limit = case.settings.limits.tightest
    if limit is None:
        return
    ceiling = max(limit.servers, case.previous)
    if draft.number > ceiling:
        inputs = case.limit(limit.name, limit=limit.name, servers=limit.servers)
        draft.cap(ceiling, ReasonCode.QUOTA, inputs)


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
    ceiling = affordable(case)
    if ceiling is None:
        return
    ceiling = max(ceiling, case.previous, case.observed)
    if case.settings.limits.on_exceeded is OnExceeded.ASK and case.askable > ceiling:
        draft.ask = max(draft.ask, case.askable)
    if draft.number > ceiling:
        draft.cap(ceiling, ReasonCode.COST_CEILING, _ceiling_inputs(case))


def affordable(case: Case) -> int | None:
    """Return the servers that money is there for, approved money included; None: no ceiling."""
    limits, price = case.settings.limits, case.settings.server.hourly_cost
    hourly = [money for money in (limits.max_hourly_cost, left_of_month(case)) if money is not None]
    if not hourly or price <= 0.0 or case.pinned is not None:
        return None
    servers = affordable_servers(min(hourly), price)
    if limits.on_exceeded is OnExceeded.ASK:
        servers = max(servers, _approved(case, price))
    return servers


def left_of_month(case: Case) -> float | None:
    """Return what is not spent of the month's money, for an hour to be paid of it; None: no end."""
    most = case.settings.limits.max_monthly_cost
    return None if most is None else max(0.0, most - case.state.spend.spent)


def _ceiling_inputs(case: Case) -> Inputs:
    """Return the inputs of the ceiling that leaves less for an hour."""
    limits, price = case.settings.limits, case.settings.server.hourly_cost
    hourly, left = limits.max_hourly_cost, left_of_month(case)
    if (
        left is not None
        and limits.max_monthly_cost is not None
        and (hourly is None or left < hourly)
    ):
        spent, most = case.state.spend.spent, limits.max_monthly_cost
        return case.limit(MAX_MONTHLY, maxMonthly=most, spent=round(spent, 2), serverHourly=price)
    assert hourly is not None, "one of two ceilings is there"
    return case.limit(MAX_HOURLY, maxHourly=hourly, serverHourly=price)


def _approved(case: Case, price: float) -> int:
    """Return the servers for which somebody has approved money."""
    allowance = case.controls.allowance
    if allowance is None or case.now >= allowance.until or allowance.max_hourly_cost is None:
        return 0
    return min(int(allowance.up_to), affordable_servers(allowance.max_hourly_cost, price))
