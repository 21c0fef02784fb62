"""Dates: when each rise must be ordered, and by when somebody must have approved it."""

import math

from autoscaler.engine.decision import Step
from autoscaler.planner.case import Case, Draft
from autoscaler.planner.guards.approvals import unasked
from autoscaler.planner.outlook import PoolOutlook
from autoscaler.planner.reasons import Inputs, Reason, ReasonCode
from autoscaler.planner.steps import rises

Memo = dict[str, tuple[object, tuple[Step, ...]]]


def dated_steps(case: Case, draft: Draft, outlook: PoolOutlook, *, memo: Memo) -> tuple[Step, ...]:
    """Return the dated rises past what is ordered now.

    They change with the forecast (the memo is as old as that), the floor, the lead time, what may
    be done unasked, and when one of them comes due; otherwise the last ones are returned.
    """
    path, name = outlook.path, case.settings.name
    if path is None:
        return ()
    lead = case.state.lead.lead_time.p95_seconds
    ahead = math.ceil(lead + case.settings.review_seconds)
    limit = unasked(case)
    key = (draft.number, ahead, limit, path.index(case.now + ahead))
    known = memo.get(name)
    if known is not None and known[0] == key:
        return known[1]
    steps = []
    for rise in rises(path, floor=draft.number, after=case.now + ahead):
        at = rise.serve_at - ahead
        inputs: Inputs = {
            "participants": rise.participants,
            "quantile": case.settings.quantile,
            "at": rise.due,
        }
        steps.append(
            Step(
                at=at,
                ready_at=rise.serve_at,
                target=name,
                from_=float(rise.from_),
                to=float(rise.to),
                reasons=(Reason(ReasonCode.FORECAST_NEED, rise.from_, rise.to, inputs),),
                approve_by=at if limit is not None and rise.to > limit else None,
            )
        )
    memo[name] = (key, tuple(steps))
    return memo[name][1]


def approval_step(case: Case, draft: Draft, steps: tuple[Step, ...]) -> Step | None:
    """Return what a person is asked to approve, due now or with the first step that is above."""
    if draft.ask <= draft.number:
        return None
    due = case.now
    if case.requirement.wanted <= draft.number:
        due = next((step.at for step in steps if step.to > draft.number), case.now)
    lead = math.ceil(case.state.lead.lead_time.p95_seconds)
    return Step(
        at=due,
        ready_at=due + lead,
        target=case.settings.name,
        from_=float(draft.number),
        to=float(draft.ask),
        reasons=case.requirement.reasons,
        approve_by=due,
    )
