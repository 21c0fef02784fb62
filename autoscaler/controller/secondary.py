"""Findings and statuses of links and events. Pure."""

from collections.abc import Mapping, Sequence
from statistics import median
from typing import TypeAlias

from autoscaler.controller.conditions import Finding
from autoscaler.controller.sentences import chain
from autoscaler.controller.status import count, report, subject
from autoscaler.controller.suppliers import Supplied
from autoscaler.controller.tick import LinkTick
from autoscaler.controller.times import moment
from autoscaler.engine.decision import LinkDecision
from autoscaler.planner.reasons import ReasonCode
from autoscaler.ports.reports import StatusReport
from autoscaler.resources.common import Condition, ConditionStatus
from autoscaler.resources.demandevent import DemandEvent, DemandEventStatus
from autoscaler.resources.egresslink import EgressLinkStatus, Exhausted, ProviderStatus
from autoscaler.resources.occurrences import next_start
from autoscaler.resources.sfupool import SFUPool
from forecast.events import Learned

LearnedByPool: TypeAlias = Mapping[str, Mapping[str, Learned]]
"""What past events taught each pool, by `namespace/name` and tag."""

TRUE, FALSE = ConditionStatus.TRUE, ConditionStatus.FALSE


QUIET = frozenset({"ModeObserve"})
"""Holds of a link that is as it should be."""
LIMITS = (ReasonCode.APPROVAL_NEEDED, ReasonCode.LINK_CAPACITY)
"""What keeps an order below what is needed."""


def link_findings(tick: LinkTick) -> tuple[Finding, ...]:
    """Return one finding per condition of a link: Ready, MetricsAvailable, ScalingLimited.

    And ScalingActive, where nobody buys by hand.
    """
    observed, reasons = tick.observed, tick.decision.reasons
    if observed.used_mbps is None:
        metrics = Finding("MetricsAvailable", FALSE, "Empty", observed.silence)
    else:
        message = f"{observed.used_mbps:.6g} Mbit/s are sent"
        metrics = Finding("MetricsAvailable", TRUE, "Observed", message)
    limits = [one for one in reasons if one.code is not ReasonCode.FORECAST_NEED]
    limited = [one.code for one in reasons if one.code in LIMITS]
    limiting = (
        Finding("ScalingLimited", TRUE, limited[-1], chain(limits))
        if limited
        else Finding("ScalingLimited", FALSE, "WithinLimits", "no order waits for a person")
    )
    ready = Finding("Ready", TRUE, "AsIntended", chain(reasons))
    if tick.supplied is None:
        return ready, metrics, limiting
    ordering = _ordering(tick, tick.supplied)
    if ordering.status is FALSE and ordering.reason not in QUIET:
        ready = Finding("Ready", FALSE, ordering.reason, ordering.message)
    return ready, metrics, ordering, limiting


def _ordering(tick: LinkTick, supplied: Supplied) -> Finding:
    """Return whether orders reach the provider, in its own words."""
    hold, supply = tick.intent.hold, supplied.supply
    if hold is not None:
        return Finding("ScalingActive", FALSE, hold.reason, hold.message)
    assert supply is not None, "nothing is known of the provider, and that holds"
    told = f"{supply.ordered_mbps:.6g} Mbit/s are ordered, {supply.delivered_mbps:.6g} delivered"
    words = "; ".join(part for part in (told, supplied.fell, supply.said) if part)
    return Finding("ScalingActive", TRUE, "DeliveredLess" if supplied.fell else "Ordered", words)


def link_report(tick: LinkTick, conditions: Sequence[Condition]) -> StatusReport:
    """Return a link's status, in whole Mbit/s."""
    about, observed, decision = subject(tick.resource), tick.observed, tick.decision
    burst = decision.free_burst_minutes_left
    status = EgressLinkStatus(
        observed_generation=about.generation,
        conditions=tuple(conditions),
        used_mbps=None if observed.used_mbps is None else count(observed.used_mbps),
        need_mbps=count(decision.need_mbps),
        ordered_mbps=count(observed.ordered_mbps),
        provider=_provider(tick),
        free_burst_minutes_left=None if burst is None else count(burst),
        exhausted=_exhausted(decision),
    )
    return report(about, status)


def _provider(tick: LinkTick) -> ProviderStatus | None:
    """Return what the provider says; which object's field is ours is not forgotten meanwhile."""
    if tick.supplied is None:
        return None
    before, supply = tick.resource.status.provider, tick.supplied.supply
    if supply is None:
        return before
    return ProviderStatus(
        delivered_mbps=count(supply.delivered_mbps),
        message=supply.said[:256] or None,
        uid=supply.owned or (None if before is None else before.uid),
    )


def _exhausted(decision: LinkDecision) -> Exhausted | None:
    """Return when the most that can be bought will not do; None: not as far as anybody knows."""
    for limit in decision.limits:
        if limit.name == "maxMbps" and limit.date_p90 is not None:
            later = None if limit.date_p50 is None else moment(limit.date_p50)
            return Exhausted(p50=later, p90=moment(limit.date_p90))
    return None


def event_findings(event: DemandEvent, pools: Sequence[SFUPool], refused: str) -> tuple[Finding]:
    """Return whether an event does anything."""
    if refused:
        return (Finding("Ready", FALSE, "InvalidSpec", refused),)
    if not _selected(event, pools):
        message = "poolSelector selects no pool of this namespace"
        return (Finding("Ready", FALSE, "NoPoolSelected", message),)
    return (Finding("Ready", TRUE, "AsIntended", "counted in every forecast of its pools"),)


def event_report(
    event: DemandEvent,
    pools: Sequence[SFUPool],
    conditions: Sequence[Condition],
    *,
    refused: str,
    learned: LearnedByPool,
    now: int,
) -> StatusReport:
    """Return an event's status: when it comes next, whom it concerns, what its tag has taught."""
    about = subject(event)
    start = None if refused else next_start(event, now=now)
    status = DemandEventStatus.model_validate(
        {
            "observed_generation": about.generation,
            "conditions": tuple(conditions),
            "next_start_time": None if start is None else moment(start),
            "selected_pools": len(_selected(event, pools)),
            "learned_multiplier": _learned(event, pools, learned),
        }
    )
    return report(about, status)


def _learned(event: DemandEvent, pools: Sequence[SFUPool], learned: LearnedByPool) -> str | None:
    """Return the middle of what the pools have learned; what was known stays until the next time.

    Pools learn while an event of the tag is within the forecast's horizon.
    """
    tag = event.spec.tag
    known = [
        taught[tag].multiplier
        for pool in _selected(event, pools)
        if tag is not None and tag in (taught := learned.get(pool.key, {})) and taught[tag].events
    ]
    if not known:
        before = event.status.learned_multiplier
        return None if before is None else str(before)
    return f"{min(max(median(known), 0.1), 100.0):.3g}"


def _selected(event: DemandEvent, pools: Sequence[SFUPool]) -> list[SFUPool]:
    return [
        pool
        for pool in pools
        if pool.metadata.namespace == event.metadata.namespace
        and event.spec.pool_selector.selects(pool.metadata.labels)
    ]
