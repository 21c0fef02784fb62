"""Gauges of what one server of a pool holds, planned and measured. Pure."""

from collections.abc import Iterator, Sequence

from prometheus_client.core import GaugeMetricFamily

from autoscaler.capacity.rating import rate
from autoscaler.controller.tick import PoolTick

_POOL = ("namespace", "pool")
_RESOURCE = (*_POOL, "resource")


def server_gauges(pools: Sequence[PoolTick]) -> Iterator[GaugeMetricFamily]:
    """Yield the gauges; one of something measured has no series before it was."""
    planned = GaugeMetricFamily(
        "meetscale_server_participants", "Participants planned on one server.", labels=_POOL
    )
    binding = GaugeMetricFamily(
        "meetscale_server_binding",
        "1 for the resource that a server runs out of first.",
        labels=_RESOURCE,
    )
    asked = GaugeMetricFamily(
        "meetscale_measured_per_participant",
        "What one participant was measured to ask of a server: Mbit/s, packets/s, vCPU.",
        labels=_RESOURCE,
    )
    within = GaugeMetricFamily(
        "meetscale_measured_within_ratio",
        "Half-width of the 90 % interval of a measured figure, as a share of it.",
        labels=_RESOURCE,
    )
    samples = GaugeMetricFamily(
        "meetscale_measured_samples",
        "Windows of servers that a measured figure rests on.",
        labels=_RESOURCE,
    )
    newest = GaugeMetricFamily(
        "meetscale_measured_timestamp_seconds",
        "When the newest sample of a measured figure was, epoch seconds.",
        labels=_RESOURCE,
    )
    largest = GaugeMetricFamily(
        "meetscale_measured_largest_room_participants",
        "Participants of the largest room, as seen or as sizes spread.",
        labels=_POOL,
    )
    for tick in pools:
        metadata, settings = tick.snapshot.resource.metadata, tick.observed.settings
        names = (metadata.namespace, metadata.name)
        rating = rate(settings.server, settings.mix)
        planned.add_metric(names, rating.per_server)
        binding.add_metric((*names, rating.binding.value), 1.0)
        if settings.measured is None:
            continue
        for resource, figure in settings.measured.figures.items():
            asked.add_metric((*names, resource), figure.value)
            within.add_metric((*names, resource), figure.within)
            samples.add_metric((*names, resource), figure.samples)
            newest.add_metric((*names, resource), figure.end)
        if settings.measured.rooms is not None:
            largest.add_metric(names, settings.measured.rooms.largest)
    yield from (planned, binding, asked, within, samples, newest, largest)
