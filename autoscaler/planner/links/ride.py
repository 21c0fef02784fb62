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
    if free is None or not _forgives(settings):
        return None
    until = max(traffic.expected.end, now + int(lead_seconds))
    if traffic.most_until(until) > settings.port_mbps * settings.utilization:
        return None
    end = min(free.until, until)
    minutes = burst_minutes(traffic, above=settings.committed_mbps, start=now, end=end)
    return minutes if minutes <= free.left else None


def free_until(
    settings: LinkSettings, traffic: Traffic, *, free: FreeMinutes | None, now: int, until: int
) -> bool:
    """Return whether every burst before `until` is free: what is on its way need not be there."""
    if free is None or not _forgives(settings):
        return False
    end = min(free.until, until)
    return burst_minutes(traffic, above=settings.committed_mbps, start=now, end=end) <= free.left


def _forgives(settings: LinkSettings) -> bool:
    billing = settings.billing
    return billing is not None and billing.model is BillingModel.PERCENTILE95
