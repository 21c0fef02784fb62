"""Who was refused comes back: what refusals leave behind when they end."""

from dataclasses import dataclass

SHORTEST_SECONDS = 300
LONGEST_SECONDS = 3600
"""Who was refused once tries again within minutes; of those who found no way in for hours, most
have come back after the length of a meeting."""


@dataclass(frozen=True, slots=True)
class Refusals:
    """The last spell in which joins were refused, from `since` up to `last` (epoch seconds).

    Demand is a lower bound then; after it, until people are back, it is as low as it was kept.
    """

    since: int | None = None
    last: int = 0

    def looked(self, *, refused: bool, now: int) -> "Refusals":
        """Take in one look; refusals that begin again before people are back go on."""
        if not refused:
            return self
        since = self.since
        return Refusals(now if since is None or now >= self.until else since, now)

    @property
    def seconds(self) -> int:
        """How long it takes until people are back: as long as they were refused, within bounds."""
        if self.since is None:
            return 0
        return min(max(self.last - self.since, SHORTEST_SECONDS), LONGEST_SECONDS)

    @property
    def until(self) -> int:
        """Until when demand may be lower than it will be."""
        return self.last + self.seconds


NOBODY_REFUSED = Refusals()
