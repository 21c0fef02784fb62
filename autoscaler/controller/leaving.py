"""What is said of servers that go, and of why none does: the condition Releasing. Pure."""

from collections import Counter
from collections.abc import Mapping, Sequence

from autoscaler.controller.conditions import Finding
from autoscaler.controller.releasing import Released
from autoscaler.controller.tick import PoolTick
from autoscaler.controller.times import moment
from autoscaler.planner.settings import ReleasePolicy
from autoscaler.planner.victims import Verdict
from autoscaler.resources.common import ConditionStatus

TRUE, FALSE = ConditionStatus.TRUE, ConditionStatus.FALSE
MOST_NAMES = 10
"""More names than this make a sentence that nobody reads, and an event that is refused."""


def releasing(tick: PoolTick) -> Finding:
    """Say which servers go, which wait and until when, or what makes it unsafe that any goes."""
    pool, unsafe = tick.snapshot.resource, tick.snapshot.unsafe
    if pool.spec.release.policy is ReleasePolicy.NEVER:
        return _said(FALSE, "ReleaseNever", "release.policy is Never")
    if unsafe is not None:
        return _said(FALSE, unsafe.code, unsafe.message)
    caution = f"; {tick.snapshot.caution}" if tick.snapshot.caution else ""
    done = tick.released
    if done is None or not (done.surplus or done.trouble):
        return _said(
            FALSE, "NothingToRelease", "no server is more than what must be there", caution
        )
    if done.trouble:
        return _said(FALSE, "ReleaseFailed", done.trouble, caution)
    if done.victims.blocked:
        message = "an unready server would go before the empty ones, and may hold meetings"
        return _said(FALSE, "UnreadyServers", message, caution)
    if not done.victims.told:
        return _said(FALSE, "NoneEmpty", _waiting(done, at=tick.at), caution)
    told = dict(done.victims.told)
    waiting = done.surplus > len(told)
    message = named(tuple(told), told) + (f"; {_waiting(done, at=tick.at)}" if waiting else "")
    return _said(TRUE, "Releasing", message, caution)


def named(pods: Sequence[str], verdicts: Mapping[str, Verdict]) -> str:
    """Return pods with why, as many as can be read."""
    shown = ", ".join(f"{pod} ({verdicts[pod]})" for pod in pods[:MOST_NAMES])
    more = len(pods) - MOST_NAMES
    return f"{shown} and {more} more" if more > 0 else shown


def _waiting(done: Released, *, at: int) -> str:
    """Return how many still have to go, what the others do, and when they are expected."""
    missing = done.surplus - len(done.victims.told)
    states = Counter(str(verdict) for _, verdict in done.victims.kept)
    stay = ", ".join(f"{count} {state}" for state, count in sorted(states.items()))
    text = f"{missing} more may go when empty (of those that stay: {stay or 'none'})"
    if done.wait is None:
        return text
    half, most = (
        moment(at + round(seconds)) for seconds in (done.wait.p50_seconds, done.wait.p90_seconds)
    )
    return f"{text}; expected by {half}, at the P90 by {most}, as servers emptied in 4 h"


def _said(status: ConditionStatus, reason: str, message: str, caution: str = "") -> Finding:
    return Finding("Releasing", status, reason, message + caution)
