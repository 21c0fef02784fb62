"""The chain from a metric to a number: participants, servers, guards. As data and as text."""

from collections.abc import Iterator
from dataclasses import dataclass

from autoscaler.capacity.rating import Resource, rate
from autoscaler.capacity.servers import participants_on
from autoscaler.engine.decision import LinkDecision, PoolDecision
from autoscaler.engine.observation import PoolObservation
from autoscaler.engine.wording import (
    margin_sentence,
    measured_sentence,
    rooms_sentence,
    run_out_sentence,
    sentence,
)
from autoscaler.planner.margins import ASKING, margins
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

    Each resource is weighed at the participants that set the need, and the dearest binds. Then come
    what each margin costs an hour, and the demand at which each limit will bite.
    """
    return (
        _demand(observed),
        *_measured(observed),
        *_resources(observed, decision),
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


def _measured(observed: PoolObservation) -> tuple[Explained, ...]:
    """Return what was measured of the pool's servers, a figure a step; nothing: a cold start."""
    measured, mix = observed.settings.measured, observed.settings.mix
    if measured is None:
        return ()
    asked = {
        Resource.EGRESS.value: mix.egress_mbps,
        Resource.PACKETS.value: mix.packets_per_second,
        Resource.CORES.value: mix.cores,
    }
    steps = [
        Explained(
            f"Measured {name}",
            {
                "measured": figure.value,
                "within": figure.within,
                "start": figure.start,
                "until": figure.end,
                "since": measured.since,
                "samples": figure.samples,
            },
            asked[name],
            measured_sentence(figure, since=measured.since, taken=asked[name]),
        )
        for name, figure in measured.figures.items()
    ]
    if (rooms := measured.rooms) is not None:
        inputs: Inputs = {
            "measured": rooms.largest,
            "meanSize": rooms.mean_size,
            "rooms": rooms.at_once,
            "until": rooms.end,
        }
        text = rooms_sentence(rooms, taken=mix.largest_room)
        steps.append(Explained("Measured largestRoom", inputs, mix.largest_room, text))
    return tuple(steps)


def _resources(observed: PoolObservation, decision: PoolDecision) -> Iterator[Explained]:
    """Yield what the demand asks of each resource that is known, as servers full of it."""
    server, mix = observed.settings.server, observed.settings.mix
    participants = _asking(observed, decision)
    if participants is None:
        return
    binding = rate(server, mix).binding
    for resource, each, offered, unit in (
        (Resource.PARTICIPANTS, 1.0, server.participants, "participants"),
        (Resource.EGRESS, mix.egress_mbps, server.egress_mbps, "Mbit/s out"),
        (Resource.PACKETS, mix.packets_per_second, server.packets_per_second, "packets/s out"),
        (Resource.CORES, mix.cores, server.cores, "vCPU"),
    ):
        if each <= 0.0 or offered <= 0.0:
            continue
        asked = participants * each
        inputs: Inputs = {
            "participants": participants,
            "perParticipant": each,
            "perServer": offered,
            "servers": round(asked / offered, 3),
        }
        text = f"{unit}: {asked / offered:,.4g} servers of {offered:,.10g}"
        text += ", the dearest: it binds" if resource is binding else ""
        yield Explained(f"Resource {resource.value}", inputs, round(asked, 3), text)


def _asking(observed: PoolObservation, decision: PoolDecision) -> float | None:
    """Return the participants that the need is for: those of the largest ask, or else the seen."""
    for reason in reversed(decision.reasons):
        if reason.code in ASKING and reason.after > reason.before:
            return sum(float(reason.inputs.get(name, 0.0)) for name in ("participants", "guests"))
    return observed.demand.participants


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
