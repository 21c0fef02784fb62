"""What a person has to approve first."""

from autoscaler.planner.case import Case, Draft
from autoscaler.planner.money import affordable_servers
from autoscaler.planner.reasons import Inputs, Reason, ReasonCode
from autoscaler.planner.settings import Mode


def approvals(draft: Draft, case: Case) -> None:
    """Wait for an approval where the owner wants one: above a threshold, or (Recommend) always.

    An allowance covers whatever lies inside it. Above a threshold observed need is served without
    being asked for; a pool in Recommend changes nothing unasked.
    """
    free = unasked(case)
    if free is None:
        return
    goal = max(draft.number, case.askable)
    if goal <= free:
        return
    draft.ask = max(draft.ask, goal)
    inputs: Inputs = {"unasked": free, "asked": draft.ask}
    if draft.number > free:
        draft.cap(free, ReasonCode.APPROVAL_NEEDED, inputs)
    else:
        reason = Reason(ReasonCode.APPROVAL_NEEDED, draft.number, draft.number, inputs)
        draft.reasons.append(reason)


def unasked(case: Case) -> int | None:
    """Return up to how many servers nobody has to be asked; None: whatever the number."""
    threshold = case.settings.limits.approval_above
    if case.settings.mode is Mode.RECOMMEND:
        return max(case.previous, covered(case))
    if threshold is None or case.pinned is not None:
        return None
    return max(threshold, case.previous, case.observed, covered(case))


def covered(case: Case) -> int:
    """Return how many servers the allowance in force covers, its money held against the price."""
    allowance = case.controls.allowance
    if allowance is None or case.now >= allowance.until:
        return 0
    price = case.settings.server.hourly_cost
    if allowance.max_hourly_cost is None or price <= 0.0:
        return int(allowance.up_to)
    return min(int(allowance.up_to), affordable_servers(allowance.max_hourly_cost, price))
