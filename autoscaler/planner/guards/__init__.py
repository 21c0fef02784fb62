"""What may be done about a need now: one guard per danger, in the order in which they act."""

from collections.abc import Callable
from typing import TypeAlias

from autoscaler.planner.case import Case, Draft
from autoscaler.planner.guards.approvals import approvals
from autoscaler.planner.guards.bounds import bounds
from autoscaler.planner.guards.ceilings import cost_ceiling, link_capacity, quota
from autoscaler.planner.guards.launch_rate import launch_rate
from autoscaler.planner.guards.override import frozen, pinned
from autoscaler.planner.guards.release import release
from autoscaler.planner.guards.sight import blind, surge

Guard: TypeAlias = Callable[[Draft, Case], None]

GUARDS: tuple[Guard, ...] = (
    pinned,
    blind,
    surge,
    bounds,
    launch_rate,
    quota,
    link_capacity,
    cost_ceiling,
    approvals,
    release,
    frozen,
)

__all__ = ["GUARDS", "Guard", "guard"]


def guard(case: Case, *, guards: tuple[Guard, ...] = GUARDS) -> Draft:
    """Pass what is wanted through the guards; each that changes the number leaves a reason."""
    draft = Draft(number=case.requirement.wanted)
    for each in guards:
        each(draft, case)
    return draft
