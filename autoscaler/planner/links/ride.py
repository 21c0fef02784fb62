"""Whether a burst above the commit may be ridden out for nothing instead of ordering a step."""

from dataclasses import dataclass

from autoscaler.planner.links.values import Traffic
from autoscaler.planner.settings import BillingModel, LinkSettings

DAY = 86_400


@dataclass(frozen=True, slots=True)
class FreeMinutes:
    """What a month billed by 95th percentile still gives for nothing, up to `until`."""

    left: float
    until: int


def burst_minutes(traffic: Traffic, *, above: float, start: int, end: int) -> float:
    """Return the minutes in [start, end) with more traffic than `above`.

    Past the path's end each day is taken to be like the days that the path covers.
    """
    expected = traffic.expected
    last = min(end, expected.end)
    seconds = 0
    for index, mbps in enumerate(expected.path):
        if mbps > above:
            begin = expected.start + index * expected.step_seconds
            seconds += max(0, min(last, begin + expected.step_seconds) - max(start, begin))
    known = max(0, last - start)
    unknown = max(0, end - max(start, last))
    if known > 0:
        return (seconds + seconds / known * unknown) / 60.0
    return unknown / 60.0 if (traffic.now or 0.0) > above else 0.0


def rides_free(
    settings: LinkSettings,
    traffic: Traffic,
    *,
    free: FreeMinutes | None,
    lead_seconds: float,
    now: int,
) -> float | None:
    """Return the burst minutes ahead when all of them are free and the port holds them.

    Ordering can wait as long as the minutes left outlast those that are spent while an order placed
    later is delivered (`lead_seconds`); a new month begins with new ones. None: order.
    """
    billing = settings.billing
    if free is None or billing is None or billing.model is not BillingModel.PERCENTILE95:
        return None
    until = max(traffic.expected.end, now + int(lead_seconds))
    if traffic.most_until(until) > settings.port_mbps * settings.utilization:
        return None
    end = min(free.until, until)
    minutes = burst_minutes(traffic, above=settings.committed_mbps, start=now, end=end)
    return minutes if minutes <= free.left else None
