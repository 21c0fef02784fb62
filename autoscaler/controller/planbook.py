"""The plans there are: as listed, and as proposed since: a list may be half a minute old."""

from collections.abc import Iterable

from autoscaler.controller.times import seconds
from autoscaler.resources.capacityplan import CapacityPlan


class PlanBook:
    """Remembers proposals until a list shows them."""

    def __init__(self) -> None:
        self._proposed: dict[str, CapacityPlan] = {}

    def propose(self, plan: CapacityPlan) -> None:
        """Remember a plan that is being written."""
        self._proposed[plan.key] = plan

    def merged(self, listed: Iterable[CapacityPlan], *, now: int) -> tuple[CapacityPlan, ...]:
        """Return every plan once, the listed ones as listed: only they know what people said."""
        known = {plan.key: plan for plan in listed}
        self._proposed = {
            key: plan
            for key, plan in self._proposed.items()
            if key not in known and now < seconds(plan.spec.expire_time)
        }
        return (*known.values(), *self._proposed.values())
