"""Freeze and pin: what an SRE said comes before what was computed."""

from autoscaler.planner.case import Case, Draft
from autoscaler.planner.inventory import Freeze
from autoscaler.planner.reasons import ReasonCode


def pinned(draft: Draft, case: Case) -> None:
    """Want the pinned number. Bounds, occupied servers and blindness still hold for it."""
    if case.pinned is not None:
        draft.become(case.pinned, ReasonCode.PINNED, {"until": case.controls.pin_until})


def frozen(draft: Draft, case: Case) -> None:
    """Change nothing while everything is frozen."""
    controls = case.controls
    if controls.freeze is Freeze.ALL and case.now < controls.freeze_until:
        draft.least, draft.ask = 0, 0
        draft.become(case.previous, ReasonCode.FROZEN, {"until": controls.freeze_until})
