"""Dates: when each rise must be ordered, and by when somebody must have approved it."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

from autoscaler.capacity.servers import servers_for_one
from autoscaler.capacity.zones import with_zones_lost
from autoscaler.engine.decision import Step
from autoscaler.planner.case import Case, Draft
from autoscaler.planner.guards.approvals import unasked
from autoscaler.planner.guards.ceilings import affordable
from autoscaler.planner.outlook import PoolOutlook
from autoscaler.planner.reasons import Inputs, Reason, ReasonCode
from autoscaler.planner.settings import OnExceeded
from autoscaler.planner.steps import Rise, rises

_Ceiling: TypeAlias = tuple[int, Reason]
"""What no plan goes beyond, and what to say of it; `before` and `after` are the plan's."""
_Reasoned: TypeAlias = tuple[Rise, tuple[Reason, ...]]


@dataclass(frozen=True, slots=True)
class Plan:
    """A pool's rises with what asks for them and what cuts them short, and the dates they have.

    `key` is what the rises are a function of, beside the forecast; `dated_by` what their dates are.
    """

    key: object
    rises: tuple[_Reasoned, ...]
    dated_by: object
    steps: tuple[Step, ...]


Memo = dict[str, Plan]


def dated_steps(case: Case, draft: Draft, outlook: PoolOutlook, *, memo: Memo) -> tuple[Step, ...]:
    """Return the dated rises past what is ordered now.

    They change with the forecast (the memo is as old as that), the floor, the ceilings, and when
    one of them comes due; their dates also with the lead time and what may be done unasked. What
    did not change is returned from the memo.
    """
    path, name = outlook.path, case.settings.name
    if path is None:
        return ()
    lead_time, review = case.state.lead.lead_time, case.settings.review_seconds
    ahead = math.ceil(lead_time.p95_for(1) + review)
    ceilings, begins = _ceilings(case), path.index(case.now + ahead)
    key, unasked_to = (draft.number, ceilings, begins), _unasked_to(case)
    known = memo.get(name)
    if known is not None and known.key == key:
        if known.dated_by == (lead_time, unasked_to):
            return known.steps
        found = known.rises
    else:
        after = rises(path, floor=draft.number, after=case.now + ahead)
        found = _reasoned(case, outlook, after, ceilings)
    earliest = path.time(begins) - ahead
    steps = tuple([_step(case, *each, unasked_to=unasked_to, earliest=earliest) for each in found])
    memo[name] = Plan(key, found, (lead_time, unasked_to), steps)
    return steps


def _reasoned(
    case: Case, outlook: PoolOutlook, ahead: Sequence[Rise], ceilings: tuple[_Ceiling, ...]
) -> tuple[_Reasoned, ...]:
    """Return the rises that change anything, each with its reasons."""
    found, told = [], False
    for rise in ahead:
        reasons = _reasons(case, outlook, rise, ceilings)
        to = int(reasons[-1].after)
        if to <= rise.from_ and told:
            continue  # what stands in the way was said of the first that it stops
        told = told or to < rise.to
        found.append((rise, reasons))
    return tuple(found)


def _step(
    case: Case, rise: Rise, reasons: tuple[Reason, ...], *, unasked_to: float, earliest: int
) -> Step:
    """Date a rise: a larger batch takes longer, to launch too, and is not ordered before now."""
    to, settings = int(reasons[-1].after), case.settings
    batch = to - rise.from_
    takes = case.state.lead.lead_time.p95_for(max(1, batch)) + settings.review_seconds
    at = max(rise.serve_at - math.ceil(takes + _launching(case, batch)), earliest)
    return Step(
        at=at,
        ready_at=rise.serve_at,
        target=settings.name,
        from_=float(rise.from_),
        to=float(reasons[-1].after),
        reasons=reasons,
        approve_by=at if to > max(unasked_to, rise.from_) else None,
    )


def _launching(case: Case, servers: int) -> float:
    """Return the seconds from the first launch of so many servers to the last."""
    per_minute = case.settings.limits.launch_per_minute
    return 60.0 * servers / per_minute if per_minute > 0.0 else 0.0


def _reasons(
    case: Case, outlook: PoolOutlook, rise: Rise, ceilings: tuple[_Ceiling, ...]
) -> tuple[Reason, ...]:
    """Return what asks for the rise, then each limit that cuts it short: never silently."""
    settings = case.settings
    inputs: Inputs = {
        "participants": rise.participants,
        "quantile": settings.quantile,
        "at": rise.due,
    }
    wanted = max(rise.to, _unbounded(outlook, rise))
    reasons = [Reason(ReasonCode.FORECAST_NEED, rise.from_, wanted, inputs)]
    if rise.to < wanted:
        inputs = {"maxServers": settings.limits.max_servers}
        reasons.append(Reason(ReasonCode.MAX_REPLICAS, wanted, rise.to, inputs))
    level = rise.to
    for most, said in ceilings:
        if (reached := max(most, rise.from_)) < level:
            reasons.append(said._replace(before=level, after=reached))
            level = reached
    return tuple(reasons)


def _unbounded(outlook: PoolOutlook, rise: Rise) -> int:
    """Return what the rise is for where the pool's maximum cut it; 0 where it did not."""
    settings = outlook.settings
    if rise.to < settings.limits.max_servers:
        return 0
    servers = servers_for_one(rise.participants + rise.guests, outlook.rating.per_server)
    zones = settings.reserve
    return with_zones_lost(servers, zones=zones.zones, zones_lost=zones.zones_lost)


def _unasked_to(case: Case) -> float:
    """Return up to how many servers a plan asks nobody."""
    free, money = unasked(case), affordable(case)
    asked = math.inf if free is None else float(free)
    if money is not None and case.settings.limits.on_exceeded is OnExceeded.ASK:
        asked = min(asked, money)
    return asked


def _ceilings(case: Case) -> tuple[_Ceiling, ...]:
    """Return up to how many servers a plan can go at all, whoever approves it."""
    limits, money = case.settings.limits, affordable(case)
    found: list[tuple[ReasonCode, int, Inputs]] = []
    if limits.quota is not None:
        found.append((ReasonCode.QUOTA, limits.quota, {"quota": limits.quota}))
    if money is not None and limits.on_exceeded is OnExceeded.CLAMP:
        inputs: Inputs = {
            "maxHourly": limits.max_hourly_cost or 0.0,
            "serverHourly": case.settings.server.hourly_cost,
        }
        found.append((ReasonCode.COST_CEILING, money, inputs))
    return tuple(
        (max(most, case.previous), Reason(code, 0.0, 0.0, inputs)) for code, most, inputs in found
    )


def approval_step(case: Case, draft: Draft, steps: tuple[Step, ...]) -> Step | None:
    """Return what a person is asked to approve, due now or with the first step that is above."""
    if draft.ask <= draft.number:
        return None
    due = case.now
    if case.requirement.wanted <= draft.number:
        due = next((step.at for step in steps if step.to > draft.number), case.now)
    lead = math.ceil(case.state.lead.lead_time.p95_for(draft.ask - draft.number))
    return Step(
        at=due,
        ready_at=due + lead,
        target=case.settings.name,
        from_=float(draft.number),
        to=float(draft.ask),
        reasons=case.requirement.reasons,
        approve_by=due,
    )
