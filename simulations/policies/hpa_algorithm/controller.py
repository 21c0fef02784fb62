"""One sync of one HorizontalPodAutoscaler: `reconcileAutoscaler` of horizontal.go."""

from bisect import bisect_right
from collections.abc import Sequence
from operator import itemgetter
from typing import NamedTuple

from simulations.policies.hpa_algorithm.behavior import (
    Behavior,
    Changes,
    Limit,
    Mark,
    limit,
    stabilize,
)

SYNC_SECONDS = 15
_AT = itemgetter(0)


class Memory(NamedTuple):
    """What the controller remembers between two syncs."""

    recommendations: tuple[Mark, ...] = ()
    changes: Changes = Changes()


def largest(proposals: Sequence[int | None], *, current: int) -> int | None:
    """Return the largest of several metrics' proposals; None is a metric that cannot be had.

    With one such metric nothing may be removed (computeReplicasForMetrics).
    """
    known = [proposal for proposal in proposals if proposal is not None]
    if not known or (len(known) < len(proposals) and max(known) < current):
        return None
    return max(known)


def sync(
    memory: Memory,
    *,
    now: int,
    current: int,
    proposal: int | None,
    bounds: tuple[int, int],
    behavior: Behavior,
) -> tuple[int, Limit, Memory]:
    """Return the replicas to set, what limited them, and what to remember.

    `proposal` is what the metrics ask for; None (they cannot be had) changes nothing. A count
    outside `bounds` is brought back first, without asking the metrics.
    """
    least, most = bounds
    recommendations = memory.recommendations or (Mark(now, current),)
    if current == 0:
        desired, limited = 0, Limit.NONE  # scaled to zero by hand: autoscaling is disabled
    elif current > most:
        desired, limited = most, Limit.TOO_MANY
    elif current < least:
        desired, limited = least, Limit.TOO_FEW
    elif proposal is None:
        desired, limited = current, Limit.NONE
    else:
        stable = stabilize(
            proposal, current=current, recent=recommendations, behavior=behavior, now=now
        )
        recommendations = (*recommendations, Mark(now, proposal))
        desired, limited = limit(
            stable,
            current=current,
            bounds=bounds,
            changes=memory.changes,
            behavior=behavior,
            now=now,
        )
    since = now - behavior.memory_seconds
    remembered = Memory(
        recommendations=_after(recommendations, since),
        changes=Changes(
            added=_after(_appended(memory.changes.added, now, desired - current), since),
            removed=_after(_appended(memory.changes.removed, now, current - desired), since),
        ),
    )
    return desired, limited, remembered


def _appended(marks: tuple[Mark, ...], now: int, replicas: int) -> tuple[Mark, ...]:
    return (*marks, Mark(now, replicas)) if replicas > 0 else marks


def _after(marks: tuple[Mark, ...], since: int) -> tuple[Mark, ...]:
    """Return the marks later than `since`, of marks in the order in which they were made."""
    if not marks or marks[0].at > since:
        return marks
    return marks[bisect_right(marks, since, key=_AT) :]
