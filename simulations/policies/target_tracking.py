"""A target tracking policy of EC2 Auto Scaling, by its two CloudWatch alarms.

EC2 Auto Scaling user guide: out after three minutes above the target, in after fifteen below 90 %
of it, both to the capacity at which the metric meets the target; instances that warm up count as
capacity and not in the metric; without data neither alarm fires. How much more gradually it goes
in than out is not published; here it goes at once.
"""

import math
from dataclasses import dataclass

OUT_PERIODS = 3
IN_PERIODS = 15
IN_BELOW = 0.9


@dataclass(slots=True)
class TargetTracking:
    """Both alarms of one group; the metric is read once a minute."""

    target: float
    above: int = 0
    below: int = 0

    def step(self, metric: float | None, *, in_service: int, size: int) -> int:
        """Return the capacity it wants; `metric` is a mean over the instances in service."""
        if metric is None:
            self.above = self.below = 0
            return size
        self.above = self.above + 1 if metric > self.target else 0
        self.below = self.below + 1 if metric < IN_BELOW * self.target else 0
        meets = math.ceil(round(in_service * metric / self.target, 6))
        if self.above >= OUT_PERIODS:
            return max(size, meets)
        if self.below >= IN_PERIODS and size == in_service:
            return min(size, meets)
        return size
