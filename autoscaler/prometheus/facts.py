"""What Prometheus said of one pool at one moment, before anybody judges it."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, fields
from typing import TypeVar

from autoscaler.prometheus.client import Row
from autoscaler.prometheus.groups import Group, LabelValues
from autoscaler.prometheus.promql import FACET

T = TypeVar("T", "Facts", "Evidence")


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """The answers to `Questions.now` and `missing`; None where there was no row."""

    participants: float | None = None
    age: float | None = None
    """Seconds since the newest sample."""
    live: float | None = None
    """Targets with a valid and fresh sample."""
    was_live: float | None = None
    """Targets that told any number fifteen minutes earlier."""
    mute: float | None = None
    """Discovered targets that tell nothing: down, invalid, or still booting."""
    missing: float | None = None
    """Targets that should tell and do not; asked only of pools that are `suspicious`."""
    empty: float | None = None
    """Live servers without rooms."""
    egress: float | None = None
    """Bits per second."""
    refused: float | None = None
    """Joins refused per minute."""
    before: float | None = None
    """Participants five minutes earlier."""

    @property
    def suspicious(self) -> bool:
        """Whether targets may be missing: some are mute, or fewer tell than did."""
        return bool(self.mute) or (self.live or 0.0) < (self.was_live or 0.0)

    @property
    def missed(self) -> int:
        """Targets that should tell and do not; those that others have replaced are not missed."""
        fewer = max(0.0, (self.was_live or 0.0) - (self.live or 0.0))
        return int(min(self.missing or 0.0, fewer + (self.mute or 0.0)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """The answer to `Questions.evidence`: now, five minutes earlier, and in between."""

    joined: float | None = None
    egress: float | None = None
    egress_before: float | None = None
    rooms: float | None = None
    rooms_before: float | None = None


def by_pool(rows: Iterable[Row], group: Group, kind: type[T]) -> dict[str, T]:
    """Put the rows of one answer together, keyed by the group's pools; others are skipped."""
    known = {field.name for field in fields(kind)}
    told: dict[LabelValues, dict[str, float]] = defaultdict(dict)
    for row in rows:
        labels = row["metric"]
        if (facet := labels.get(FACET)) in known:
            told[group.values_in(labels)][facet] = float(row["value"][1])
    mine = {pool.key: group.values_in(pool.spec.demand.match_labels) for pool in group.pools}
    return {key: kind(**told[values]) for key, values in mine.items() if values in told}
