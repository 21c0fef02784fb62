"""What one pool needs now: the largest of what demand, growth, calendar and forecast ask for."""

import math
from typing import NamedTuple

from autoscaler.capacity.servers import ROUNDING, servers_for_one
from autoscaler.capacity.zones import with_zones_lost
from autoscaler.planner.growth import Growth
from autoscaler.planner.outlook import Path, PoolOutlook
from autoscaler.planner.reasons import Inputs, Reason, ReasonCode
from forecast.result import ForecastMode

CENSORED_LEAST, CENSORED_MOST = 1.1, 1.5
"""While joins are refused, need is raised by this much over what could be measured: more measured
demand, hence more servers, shows only one lead time later, so need grows by this factor per lead
time.
"""


class Sight(NamedTuple):
    """Trusted demand of a pool, participants.

    `censored`: only a lower bound; `refused` are the distinct joins refused in a minute, and
    `relieved` says that they cannot be for want of servers, for there is room on those that serve.
    `guests` come on top if the dearest pool of the failover reserve is lost.
    """

    participants: float
    censored: bool
    refused: float
    relieved: bool
    guests: float = 0.0


class Requirement(NamedTuple):
    """Servers that one pool needs, reserve included, and why.

    `observed` is what observed demand needs now (0 while blind), `wanted` the largest of everything
    that must be ordered now, `ahead` the same over the longer time that an approval takes.
    `participants` are those that `wanted` is for, `forecast` the forecast ones among what was
    weighed (None without a forecast).
    """

    observed: int
    wanted: int
    ahead: int
    participants: float
    forecast: float | None
    reasons: tuple[Reason, ...]


def require(
    outlook: PoolOutlook,
    *,
    sight: Sight | None,
    growth: Growth,
    now: int,
    lead_seconds: float,
    approval_seconds: float,
) -> Requirement:
    """Combine by maximum, never by priority.

    `lead_seconds` is how far ahead an order placed now has to look; `approval_seconds` what a
    person takes on top. `sight` None: blind, so that only the calendar and the last trusted
    forecast speak.
    """
    until = now + math.ceil(lead_seconds)
    asks = _Asks(outlook, guests=sight.guests if sight is not None else 0.0)
    observed = _observed(asks, sight)
    if sight is not None:
        _growth(asks, sight, growth, lead_seconds)
    _calendar(asks, sight, now=now, until=until)
    forecast = _forecast(asks, now=now, until=until, blind=sight is None)
    unreserved = asks.servers
    ahead = unreserved
    if approval_seconds > 0.0:
        ahead = max(unreserved, _planned(outlook, now=now, until=until + int(approval_seconds)))
    reserve = outlook.settings.reserve
    wanted = with_zones_lost(unreserved, zones=reserve.zones, zones_lost=reserve.zones_lost)
    if wanted != unreserved:
        inputs: Inputs = {"zones": reserve.zones, "zonesLost": reserve.zones_lost}
        asks.reasons.append(Reason(ReasonCode.RESERVE, unreserved, wanted, inputs))
    return Requirement(
        observed=with_zones_lost(observed, zones=reserve.zones, zones_lost=reserve.zones_lost),
        wanted=wanted,
        ahead=with_zones_lost(ahead, zones=reserve.zones, zones_lost=reserve.zones_lost),
        participants=asks.participants,
        forecast=forecast,
        reasons=tuple(asks.reasons),
    )


class _Asks:
    """The largest ask so far, servers before reserve, and who raised it to that.

    `guests` are participants that every ask has to have room for besides its own.
    """

    __slots__ = ("guests", "outlook", "participants", "reasons", "servers")

    def __init__(self, outlook: PoolOutlook, *, guests: float = 0.0) -> None:
        self.outlook = outlook
        self.guests = guests
        self.servers = 0
        self.participants = 0.0
        self.reasons: list[Reason] = []

    def servers_for(self, participants: float) -> int:
        return servers_for_one(participants + self.guests, self.outlook.rating.per_server)

    def ask(self, code: ReasonCode, servers: int, participants: float, inputs: Inputs) -> None:
        """Raise to `servers` if that is more; `inputs` say what else went into the number."""
        if servers > self.servers:
            guests = {"guests": round(self.guests, 3)} if self.guests else {}
            inputs = {"participants": round(participants, 3), **guests, **inputs}
            self.reasons.append(Reason(code, self.servers, servers, inputs))
            self.servers, self.participants = servers, participants

    def note(self, code: ReasonCode, inputs: Inputs) -> None:
        """Say something that does not change the number."""
        self.reasons.append(Reason(code, self.servers, self.servers, inputs))


