"""One sentence per reason, with the numbers that somebody needs to check it by hand."""

from collections.abc import Mapping
from datetime import UTC, datetime

from autoscaler.capacity.measured import Figure, Rooms
from autoscaler.planner.margins import Margin
from autoscaler.planner.reasons import Reason, ReasonCode
from autoscaler.planner.run_out import RunOut

_DAYS = frozenset({"dateP50", "dateP90"})
_MOMENTS = frozenset({"at", "start", "since", "above", "until", "trustedAt"})
"""Inputs that are epoch seconds."""

_SENTENCES = {
    ReasonCode.REACTIVE_NEED: "{participants} participants, {perServer} a server, need {after}",
    ReasonCode.CENSORED_DEMAND: "joins are refused ({refused} in a minute): {participants}"
    " participants are {factor} times what could be measured, and need {after}",
    ReasonCode.GROWTH_HEADROOM: "growing by {perMinute} a minute, {participants} participants"
    " within {leadSeconds} s need {after}",
    ReasonCode.EVENT_FLOOR: "{event} from {start}: {participants} participants need {after}",
    ReasonCode.FORECAST_NEED: "P{quantile} of demand at {at}: {participants} participants"
    " need {after}",
    ReasonCode.LAST_TRUSTED_FORECAST: "the last trusted forecast's P{quantile} at {at}:"
    " {participants} participants need {after}",
    ReasonCode.RESERVE: "losing {zonesLost} of {zones} zones leaves {before} of {after}",
    ReasonCode.PINNED: "pinned until {until}",
    ReasonCode.UTILIZATION: "planned at most {utilization} full",
    ReasonCode.LINK_STEP: "bought in steps of {stepMbps} above {committedMbps}",
    ReasonCode.FREE_BURST: "{burstMinutes} minutes above {committedMbps} are ahead and"
    " {minutesLeft} of this month are free: nothing is ordered for them",
    ReasonCode.PORT_OPEN: "until an order is there what is above {committedMbps} is free:"
    " {minutesLeft} minutes of this month are left",
    ReasonCode.SURGE_HOLD: "surge since {since}: nothing is released",
    ReasonCode.FROZEN: "frozen until {until}",
    ReasonCode.STABILIZING: "more was needed within the last {seconds} s",
    ReasonCode.RELEASE_RATE: "at most {percentPerMinute} % are released a minute",
    ReasonCode.RELEASE_UNSAFE: "nothing is released: {because}",
    ReasonCode.RECOVERY_RAMP: "demand has been trusted again for {seenSeconds} s: at most"
    " {percentPerMinute} % are released a minute",
    ReasonCode.OCCUPIED: "{occupied} servers hold meetings",
    ReasonCode.RECOVERING: "demand has been trusted for {seenSeconds} s of the {seconds} s"
    " that a release needs",
    ReasonCode.RETURNING: "joins were refused for {refusedSeconds} s until {until}: who was refused"
    " comes back",
    ReasonCode.STANDS_STILL: "exactly {participants} participants since {since}, while demand"
    " should move: does the exporter hang?",
    ReasonCode.SCALED_NO_RELIEF: "{refused} joins were refused in a minute while servers have"
    " room for more than {participants}: more servers would not help",
    ReasonCode.MIN_REPLICAS: "never fewer than {minServers}",
    ReasonCode.MAX_REPLICAS: "never more than {maxServers}",
    ReasonCode.LAUNCH_RATE: "the supplier launches {perMinute} a minute, {burst} at once",
    ReasonCode.QUOTA: "{limit} allows {servers}",
    ReasonCode.LINK_CAPACITY: "{link} carries {participants} participants: it can feed {servers}",
    ReasonCode.COST_CEILING: "at {serverHourly} an hour each, {maxHourly} an hour pay for no more",
    ReasonCode.APPROVAL_NEEDED: "more than {unasked} must be approved",
    ReasonCode.SURGE_ENTERED: "surge: {participants} participants, above what history explains"
    " at {looksAbove} of the last 5 looks",
    ReasonCode.SURGE_LEFT: "the surge is over: {participants} participants, within what history"
    " explains",
    ReasonCode.FORECAST_NOT_TRUSTED: "shown only: too little history for the forecast of"
    " {participants} participants at {at}",
}
_MONTH_SPENT = (
    "{spent} of {maxMonthly} a month are spent, at {serverHourly} an hour each: an hour of no more"
    " can be paid"
)


