"""Conditions as the Kubernetes API conventions define them (KEP-1623). Pure."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from autoscaler.controller.times import moment
from autoscaler.resources.common import Condition, ConditionStatus

MAX_MESSAGE = 32_768
"""The API's own limit."""


class Finding(NamedTuple):
    """What one tick found about one aspect: a condition without its past."""

    type: str
    status: ConditionStatus
    reason: str
    message: str


def set_condition(
    conditions: Sequence[Condition], finding: Finding, *, generation: int, now: int
) -> tuple[Condition, ...]:
    """Return the conditions with this one set: in its place if its type is there, else at the end.

    The transition time changes only with the status; reason and message may change within one.
    """
    old = next((one for one in conditions if one.type == finding.type), None)
    same = old is not None and old.status == finding.status
    new = Condition(
        type=finding.type,
        status=finding.status,
        observed_generation=generation,
        last_transition_time=old.last_transition_time if old is not None and same else moment(now),
        reason=finding.reason,
        message=finding.message[:MAX_MESSAGE],
    )
    if old is None:
        return (*conditions, new)
    return tuple(new if one is old else one for one in conditions)


def set_conditions(
    conditions: Sequence[Condition], findings: Iterable[Finding], *, generation: int, now: int
) -> tuple[Condition, ...]:
    """Set every finding, and drop the types that have none: a condition nobody sets is a lie."""
    wanted = tuple(findings)
    types = {finding.type for finding in wanted}
    result = tuple(one for one in conditions if one.type in types)
    for finding in wanted:
        result = set_condition(result, finding, generation=generation, now=now)
    return result


def news(before: Iterable[Finding], after: Iterable[Finding]) -> tuple[Finding, ...]:
    """Return the findings whose status or reason changed.

    The reason counts: `TargetNotFound` becoming `TargetContested` is news to the one who reads it.
    """
    known = {finding.type: finding[1:3] for finding in before}
    return tuple(finding for finding in after if known.get(finding.type) != finding[1:3])
