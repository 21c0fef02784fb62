"""Surge: demand above what history explains, entered and left explicitly, with evidence."""

from dataclasses import dataclass

LOOKS = 5
"""So many of the last looks at demand are remembered."""
ENTER_LOOKS = 3
"""A surge is entered when demand was above the forecast's upper quantile at so many of them."""
CALM_SECONDS = 1800
"""It is left when demand was never above it for so long."""
UPPER_QUANTILE = 0.99
"""What history explains: a point above it is expected once in a hundred."""


@dataclass(frozen=True, slots=True)
class SurgeWatch:
    """The last looks, newest in the lowest bit (1: above), and the surge if there is one."""

    looks: int = 0
    since: int | None = None
    last_above: int = 0

    @property
    def above(self) -> int:
        """At how many of the last looks demand was above what history explains."""
        return self.looks.bit_count()

    def looked(self, *, above: bool, outside_history: bool, now: int) -> "SurgeWatch":
        """Take in one look. `outside_history`: the forecaster itself says it cannot explain it."""
        if not above and not outside_history and self.since is None:
            if not self.looks:
                return self
            return SurgeWatch((self.looks << 1) & ((1 << LOOKS) - 1), None, self.last_above)
        looks = ((self.looks << 1) | above) & ((1 << LOOKS) - 1)
        last_above = now if above or outside_history else self.last_above
        since = self.since
        if since is None and (outside_history or looks.bit_count() >= ENTER_LOOKS):
            since = now
        elif since is not None and now - last_above >= CALM_SECONDS:
            since = None
        return SurgeWatch(looks, since, last_above)
