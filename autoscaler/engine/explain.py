"""The chain from a metric to a number: participants, servers, guards. As data and as text."""

from dataclasses import dataclass

from autoscaler.capacity.rating import rate
from autoscaler.capacity.servers import participants_on
from autoscaler.engine.decision import PoolDecision
from autoscaler.engine.observation import PoolObservation
from autoscaler.engine.wording import sentence
from autoscaler.planner.reasons import Inputs


@dataclass(frozen=True, slots=True)
class Explained:
    """One step of the chain: what it is called, what went in, what came out, and a sentence."""

    step: str
    inputs: Inputs
    value: float
    text: str


def explain(observed: PoolObservation, decision: PoolDecision) -> tuple[Explained, ...]:
    """Return every step from the metric that was read to the floor that was decided."""
    return (
        _demand(observed),
        _rating(observed),
        *(
            Explained(reason.code.value, reason.inputs, reason.after, sentence(reason))
            for reason in decision.reasons
        ),
        _floor(observed, decision),
    )


def explain_text(observed: PoolObservation, decision: PoolDecision) -> str:
    """Return the chain as lines of text, numbers on the left."""
    chain = explain(observed, decision)
    width = max(len(f"{each.value:,.10g}") for each in chain)
    return "\n".join(
        f"{each.value:>{width},.10g}  {each.step}: {each.text}".rstrip() for each in chain
    )


def _demand(observed: PoolObservation) -> Explained:
    demand = observed.demand
    inputs: Inputs = {"state": demand.state.value, "refused": demand.refused}
    if demand.participants is None:
        return Explained("Demand", inputs, 0.0, f"nothing was read ({demand.state.value})")
    trusted = "" if demand.state.trusted else ", not trusted"
    text = f"participants who want to be in meetings ({demand.state.value}{trusted})"
    return Explained("Demand", inputs, demand.participants, text)


def _rating(observed: PoolObservation) -> Explained:
    settings = observed.settings
    rating = rate(settings.server, settings.mix)
    inputs: Inputs = {
        "full": rating.full,
        "binding": rating.binding.value,
        "largestRoom": settings.mix.largest_room,
    }
    if settings.mix.measured_within is not None:
        inputs = {**inputs, "measuredWithin": settings.mix.measured_within}
    text = f"participants planned on one server, {rating.binding.value} bind at {rating.full:,.10g}"
    return Explained("PerServer", inputs, rating.per_server, text)


def _floor(observed: PoolObservation, decision: PoolDecision) -> Explained:
    settings = observed.settings
    holds = participants_on(
        decision.floor,
        per_server=rate(settings.server, settings.mix).per_server,
        zones=settings.reserve.zones,
        zones_lost=settings.reserve.zones_lost,
    )
    inputs: Inputs = {"previous": decision.previous, "holds": holds}
    text = f"{decision.action.value} from {decision.previous}; holds {holds:,} participants"
    return Explained("Floor", inputs, decision.floor, text)
