"""Findings and statuses of links and events. Pure."""

from collections.abc import Mapping, Sequence
from statistics import median
from typing import TypeAlias

from autoscaler.controller.conditions import Finding
from autoscaler.controller.sentences import chain
from autoscaler.controller.status import count, report, subject
from autoscaler.controller.times import moment
from autoscaler.engine.decision import LinkDecision
from autoscaler.engine.observation import LinkObservation
from autoscaler.planner.reasons import ReasonCode
from autoscaler.ports.reports import StatusReport
from autoscaler.resources.common import Condition, ConditionStatus
from autoscaler.resources.demandevent import DemandEvent, DemandEventStatus
from autoscaler.resources.egresslink import EgressLink, EgressLinkStatus, Exhausted
from autoscaler.resources.occurrences import next_start
from autoscaler.resources.sfupool import SFUPool
from forecast.events import Learned

LearnedByPool: TypeAlias = Mapping[str, Mapping[str, Learned]]
"""What past events taught each pool, by `namespace/name` and tag."""

TRUE, FALSE = ConditionStatus.TRUE, ConditionStatus.FALSE


def link_findings(observed: LinkObservation, decision: LinkDecision) -> tuple[Finding, ...]:
    """Return one finding per condition of a link: Ready, MetricsAvailable, ScalingLimited."""
    if observed.used_mbps is None:
        metrics = Finding("MetricsAvailable", FALSE, "Empty", observed.silence)
    else:
        message = f"{observed.used_mbps:.6g} Mbit/s are sent"
        metrics = Finding("MetricsAvailable", TRUE, "Observed", message)
    waiting = decision.approval
    limits = [one for one in decision.reasons if one.code is not ReasonCode.FORECAST_NEED]
    return (
        Finding("Ready", TRUE, "AsIntended", chain(decision.reasons)),
        metrics,
        Finding("ScalingLimited", TRUE, ReasonCode.APPROVAL_NEEDED, chain(limits))
        if waiting is not None
        else Finding("ScalingLimited", FALSE, "WithinLimits", "no order waits for a person"),
    )


def link_report(
    link: EgressLink,
    observed: LinkObservation,
    decision: LinkDecision,
    conditions: Sequence[Condition],
) -> StatusReport:
    """Return a link's status, in whole Mbit/s."""
    about, burst = subject(link), decision.free_burst_minutes_left
    status = EgressLinkStatus(
        observed_generation=about.generation,
        conditions=tuple(conditions),
        used_mbps=None if observed.used_mbps is None else count(observed.used_mbps),
        need_mbps=count(decision.need_mbps),
        ordered_mbps=count(observed.ordered_mbps),
        free_burst_minutes_left=None if burst is None else count(burst),
        exhausted=_exhausted(decision),
    )
    return report(about, status)


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
