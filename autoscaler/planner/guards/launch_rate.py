"""What the supplier delivers: a token bucket of launches."""

from autoscaler.planner.case import Case, Draft
from autoscaler.planner.reasons import ReasonCode
from autoscaler.planner.settings import Limits


def refilled(tokens: float, *, limits: Limits, seconds: int) -> float:
    """Return the launches allowed after so many seconds."""
    return min(float(limits.launch_burst), tokens + limits.launch_per_minute * seconds / 60.0)


def launches(case: Case, floor: int) -> int:
    """Return the servers that a floor makes somebody launch, beyond those that exist."""
    existing = case.inventory.ready + case.inventory.pending
    return max(0, floor - max(case.previous, existing))


def launch_rate(draft: Draft, case: Case) -> None:
    """Ask for no more servers at once than the supplier delivers."""
    allowed = max(case.previous, case.inventory.ready + case.inventory.pending) + int(
        case.state.tokens
    )
    limits = case.settings.limits
    draft.cap(
        allowed,
        ReasonCode.LAUNCH_RATE,
        {"perMinute": limits.launch_per_minute, "burst": limits.launch_burst},
    )
