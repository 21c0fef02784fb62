"""Which plans may be deleted: answered, expired or superseded long enough ago. Pure."""

from collections.abc import Iterable, Iterator, Sequence

from autoscaler.controller.times import seconds
from autoscaler.resources.capacityplan import ApprovalDecision, CapacityPlan
from autoscaler.resources.common import Expiry

ANSWERED_SECONDS = 7 * 86_400
"""What a person decided can be looked up for a week after it stopped to matter."""
UNANSWERED_SECONDS = 86_400
"""That nobody answered, for a day; a plan that a later one replaced, not beyond its expiry."""


def outdated(plans: Iterable[CapacityPlan], *, now: int) -> Iterator[CapacityPlan]:
    """Yield the plans that neither hold nor wait any more, once they were kept for review."""
    plans = tuple(plans)
    newest = {_subject(plan): plan.spec.issue_time for plan in _by_time(plans)}
    for plan in plans:
        superseded = plan.spec.issue_time < newest[_subject(plan)]
        if now >= _ends(plan) + _kept(plan, superseded=superseded):
            yield plan


def _by_time(plans: Sequence[CapacityPlan]) -> Sequence[CapacityPlan]:
    return sorted(plans, key=lambda plan: plan.spec.issue_time)


def _subject(plan: CapacityPlan) -> tuple[str, str, str]:
    about = plan.spec.subject
    return plan.metadata.namespace, about.resource, about.uid


def _kept(plan: CapacityPlan, *, superseded: bool) -> int:
    if plan.spec.approval is not None:
        return ANSWERED_SECONDS
    return 0 if superseded else UNANSWERED_SECONDS


def _ends(plan: CapacityPlan) -> int:
    """Return when a plan stops to matter: a question when it expires, a yes when that ends."""
    spec, expires = plan.spec, seconds(plan.spec.expire_time)
    approved = spec.approval is not None and spec.approval.decision is ApprovalDecision.APPROVED
    silent = spec.approval is None and spec.on_expiry is Expiry.PROCEED
    return max(expires, seconds(spec.allowance.until)) if approved or silent else expires
