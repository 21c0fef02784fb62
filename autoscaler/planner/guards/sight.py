"""While demand cannot be trusted, or is above what history explains, nothing falls."""

from autoscaler.planner.case import Case, Draft
from autoscaler.planner.reasons import Inputs, Reason, ReasonCode


def blind(draft: Draft, case: Case) -> None:
    """Hold what is there; the last trusted forecast may raise it, and no later guard may release.

    Said even where it changes nothing: that demand is not seen is the first thing to know of a
    number.
    """
    if not case.blind:
        return
    inputs: Inputs = {"state": case.demand_state, "trustedAt": case.state.demand_at}
    before = len(draft.reasons)
    draft.hold(case.previous, ReasonCode.BLIND_HOLD, inputs)
    if len(draft.reasons) == before:
        draft.reasons.append(Reason(ReasonCode.BLIND_HOLD, draft.number, draft.number, inputs))


def surge(draft: Draft, case: Case) -> None:
    """Hold what is there until demand was within what history explains for a while."""
    if case.state.surge.since is not None:
        inputs: Inputs = {"since": case.state.surge.since, "above": case.state.surge.last_above}
        draft.hold(case.previous, ReasonCode.SURGE_HOLD, inputs)
