"""A decision's reasons in one line: the same words in condition, event and plan. Pure."""

from collections.abc import Sequence

from autoscaler.engine.wording import sentence
from autoscaler.planner.reasons import Reason


def chain(reasons: Sequence[Reason]) -> str:
    """Return the reasons in the order applied, each with its code."""
    return "; ".join(said(reason) for reason in reasons) or "nothing asks for a change"


def said(reason: Reason) -> str:
    """Return one reason: its code, and why in words."""
    words = sentence(reason)
    return f"{reason.code}: {words}" if words else reason.code.value
