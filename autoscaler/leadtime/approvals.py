"""How long people take to approve: measured from the question to the answer, like any lead time."""

from dataclasses import dataclass, replace

from autoscaler.leadtime.estimate import PRIOR_P95_OVER_P50, estimate
from autoscaler.leadtime.orders import Start
from autoscaler.leadtime.values import Order

APPROVAL_SECONDS = 1800.0
"""What is assumed before anybody answered: P95, with a median of 20 minutes."""
_PRIOR_MEDIAN = APPROVAL_SECONDS / PRIOR_P95_OVER_P50
_PRIOR_SAMPLES = 5
"""People are asked rarely: the prior must not outlive a handful of answers."""
_KEPT = 20


@dataclass(frozen=True, slots=True)
class Approvals:
    """How long people take, P95 `seconds`; since when they are waited for (None: they are not).

    `waits` are the times that answers took, the newest last.
    """

    seconds: float = APPROVAL_SECONDS
    asked_at: int | None = None
    waits: tuple[float, ...] = ()

    def asking(self, *, now: int) -> "Approvals":
        """Take in that somebody is asked. A question open for longer than the P95 lengthens it."""
        if self.asked_at is None:
            return replace(self, asked_at=now)
        if now - self.asked_at <= self.seconds:
            return self
        return replace(self, seconds=_p95(self.waits, (Order(self.asked_at, 1),), now=now))

    def settled(self, *, approved: bool, now: int) -> "Approvals":
        """Take in that nobody is asked any more: approved, or the question went away."""
        if self.asked_at is None:
            return self
        waits = self.waits
        if approved:
            waits = (*waits, float(max(1, now - self.asked_at)))[-_KEPT:]
        return Approvals(_p95(waits, (), now=now), None, waits)


def _p95(waits: tuple[float, ...], open_: tuple[Order, ...], *, now: int) -> float:
    return estimate(
        [Start(seconds, 1) for seconds in waits],
        open_,
        samples=len(waits),
        prior_seconds=_PRIOR_MEDIAN,
        now=now,
        prior_samples=_PRIOR_SAMPLES,
    ).p95_seconds
