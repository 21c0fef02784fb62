"""Dates: when each rise must be ordered, and by when somebody must have approved it."""

import math

from autoscaler.engine.decision import Step
from autoscaler.planner.case import Case, Draft
from autoscaler.planner.guards.approvals import unasked
from autoscaler.planner.guards.ceilings import affordable
from autoscaler.planner.outlook import PoolOutlook
from autoscaler.planner.reasons import Inputs, Reason, ReasonCode
from autoscaler.planner.settings import OnExceeded
from autoscaler.planner.steps import Rise, rises

Memo = dict[str, tuple[object, tuple[Step, ...]]]


def dated_steps(case: Case, draft: Draft, outlook: PoolOutlook, *, memo: Memo) -> tuple[Step, ...]:
    """Return the dated rises past what is ordered now.

    They change with the forecast (the memo is as old as that), the floor, the lead time, what may
    be done unasked, and when one of them comes due; otherwise the last ones are returned.
    """
    path, name = outlook.path, case.settings.name
    if path is None:
        return ()
    lead_time, review = case.state.lead.lead_time, case.settings.review_seconds
    ahead = math.ceil(lead_time.p95_for(1) + review)
    unasked_to, most = _limits(case)
    begins = path.index(case.now + ahead)
    key = (draft.number, lead_time, unasked_to, most, begins)
    known = memo.get(name)
    if known is not None and known[0] == key:
        return known[1]
    steps = []
    for rise in rises(path, floor=draft.number, after=case.now + ahead):
        to = int(min(rise.to, most))
        if to <= rise.from_:
            break
        # A larger batch takes longer, and cannot be ordered before now.
        before = math.ceil(lead_time.p95_for(to - rise.from_) + review)
        at = max(rise.serve_at - before, path.time(begins) - ahead)
        steps.append(_step(case, rise, at=at, to=to, approve_by=at if to > unasked_to else None))
    memo[name] = (key, tuple(steps))
    return memo[name][1]


def _step(case: Case, rise: Rise, *, at: int, to: int, approve_by: int | None) -> Step:
    inputs: Inputs = {
        "participants": rise.participants,
        "quantile": case.settings.quantile,
        "at": rise.due,
    }
    return Step(
        at=at,
        ready_at=rise.serve_at,
        target=case.settings.name,
        from_=float(rise.from_),
        to=float(to),
        reasons=(Reason(ReasonCode.FORECAST_NEED, rise.from_, to, inputs),),
        approve_by=approve_by,
    )


def _limits(case: Case) -> tuple[float, float]:
    """Return up to how many servers a plan asks nobody, and up to how many it can go at all."""
    limits = case.settings.limits
    free, money = unasked(case), affordable(case)
    asked = math.inf if free is None else float(free)
    most = math.inf if limits.quota is None else float(max(limits.quota, case.previous))
    if money is not None and limits.on_exceeded is OnExceeded.ASK:
        asked = min(asked, money)
    elif money is not None:
        most = min(most, max(money, case.previous))
    return asked, most


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
