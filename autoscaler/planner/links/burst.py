"""The free burst of a month under billing by 95th percentile: what is spent, and what is left."""

from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from autoscaler.planner.links.billing import SAMPLE_SECONDS, free_samples

_MINUTES = SAMPLE_SECONDS // 60


@dataclass(frozen=True, slots=True, kw_only=True)
class BurstMeter:
    """Five-minute samples above the commit since the month began at `period_start`.

    `slot` is the sample that is being taken, of `looks` that sum up to `total` Mbit/s.
    """

    period_start: int
    period_end: int
    samples: int = 0
    slot: int = 0
    looks: int = 0
    total: float = 0.0

    def seen(self, mbps: float, *, commit: float, now: int, time_zone: str) -> "BurstMeter":
        """Take in what the link carries now.

        Samples that nobody saw count as the last one that was seen did: a burst does not end
        because the operator was away.
        """
        slot = now // SAMPLE_SECONDS
        if slot == self.slot:
            return replace(self, looks=self.looks + 1, total=self.total + mbps)
        if now >= self.period_end:
            fresh = begin_month(now, time_zone)
            return replace(fresh, slot=slot, looks=1, total=mbps)
        above = self.looks > 0 and self.total / self.looks > commit
        return replace(
            self,
            samples=self.samples + (max(0, slot - self.slot) if above else 0),
            slot=slot,
            looks=1,
            total=mbps,
        )

    @property
    def minutes_left(self) -> float:
        """Minutes above the commit that this month still gives for nothing."""
        given = free_samples((self.period_end - self.period_start) // SAMPLE_SECONDS)
        return float(max(0, given - self.samples) * _MINUTES)


def begin_month(now: int, time_zone: str) -> BurstMeter:
    """Return an unspent meter for the month that `now` is in, by the clocks of `time_zone`."""
    zone = ZoneInfo(time_zone)
    first = datetime.fromtimestamp(now, zone).replace(
        day=1, hour=0, minute=0, second=0, microsecond=0
    )
    year, month = first.year + first.month // 12, first.month % 12 + 1
    following = first.replace(year=year, month=month)
    return BurstMeter(period_start=int(first.timestamp()), period_end=int(following.timestamp()))
