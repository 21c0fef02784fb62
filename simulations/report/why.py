"""Reasons as a person reads them."""

from collections import Counter
from collections.abc import Callable, Sequence

from autoscaler.planner.reasons import Reason

_SHOWN = 3


def top_reasons(reasons: Sequence[Reason], *, say: Callable[[float], str] = "{:g}".format) -> str:
    """Return what moved a number most, in the order applied: `ForecastNeed 12 to 20`.

    `say` writes a number with its unit.
    """
    weighty = sorted(reasons, key=lambda reason: -abs(reason.after - reason.before))[:_SHOWN]
    return ", ".join(
        _phrase(reason, say) for reason in reasons if any(reason is w for w in weighty)
    )


def usual_reasons(ticks: Sequence[Sequence[Reason]]) -> str:
    """Return how often each reason was given: `ForecastNeed 64 % of the time, SurgeHold 12 %`.

    What was given less than once in a hundred ticks is left out.
    """
    counts = Counter(code for reasons in ticks for code in {reason.code for reason in reasons})
    ranked = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    often = [(code, 100 * count / len(ticks)) for code, count in ranked]
    shares = [f"{code} {share:.0f} %" for code, share in often if share >= 1.0]
    return ", ".join([f"{shares[0]} of the time", *shares[1:]]) if shares else ""


def _phrase(reason: Reason, say: Callable[[float], str]) -> str:
    if reason.before == reason.after:
        return f"{reason.code} at {say(reason.after)}"
    return f"{reason.code} {say(reason.before)} to {say(reason.after)}"
