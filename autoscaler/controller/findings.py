"""What a tick found about a pool, aspect by aspect: the substance of its conditions. Pure."""

from autoscaler.controller.conditions import Finding
from autoscaler.controller.leaving import releasing
from autoscaler.controller.sentences import chain, said
from autoscaler.controller.tick import PoolTick
from autoscaler.planner.reasons import Reason, ReasonCode
from autoscaler.planner.settings import Mode
from autoscaler.ports.fleet import Outcome
from autoscaler.resources.common import ConditionStatus
from forecast.result import ForecastMode

TRUE, FALSE, UNKNOWN = ConditionStatus.TRUE, ConditionStatus.FALSE, ConditionStatus.UNKNOWN
TYPES = (
    "Ready",
    "MetricsAvailable",
    "ForecastReady",
    "ScalingActive",
    "ScalingLimited",
    "Blind",
    "Surge",
    "Releasing",
)
LIMITING = frozenset(
    {
        ReasonCode.MAX_REPLICAS,
        ReasonCode.LAUNCH_RATE,
        ReasonCode.QUOTA,
        ReasonCode.LINK_CAPACITY,
        ReasonCode.COST_CEILING,
        ReasonCode.APPROVAL_NEEDED,
        ReasonCode.SCALED_NO_RELIEF,
    }
)
"""Reasons that kept the floor below what was asked for."""


def pool_findings(tick: PoolTick) -> tuple[Finding, ...]:
    """Return one finding per condition, in the order of TYPES."""
    metrics, scaling = _metrics(tick), _scaling(tick)
    return (
        _ready(tick, metrics, scaling),
        metrics,
        _forecast(tick),
        scaling,
        _limited(tick),
        _blind(tick),
        _surge(tick),
        releasing(tick),
    )


def unknown_findings(reason: str, message: str) -> tuple[Finding, ...]:
    """Return the findings of a pool that nothing could be decided about, for one reason."""
    ready = Finding("Ready", FALSE, reason, message)
    rest = (Finding(type_, UNKNOWN, reason, message) for type_ in TYPES[1:])
    return (ready, *rest)


def _ready(tick: PoolTick, metrics: Finding, scaling: Finding) -> Finding:
    observing = tick.snapshot.resource.spec.mode is Mode.OBSERVE
    for finding in (metrics,) if observing else (scaling, metrics):
        if finding.status is not TRUE and finding.reason not in ("Frozen", "ModeRecommend"):
            return Finding("Ready", FALSE, finding.reason, finding.message)
    return Finding("Ready", TRUE, "AsIntended", chain(tick.decision.reasons))


def _metrics(tick: PoolTick) -> Finding:
    demand = tick.reading.demand
    if demand.state.trusted:
        message = f"{demand.participants or 0.0:.6g} participants"
        return Finding("MetricsAvailable", TRUE, demand.state.value, message)
    message = tick.reading.reason or f"demand is {demand.state.value}"
    return Finding("MetricsAvailable", FALSE, demand.state.value, message)


def _forecast(tick: PoolTick) -> Finding:
    mode, decision = tick.decision.forecast_mode, tick.decision
    if mode is None:
        return Finding("ForecastReady", FALSE, "NoForecast", "no history was read yet")
    untrusted = _reason(tick, ReasonCode.FORECAST_NOT_TRUSTED)
    if untrusted is not None or mode is ForecastMode.COLD_START:
        message = "the forecast is shown and not acted on: " + (
            said(untrusted) if untrusted else "less than a week of history"
        )
        if tick.foreseen is not None and tick.foreseen.reasons:
            message += f"; {tick.foreseen.reasons[-1]}"
        return Finding("ForecastReady", FALSE, "ForecastNotTrusted", message)
    demand = decision.demand_at_quantile
    message = "the forecast is acted on" + (
        f"; {demand:.6g} participants at the pool's risk" if demand is not None else ""
    )
    if tick.foreseen is not None and tick.foreseen.demoted:
        message += "; " + "; ".join(tick.foreseen.reasons)
        return Finding("ForecastReady", TRUE, "Demoted", message)
    return Finding("ForecastReady", TRUE, _camel(mode), message)


def _scaling(tick: PoolTick) -> Finding:
    hold, result = tick.intent.hold, tick.result
    if hold is not None:
        return Finding("ScalingActive", FALSE, hold.reason, hold.message)
    if result is not None and result.outcome is Outcome.REFUSED:
        return Finding("ScalingActive", FALSE, "FieldContested", result.message)
    if result is not None and result.outcome is not Outcome.WRITTEN:
        return Finding("ScalingActive", FALSE, f"Write{result.outcome}", result.message)
    number = tick.intent.number
    message = "nothing to write" if number is None else f"the target holds {number.number}"
    return Finding("ScalingActive", TRUE, "Written", message)


def _limited(tick: PoolTick) -> Finding:
    number = tick.intent.number
    if number is not None and number.needed_maximum is not None:
        message = (
            f"the target's own maximum is {number.number}, "
            f"the floor needs {number.needed_maximum}: raise it"
        )
        return Finding("ScalingLimited", TRUE, "TargetMaximum", message)
    limits = [reason for reason in tick.decision.reasons if reason.code in LIMITING]
    if limits:
        return Finding("ScalingLimited", TRUE, limits[-1].code, chain(limits))
    return Finding("ScalingLimited", FALSE, "WithinLimits", "nothing holds the floor back")


def _blind(tick: PoolTick) -> Finding:
    if not tick.decision.blind:
        return Finding("Blind", FALSE, "DemandTrusted", "demand can be trusted")
    message = "nothing is released until demand can be trusted again: "
    because = tick.reading.reason or tick.reading.demand.state.value
    return Finding("Blind", TRUE, tick.reading.demand.state.value, message + because)


def _surge(tick: PoolTick) -> Finding:
    if not tick.decision.surge:
        return Finding("Surge", FALSE, "WithinHistory", "demand is within what history explains")
    message = "demand is above what history explains: nothing is released until it is over"
    return Finding("Surge", TRUE, "OutsideHistory", message)


def _reason(tick: PoolTick, code: ReasonCode) -> Reason | None:
    return next((reason for reason in tick.decision.reasons if reason.code is code), None)


def _camel(mode: ForecastMode) -> str:
    return "".join(word.title() for word in mode.value.split("_"))
