"""How far a preset's number can be trusted. Pure: facts in, a reading and its reason out.

No data is never zero: zero is believed only from targets that are alive and say so.
"""

import math

from autoscaler.engine.observation import Demand, DemandState
from autoscaler.ports.demand import Reading
from autoscaler.prometheus.facts import Facts
from autoscaler.prometheus.groups import matcher
from autoscaler.prometheus.presets import METRICS, Metrics
from autoscaler.resources.demand import DemandQuery

REFUSED_SHARE = 0.001
"""Refusals a minute, for each participant, up to which it is clients that give up by themselves."""
REFUSED_LEAST = 0.5
"""Refusals a minute up to which it is a single client."""


def judge(facts: Facts, demand: DemandQuery, *, now: int) -> Reading:
    """Say what may be believed of a pool whose demand names a preset."""
    metrics = _metrics(demand)
    if facts.participants is None or facts.age is None:
        return nothing_read(_silence(demand, metrics, facts))
    if refusal := no_participants(facts.participants):
        return nothing_read(f"{metrics.name} adds up to {refusal}")
    refused = max(0.0, finite(facts.refused) or 0.0)
    state, reason = _state(facts, demand, refused=refused)
    counts_empty = metrics.rooms is not None and metrics.targets_are_servers and state.trusted
    egress = finite(facts.egress)
    return Reading(
        demand=Demand(
            state=state,
            participants=facts.participants + refused,
            sample_time=now - round(facts.age),
            refused=refused,
        ),
        empty_servers=int(facts.empty or 0) if counts_empty else None,
        egress_mbps=None if egress is None else egress / 1e6,
        reason=reason,
    )


def nothing_read(reason: str) -> Reading:
    """Return the reading of a pool of which nothing is known."""
    demand = Demand(state=DemandState.EMPTY, participants=None, sample_time=None)
    return Reading(demand=demand, reason=reason)


def no_participants(value: float) -> str:
    """Return why a value is no number of participants (empty where it is one)."""
    if math.isfinite(value) and value >= 0.0:
        return ""
    text = "NaN" if math.isnan(value) else f"{value:g}"
    return f"{text}, which is no number of participants"


def too_many_refused(refused: float, participants: float) -> bool:
    """Tell a pool that turns people away from the joins that fail on any day; both a minute."""
    return refused > max(REFUSED_LEAST, REFUSED_SHARE * participants)


def finite(value: float | None) -> float | None:
    """Return the value unless it is none."""
    return value if value is not None and math.isfinite(value) else None


def _state(facts: Facts, demand: DemandQuery, *, refused: float) -> tuple[DemandState, str]:
    live, missed = int(facts.live or 0), facts.missed
    age, present = facts.age or 0.0, facts.participants or 0.0
    if age > demand.stale_after_seconds:
        limit = demand.stale_after_seconds
        sentence = f"the newest sample is {age:.0f} s old, staleAfterSeconds is {limit}"
        return DemandState.STALE, sentence
    if 100 * live < demand.min_targets_percent * (live + missed):
        limit = demand.min_targets_percent
        sentence = f"{live} of {live + missed} known targets report, minTargetsPercent is {limit}"
        return DemandState.PARTIAL, sentence
    if too_many_refused(refused, present):
        return DemandState.CENSORED, ""
    return (DemandState.OBSERVED if present > 0.0 else DemandState.ZERO), ""


def _silence(demand: DemandQuery, metrics: Metrics, facts: Facts) -> str:
    if known := max(facts.mute or 0.0, facts.was_live or 0.0):
        return f"none of {known:.0f} known targets gives a valid {metrics.name}"
    labels = ", ".join(matcher(key, value) for key, value in demand.match_labels.items())
    return f"Prometheus has no {metrics.name} with {labels}: check matchLabels and the scrape job"


def _metrics(demand: DemandQuery) -> Metrics:
    if demand.preset is None:
        raise ValueError("only the demand of a preset is judged by its facts")
    return METRICS[demand.preset]
