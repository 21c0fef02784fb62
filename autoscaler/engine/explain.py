"""The chain from a metric to a number: participants, servers, guards. As data and as text."""

from dataclasses import dataclass

from autoscaler.capacity.rating import rate
from autoscaler.capacity.servers import participants_on
from autoscaler.engine.decision import LinkDecision, PoolDecision
from autoscaler.engine.observation import PoolObservation
from autoscaler.engine.wording import margin_sentence, run_out_sentence, sentence
from autoscaler.planner.margins import margins
from autoscaler.planner.reasons import Inputs
from autoscaler.planner.run_out import RunOut


@dataclass(frozen=True, slots=True)
class Explained:
    """One step of the chain: what it is called, what went in, what came out, and a sentence."""

    step: str
    inputs: Inputs
    value: float
    text: str


def explain(observed: PoolObservation, decision: PoolDecision) -> tuple[Explained, ...]:
    """Return every step from the metric that was read to the floor that was decided.

    Then what each margin in it costs an hour, and the demand at which each limit will bite.
    """
    return (
        _demand(observed),
        _rating(observed),
        *(
            Explained(reason.code.value, reason.inputs, reason.after, sentence(reason))
            for reason in decision.reasons
        ),
        _floor(observed, decision),
        *_margins(observed, decision),
        *(_limit(limit, unit="participants") for limit in decision.limits),
    )


def explain_link(decision: LinkDecision) -> tuple[Explained, ...]:
    """Return every step from what a link carries to what is ordered, and when its limits bite."""
    inputs: Inputs = {"previous": decision.previous_mbps, "need": decision.need_mbps}
    text = f"Mbit/s in total, {decision.previous_mbps:,.10g} before"
    return (
        *(
            Explained(reason.code.value, reason.inputs, reason.after, sentence(reason))
            for reason in decision.reasons
        ),
        Explained("Order", inputs, decision.order_mbps, text),
        *(_limit(limit, unit="Mbit/s") for limit in decision.limits),
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


def _margins(observed: PoolObservation, decision: PoolDecision) -> tuple[Explained, ...]:
    """Return the money an hour for each margin; nothing where servers have no price."""
    settings = observed.settings
    price = settings.server.hourly_cost
    if price <= 0.0:
        return ()
    stacked = margins(
        decision.reasons,
        need=decision.need,
        rating=rate(settings.server, settings.mix),
        hourly_cost=price,
    )
    return tuple(
        Explained(
            f"Margin {margin.name}",
            {"servers": margin.servers, "serverHourly": price},
            round(margin.hourly, 2),
            margin_sentence(margin),
        )
        for margin in stacked
    )


def _limit(limit: RunOut, *, unit: str) -> Explained:
    dates = {"p50": limit.date_p50, "p90": limit.date_p90}
    inputs: Inputs = {name: date for name, date in dates.items() if date is not None}
    return Explained(f"Limit {limit.name}", inputs, limit.demand, run_out_sentence(limit, unit))