def sentence(reason: Reason) -> str:
    """Return why a number became `reason.after`, without the code; inputs where no words fit."""
    template = _SENTENCES.get(reason.code)
    if reason.code is ReasonCode.COST_CEILING and "maxMonthly" in reason.inputs:
        template = _MONTH_SPENT
    values = {name: _shown(name, value) for name, value in reason.inputs.items()}
    values |= {"before": _shown("", reason.before), "after": _shown("", reason.after)}
    if template is not None:
        try:
            return template.format_map(values) + _bites(values)
        except KeyError:
            pass
    return ", ".join(f"{name} {values[name]}" for name in reason.inputs)


def _bites(values: Mapping[str, str]) -> str:
    """Return the demand at which a limit bites, and when growth takes demand there."""
    if "bitesAt" not in values:
        return ""
    words = f" (bites at {values['bitesAt']} participants"
    if "dateP90" in values:
        words += f", which growth reaches on {values.get('dateP50', values['dateP90'])}"
        words += f", {values['dateP90']} at its P90" if "dateP50" in values else " at its P90"
    return words + ")"


_MARGINS = {
    "quantile": "demand above the median, for the risk that the owner chose",
    "headroom": "demand above what is observed",
    "failover": "guests of another pool that is lost",
    "packing": "tails that no room fits into",
    "rounding": "the last server is a whole one",
    "ramp": "what can still be added in time",
    "zones": "zones that may be lost",
}


def margin_sentence(margin: Margin) -> str:
    """Return what a margin is for, and how many servers it comes to."""
    return f"an hour for {margin.servers:,.4g} servers: {_MARGINS[margin.name]}"


def measured_sentence(figure: Figure, *, since: int, taken: float) -> str:
    """Return what a participant was measured to ask, how far that is known, and what of it counts.

    `taken` is what is planned with: 0 where the server does not say how much it has.
    """
    told = (
        f"{figure.value:,.4g} measured for a participant, within {figure.within:.0%},"
        f" by {figure.samples:,} samples from {_shown('at', figure.start)}"
        f" to {_shown('at', figure.end)}, since {_shown('at', since)}"
    )
    if taken <= 0.0:
        return f"{told}; not planned with: its owner declares none of a server, or wants it so"
    if taken < figure.planned:
        return f"{told}; bounded: a server is planned for half of what it declares at least"
    return f"{told}; planned at the dear end"


def rooms_sentence(rooms: Rooms, *, taken: float) -> str:
    """Return what was measured of rooms, and what of it is kept free on a server (`taken`)."""
    told = (
        f"participants kept free for the largest room, measured as {rooms.largest:,.4g}"
        f" ({rooms.mean_size:,.4g} on average, {rooms.at_once:,.4g} rooms at once)"
    )
    return f"{told}; bounded or not on one server" if taken < rooms.largest else told


def run_out_sentence(limit: RunOut, unit: str) -> str:
    """Return when growth will meet a limit, at its median and sooner."""
    if limit.date_p90 is None:
        return f"{unit} at which it bites: nothing says that it will within a year"
    early = _day(limit.date_p90)
    if limit.date_p50 is None:
        return f"{unit} at which it bites: {early} at the P90 of growth"
    return f"{unit} at which it bites: {_day(limit.date_p50)}, {early} at the P90 of growth"


def _day(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%d")


def _shown(name: str, value: float | int | str) -> str:
    if isinstance(value, str):
        return value
    if name in _DAYS:
        return _day(int(value))
    if name in _MOMENTS:
        return datetime.fromtimestamp(int(value), UTC).strftime("%Y-%m-%d %H:%M:%SZ")
    if name == "quantile":
        return f"{100.0 * value:.4g}"
    return f"{value:,.4g}" if abs(value) < 1000 else f"{value:,.0f}"
