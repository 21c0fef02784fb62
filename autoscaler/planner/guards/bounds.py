"""The owner's bounds."""

from autoscaler.planner.case import Case, Draft
from autoscaler.planner.reasons import ReasonCode
from autoscaler.planner.run_out import MAX_REPLICAS


def bounds(draft: Draft, case: Case) -> None:
    """Keep the number within the pool's bounds."""
    limits = case.settings.limits
    if draft.number < limits.min_servers:
        code = ReasonCode.MIN_REPLICAS
        draft.become(limits.min_servers, code, {"minServers": limits.min_servers})
    if draft.number > limits.max_servers:
        inputs = case.limit(MAX_REPLICAS, maxServers=limits.max_servers)
        draft.cap(limits.max_servers, ReasonCode.MAX_REPLICAS, inputs)