def _observed(asks: _Asks, sight: Sight | None) -> int:
    if sight is None:
        return 0
    servers = asks.servers_for(sight.participants)
    per_server = asks.outlook.rating.per_server
    asks.ask(ReasonCode.REACTIVE_NEED, servers, sight.participants, {"perServer": per_server})
    if not sight.censored:
        return servers
    if sight.relieved:
        inputs: Inputs = {"refused": sight.refused, "participants": sight.participants}
        asks.note(ReasonCode.SCALED_NO_RELIEF, inputs)
        return servers
    factor = censored_factor(sight)
    participants = sight.participants * factor
    inputs = {"factor": round(factor, 4), "refused": sight.refused}
    asks.ask(ReasonCode.CENSORED_DEMAND, asks.servers_for(participants), participants, inputs)
    return asks.servers


def censored_factor(sight: Sight) -> float:
    """Return by how much need exceeds a measure that is only a lower bound.

    The more are refused, the more are missing from it.
    """
    if sight.refused <= 0.0 or sight.participants <= 0.0:
        return CENSORED_LEAST
    share = sight.refused / sight.participants
    return min(CENSORED_MOST, CENSORED_LEAST + 2.0 * share)


def _growth(asks: _Asks, sight: Sight, growth: Growth, lead_seconds: float) -> None:
    headroom = growth.headroom(sight.participants, seconds=lead_seconds)
    if headroom <= 0.0:
        return
    participants = sight.participants + headroom
    servers = asks.servers_for(participants)
    if servers > asks.servers:
        inputs: Inputs = {
            "perMinute": round(growth.per_second * 60.0, 3),
            "leadSeconds": round(lead_seconds, 1),
        }
        asks.ask(ReasonCode.GROWTH_HEADROOM, servers, participants, inputs)


def _calendar(asks: _Asks, sight: Sight | None, *, now: int, until: int) -> None:
    """Ask for what dated events need: participants, or a multiple of demand before they begin.

    Multipliers below one lower the forecast and nothing else. Once an event has begun, its
    multiplier is in the demand that is observed.
    """
    ramp = asks.outlook.ramp
    for event in asks.outlook.events:
        if event.end <= now:
            continue
        if event.participants is not None:
            participants = event.participants
        elif event.multiplier is not None and sight is not None and event.start > now:
            participants = event.multiplier * sight.participants
        else:
            continue
        servers = asks.servers_for(participants)
        if event.start > until:
            servers = math.ceil(servers - ramp * (event.start - until) - ROUNDING)
        inputs: Inputs = {"event": event.name, "start": event.start}
        asks.ask(ReasonCode.EVENT_FLOOR, servers, participants, inputs)


def _forecast(asks: _Asks, *, now: int, until: int, blind: bool) -> float | None:
    """Ask for what the envelope needs by `until`; return the participants that it is for."""
    path = asks.outlook.path
    found = supply_within(path, now=now, until=until, ramp=asks.outlook.ramp) if path else None
    if path is None or found is None:
        return None
    supply, index = found
    servers, cause = math.ceil(supply - ROUNDING), path.cause[index]
    participants = path.demand[cause]
    trusted = path.mode is not ForecastMode.COLD_START
    if trusted and servers <= asks.servers:
        return participants
    inputs: Inputs = {
        "quantile": asks.outlook.settings.quantile,
        "median": path.median[cause],
        "at": path.time(cause),
    }
    if guests := path.guests[cause]:
        inputs = {**inputs, "guests": round(guests, 3)}
    if trusted:
        code = ReasonCode.LAST_TRUSTED_FORECAST if blind else ReasonCode.FORECAST_NEED
        asks.ask(code, servers, participants, inputs)
    else:
        inputs = {"participants": participants, "servers": servers, **inputs}
        asks.note(ReasonCode.FORECAST_NOT_TRUSTED, inputs)
    return participants


def supply_within(path: Path, *, now: int, until: int, ramp: float) -> tuple[float, int] | None:
    """Return the most that the envelope asks for within [now, until], and in which step.

    Each step's supply must be there when it begins; what lies past `until` asks only for what the
    ramp could not still add after `until`. None where the forecast does not reach.
    """
    supply = path.supply
    steps, first = len(supply), path.index(now)
    if first >= steps:
        return None
    first, last = max(first, 0), min(path.index(until), steps - 1)
    most, where = 0.0, first
    for index in range(first, last + 1):
        if (asked := supply[index]) > most:
            most, where = asked, index
    beyond = max(last + 1, 0)
    if beyond < steps:
        due = supply[beyond] - ramp * (path.time(beyond) - until)
        if due > most:
            most, where = due, beyond
    return most, where


def _planned(outlook: PoolOutlook, *, now: int, until: int) -> int:
    """Return what forecast and calendar will ask for by a later `until`, servers before reserve."""
    asks = _Asks(outlook)
    _calendar(asks, None, now=now, until=until)
    _forecast(asks, now=now, until=until, blind=False)
    return asks.servers
