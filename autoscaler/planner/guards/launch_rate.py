"""What the supplier delivers: a token bucket of launches."""

from autoscaler.planner.case import Case, Draft
from autoscaler.planner.reasons import ReasonCode
from autoscaler.planner.settings import Limits


def refilled(tokens: float, *, limits: Limits, seconds: int) -> float:
    """Return the launches allowed after so many seconds."""
    return min(float(limits.launch_burst), tokens + limits.launch_per_minute * seconds / 60.0)


def granted(case: Case) -> int:
    """Return the servers that no new launch is needed for: there, or asked for before.

    What the last tick decided counts even where it could not be written: it was charged for then,
    and an order that is refused for minutes must not use up the launches of minutes.
    """
    return max(case.previous, case.inventory.ready + case.inventory.pending, case.state.floor)


def launches(case: Case, floor: int) -> int:
    """Return the servers that a floor makes somebody launch, beyond those granted."""
    return max(0, floor - granted(case))


def launch_rate(draft: Draft, case: Case) -> None:
    """Ask for no more servers at once than the supplier delivers."""
    limits = case.settings.limits
    draft.cap(
        granted(case) + int(case.state.tokens),
        ReasonCode.LAUNCH_RATE,
        {"perMinute": limits.launch_per_minute, "burst": limits.launch_burst},
    )
