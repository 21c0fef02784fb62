"""Gauges of pools and links, made of the last tick at scrape time. Pure.

A pool that is gone leaves no series behind, and a tick pays nothing for them.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple

from prometheus_client.core import GaugeMetricFamily

from autoscaler.controller.server_gauges import server_gauges
from autoscaler.controller.tick import LinkTick, PoolTick, Tick

POOL_LABELS = ("namespace", "pool")
LINK_LABELS = ("namespace", "link")


class PoolGauge(NamedTuple):
    """One gauge per pool; a value of None leaves the pool out: unknown is not zero."""

    name: str
    help: str
    value: Callable[[PoolTick], float | None]


POOL_GAUGES = (
    PoolGauge(
        "meetscale_demand_participants",
        "Participants who want to be in meetings, as read.",
        lambda tick: tick.reading.demand.participants,
    ),
    PoolGauge(
        "meetscale_forecast_participants",
        "Forecast participants at the pool's risk quantile that set the need.",
        lambda tick: tick.decision.demand_at_quantile,
    ),
    PoolGauge(
        "meetscale_forecast_loss_ratio",
        "The model's loss over that of weekly seasonal-naive, as issued, fading by half in a week.",
        lambda tick: None if tick.foreseen is None else tick.foreseen.loss_ratio,
    ),
    PoolGauge(
        "meetscale_forecast_covered_ratio",
        "Share of demand at or below the P95 issued for it; 0.95 is what is promised.",
        lambda tick: None if tick.foreseen is None else tick.foreseen.covered,
    ),
    PoolGauge(
        "meetscale_forecast_demoted",
        "1 while seasonal-naive is acted on in place of the model.",
        lambda tick: None if tick.foreseen is None else float(tick.foreseen.demoted),
    ),
    PoolGauge(
        "meetscale_need_servers",
        "Servers that demand requires within the lead time, before any guard.",
        lambda tick: tick.decision.need,
    ),
    PoolGauge(
        "meetscale_floor_servers",
        "Servers that must be there or on their way, as decided.",
        lambda tick: tick.decision.floor,
    ),
    PoolGauge(
        "meetscale_written_servers",
        "Servers that the target's number stands for, as last written.",
        lambda tick: None if tick.written is None else tick.written.floor,
    ),
    PoolGauge(
        "meetscale_ready_servers",
        "Servers that serve.",
        lambda tick: tick.observed.inventory.ready if tick.observed.inventory.known else None,
    ),
    PoolGauge(
        "meetscale_pending_servers",
        "Servers ordered that do not serve yet.",
        lambda tick: tick.observed.inventory.pending if tick.observed.inventory.known else None,
    ),
    PoolGauge(
        "meetscale_draining_servers",
        "Servers that hold old meetings and take no new ones.",
        lambda tick: tick.observed.inventory.draining if tick.observed.inventory.known else None,
    ),
    PoolGauge(
        "meetscale_occupied_servers",
        "Ready servers with a meeting; one that nobody could see counts.",
        lambda tick: tick.observed.inventory.occupied if tick.observed.inventory.known else None,
    ),
    PoolGauge(
        "meetscale_max_servers",
        "The pool's own upper bound.",
        lambda tick: tick.observed.settings.limits.max_servers,
    ),
    PoolGauge(
        "meetscale_lead_time_p95_seconds",
        "From ordering a server until it serves, 95th percentile.",
        lambda tick: tick.decision.lead_time.p95_seconds,
    ),
    PoolGauge(
        "meetscale_blind",
        "1 while demand cannot be trusted.",
        lambda tick: float(tick.decision.blind),
    ),
    PoolGauge(
        "meetscale_surge",
        "1 while demand is above what history explains.",
        lambda tick: float(tick.decision.surge),
    ),
    PoolGauge(
        "meetscale_scaling_active",
        "1 while the operator may write the pool's target.",
        lambda tick: float(tick.intent.hold is None),
    ),
    PoolGauge(
        "meetscale_demand_age_seconds",
        "Age of the newest demand sample.",
        lambda tick: (
            None
            if tick.reading.demand.sample_time is None
            else float(tick.at - tick.reading.demand.sample_time)
        ),
    ),
)


class PoolSet(NamedTuple):
    """A gauge with one series of value 1 for each word that is true of a pool now."""

    name: str
    help: str
    label: str
    words: Callable[[PoolTick], Iterable[str]]


POOL_SETS = (
    PoolSet(
        "meetscale_demand_state",
        "1 for the state that the pool's demand is in.",
        "state",
        lambda tick: (tick.reading.demand.state.value,),
    ),
    PoolSet(
        "meetscale_mode",
        "1 for the mode that the pool is in.",
        "mode",
        lambda tick: (tick.snapshot.resource.spec.mode.value,),
    ),
    PoolSet(
        "meetscale_reason",
        "1 for each reason of the last decision.",
        "reason",
        lambda tick: sorted({reason.code.value for reason in tick.decision.reasons}),
    ),
    PoolSet(
        "meetscale_hold",
        "1 for the reason why nothing is written to the pool's target.",
        "reason",
        lambda tick: () if tick.intent.hold is None else (tick.intent.hold.reason,),
    ),
)


class LinkGauge(NamedTuple):
    """One gauge per link."""

    name: str
    help: str
    value: Callable[[LinkTick], float | None]


LINK_GAUGES = (
    LinkGauge(
        "meetscale_link_used_mbps",
        "Mbit/s that the link carries.",
        lambda tick: tick.observed.used_mbps,
    ),
    LinkGauge(
        "meetscale_link_need_mbps",
        "Mbit/s that the link has to carry within its lead time.",
        lambda tick: tick.decision.need_mbps,
    ),
    LinkGauge(
        "meetscale_link_ordered_mbps",
        "Mbit/s bought and on their way.",
        lambda tick: tick.observed.ordered_mbps,
    ),
    LinkGauge(
        "meetscale_link_delivered_mbps",
        "Mbit/s bought that can be used.",
        lambda tick: tick.observed.delivered_mbps,
    ),
    LinkGauge(
        "meetscale_link_scaling_active",
        "1 while orders reach the link's provider; no series where people buy.",
        lambda tick: None if tick.supplied is None else float(tick.intent.hold is None),
    ),
    LinkGauge(
        "meetscale_link_free_burst_minutes",
        "Minutes above the commit that this month still gives for nothing.",
        lambda tick: tick.decision.free_burst_minutes_left,
    ),
    LinkGauge(
        "meetscale_link_exhausted_timestamp_seconds",
        "When the most that can be bought will not do any more, at the P90 of growth.",
        lambda tick: next(
            (limit.date_p90 for limit in tick.decision.limits if limit.name == "maxMbps"), None
        ),
    ),
)


def gauges(tick: Tick | None) -> Iterator[GaugeMetricFamily]:
    """Yield every gauge, without series before the first tick."""
    pools: Sequence[PoolTick] = () if tick is None else tick.pools
    for gauge in POOL_GAUGES:
        family = GaugeMetricFamily(gauge.name, gauge.help, labels=POOL_LABELS)
        for pool in pools:
            if (value := gauge.value(pool)) is not None:
                family.add_metric(_names(pool), value)
        yield family
    for words in POOL_SETS:
        family = GaugeMetricFamily(words.name, words.help, labels=(*POOL_LABELS, words.label))
        for pool in pools:
            for word in words.words(pool):
                family.add_metric((*_names(pool), word), 1.0)
        yield family
    yield from server_gauges(pools)
    yield from _link_gauges(() if tick is None else tick.links)


def _link_gauges(links: Sequence[LinkTick]) -> Iterator[GaugeMetricFamily]:
    for gauge in LINK_GAUGES:
        family = GaugeMetricFamily(gauge.name, gauge.help, labels=LINK_LABELS)
        for link in links:
            if (value := gauge.value(link)) is not None:
                family.add_metric(link.decision.link.partition("/")[::2], value)
        yield family


def _names(pool: PoolTick) -> tuple[str, str]:
    metadata = pool.snapshot.resource.metadata
    return metadata.namespace, metadata.name
