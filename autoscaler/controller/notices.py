"""Events: what changed since the last tick, and what was written. Pure."""

from collections.abc import Iterable, Iterator

from autoscaler.controller.calibrations import Remeasured
from autoscaler.controller.conditions import Finding
from autoscaler.controller.leaving import named
from autoscaler.controller.sentences import chain
from autoscaler.controller.status import subject
from autoscaler.controller.tick import LinkTick, PoolTick, wrote
from autoscaler.engine.decision import Action
from autoscaler.ports.reports import Notice, Subject
from autoscaler.resources.capacityplan import CapacityPlan
from autoscaler.resources.common import ConditionStatus
from forecast.scorecard import Standing, StandingChange

_GOOD = {
    "Ready": ConditionStatus.TRUE,
    "MetricsAvailable": ConditionStatus.TRUE,
    "ForecastReady": ConditionStatus.TRUE,
    "ScalingActive": ConditionStatus.TRUE,
    "ScalingLimited": ConditionStatus.FALSE,
    "Blind": ConditionStatus.FALSE,
    "Surge": ConditionStatus.FALSE,
    "Releasing": ConditionStatus.FALSE,
}
_QUIET = frozenset({"Ready", "ForecastReady", "Blind", "Releasing"})
"""Ready and Blind repeat what another condition says first; nobody waits for a forecast; servers
that go have events of their own."""


def condition_notices(
    about: Subject, changed: Iterable[Finding], *, first: bool
) -> Iterator[Notice]:
    """Yield one event for each condition that changed, named by its reason.

    What is as it should be from the `first` look on is no event.
    """
    for finding in changed:
        warning = finding.status is not _GOOD[finding.type]
        if finding.type not in _QUIET and (warning or not first):
            yield Notice(
                subject=about,
                reason=finding.reason,
                action=f"{finding.type}{finding.status}",
                note=finding.message,
                warning=warning,
            )


def write_notices(tick: PoolTick) -> Iterator[Notice]:
    """Yield the event of a write: which number replaced which, and why."""
    result = tick.result
    if result is None or not wrote(tick):
        return
    target = tick.snapshot.resource.spec.target
    name = "" if target is None else f"{target.resource}/{target.name}"
    before, number = result.write.target.value, result.write.number
    if result.write.adopting:
        reason = "TargetAdopted"
    elif tick.decision.action is Action.RELEASE:
        reason = "FloorReleased"
    elif tick.decision.action is Action.RAISE:
        reason = "FloorRaised"
    else:
        reason = "NumberAdjusted"
    yield Notice(
        subject=subject(tick.snapshot.resource),
        reason=reason,
        action="WriteTarget",
        note=f"{name}: {before} to {number}: {chain(tick.decision.reasons)}",
    )


def order_notices(tick: LinkTick) -> Iterator[Notice]:
    """Yield the event of an order that was placed: which total replaced which, and why."""
    placed = None if tick.supplied is None else tick.supplied.placed
    if placed is None or placed.hold is not None:
        return
    order = placed.order
    said = f" ({placed.said})" if placed.said else ""
    yield Notice(
        subject=subject(tick.resource),
        reason="BandwidthOrdered",
        action="OrderBandwidth",
        note=f"{order.supply.ordered_mbps:.6g} to {order.to_mbps} Mbit/s{said}: {order.because}",
    )


def release_notices(tick: PoolTick) -> Iterator[Notice]:
    """Yield an event for the servers that were told that they may go, and for those taken back."""
    done = tick.released
    if done is None:
        return
    about = subject(tick.snapshot.resource)
    for reason, pods in (("ServersReleased", done.told), ("ServersWithdrawn", done.withdrawn)):
        if pods:
            note = named(pods, dict((*done.victims.told, *done.victims.withdrawn)))
            yield Notice(subject=about, reason=reason, action="LabelPods", note=note)


def standing_notice(about: Subject, change: StandingChange) -> Notice:
    """Return the event of a forecast that is relied on from now on, or not any more."""
    demoted = change.after is Standing.DEMOTED
    reason = "ForecastDemoted" if demoted else "ForecastTrusted"
    now = "seasonal-naive is acted on instead" if demoted else "the forecast is acted on"
    return Notice(
        subject=about,
        reason=reason,
        action="JudgeForecast",
        note=f"{now}: {change.reason}",
        warning=demoted,
    )


def measured_notice(about: Subject, news: Remeasured) -> Notice:
    """Return the event of figures that replace the cold start, or that were not taken."""
    if news.measured is None:
        doubts = "; ".join(f"{column}: {doubt}" for column, doubt in news.refused.items())
        return Notice(
            subject=about,
            reason="FiguresRefused",
            action="MeasureServers",
            note=f"what was measured of servers is not planned with: {doubts}",
            warning=True,
        )
    figures = [
        f"{name} {figure.value:.4g} a participant within {figure.within:.0%}"
        for name, figure in news.measured.figures.items()
    ]
    if news.measured.rooms is not None:
        figures.append(f"the largest room {news.measured.rooms.largest:.4g}")
    return Notice(
        subject=about,
        reason="FiguresMeasured",
        action="MeasureServers",
        note=f"measured figures replace the cold start: {', '.join(figures)}",
    )


def plan_notice(about: Subject, plan: CapacityPlan) -> Notice:
    """Return the event of a plan that waits for a person."""
    allowance = plan.spec.allowance
    return Notice(
        subject=about,
        reason="ApprovalRequested",
        action="ProposePlan",
        note=f"capacityplans/{plan.metadata.name} asks for up to {allowance.up_to} "
        f"{plan.spec.unit} until {allowance.until:%Y-%m-%d %H:%M} UTC",
    )


def leading_notice(lease: Subject, holder: str) -> Notice:
    """Say who writes from now on."""
    note = f"{holder} leads: it decides and writes, any other operator here waits"
    return Notice(subject=lease, reason="LeaderElected", action="Lead", note=note)
