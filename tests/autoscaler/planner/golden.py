"""Reads `decisions.md`, whose rows are decisions worked out by hand, and sets each of them up."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from autoscaler.capacity.shape import MediaMix
from autoscaler.engine.observation import (
    DemandState,
    LinkObservation,
    Observation,
    PoolObservation,
)
from autoscaler.engine.state import State
from autoscaler.leadtime.tracker import Tracker
from autoscaler.planner.growth import Growth
from autoscaler.planner.inventory import Allowance, Controls, Freeze, Inventory
from autoscaler.planner.reasons import Reason
from autoscaler.planner.refusals import Refusals
from autoscaler.planner.settings import (
    Billing,
    BillingModel,
    Limits,
    LinkSettings,
    Mode,
    PoolSettings,
    ReleaseSettings,
    Reserve,
    Tier,
)
from autoscaler.planner.state import PoolState
from autoscaler.planner.stillness import Stillness
from autoscaler.planner.surge import SurgeWatch
from forecast.calendar import Event
from forecast.result import Forecast, ForecastMode
from tests.autoscaler.planner.cases import state
from tests.autoscaler.planner.examples import (
    MIDNIGHT,
    forecast,
    limits,
    pool,
    releasing,
    seen,
    servers,
)

_TABLES = Path(__file__).with_name("decisions.md")
_LATER = MIDNIGHT + 3600
_LINK = "media/transit"


@dataclass(frozen=True, slots=True)
class Row:
    """`demand` None: blind. `given` are the words of "unless said otherwise", with their values."""

    of_link: bool
    demand: float | None
    given: dict[str, str]
    number: float
    because: str

    def __str__(self) -> str:
        words = [f"{word}={value}" if value else word for word, value in self.given.items()]
        return " ".join(["blind" if self.demand is None else f"{self.demand:g}", *words])


def rows() -> Iterator[Row]:
    """Yield every row of every table."""
    of_link = False
    for line in _TABLES.read_text(encoding="utf-8").splitlines():
        if not line.startswith("| "):
            continue
        demand, given, number, because, _ = (cell.strip() for cell in line.split("|")[1:-1])
        if demand == "demand":
            of_link = number == "order"
        elif not demand.startswith("---"):
            words = (word.strip().partition("=") for word in given.split(";") if given)
            yield Row(
                of_link,
                None if demand == "?" else float(demand),
                {word: value for word, _, value in words},
                float(number),
                because,
            )


def chain(reasons: tuple[Reason, ...]) -> str:
    """Return reasons as the tables write them."""
    return ", ".join(f"{each.code} {each.before:g}→{each.after:g}" for each in reasons)


def situation(row: Row) -> tuple[Observation, State]:
    """Return what a row's decision is made of."""
    given, there = row.given, int(row.given.get("there", 10))
    settings = _settings(given)
    observation = Observation(
        now=MIDNIGHT,
        pools=(_seen(row, settings, there),),
        links=tuple(_links(given)),
        events=tuple(_events(given)),
    )
    path = _forecast(given, settings.name)
    return observation, State(pools={settings.name: _remembered(row, there)}, forecast=path)


def _settings(given: dict[str, str]) -> PoolSettings:
    links = (_LINK,) if "link" in given else ()
    return pool(
        mode=Mode.RECOMMEND if "recommend" in given else Mode.ACT,
        limits=_limits(given),
        release=_release(given),
        reserve=Reserve(
            zones=int(given.get("zones", 1)), zones_lost=int(given.get("zonesLost", 0))
        ),
        mix=MediaMix(egress_mbps=1.0),
        links=links,
    )


def _limits(given: dict[str, str]) -> Limits:
    return limits(
        max_servers=int(given.get("max", 100)),
        launch_per_minute=float(given.get("perMinute", 60)),
        quota=int(given["quota"]) if "quota" in given else None,
        max_hourly_cost=float(given["hourly"]) if "hourly" in given else None,
        approval_above=int(given["approvalAbove"]) if "approvalAbove" in given else None,
    )


def _release(given: dict[str, str]) -> ReleaseSettings:
    if "release" not in given:
        return ReleaseSettings()
    return releasing(max_percent_per_minute=float(given.get("percentPerMinute", 100)))


def _seen(row: Row, settings: PoolSettings, there: int) -> PoolObservation:
    given, occupied = row.given, int(row.given.get("occupied", 0))
    inventory: Inventory = servers(there, occupied=occupied)
    state = DemandState.CENSORED if "refused" in given else DemandState.OBSERVED
    return seen(
        settings,
        replace(inventory, unsafe="it would end meetings" if "unsafe" in given else ""),
        participants=row.demand,
        state=DemandState.EMPTY if row.demand is None else state,
        refused=float(given.get("refused", 0)),
        controls=Controls(
            freeze=Freeze(given["freeze"]) if "freeze" in given else None,
            freeze_until=_LATER,
            pinned=int(given["pinned"]) if "pinned" in given else None,
            pin_until=_LATER,
            allowance=_allowance(given),
        ),
    )


def _allowance(given: dict[str, str]) -> Allowance | None:
    if "approved" not in given:
        return None
    return Allowance(up_to=float(given["approved"]), max_hourly_cost=None, until=_LATER)


def _remembered(row: Row, there: int) -> PoolState:
    """Return what was remembered a second ago, of a pool that was seen for a day."""
    given, then = row.given, MIDNIGHT - 1
    demand = row.demand or 0.0
    slope = float(given.get("growth", 0))  # three averages of a line, each behind by its constant
    growth = Growth(then, *(demand - slope * (1 + behind) for behind in (60.0, 180.0, 900.0)))
    surge = SurgeWatch()
    if "surge" in given:
        surge = SurgeWatch(0b111, then - 60, MIDNIGHT - int(given.get("lastAbove", 0)) or then)
    elif "above" in given:
        surge = SurgeWatch((1 << int(given["above"])) - 1, None, then)
    recovered = MIDNIGHT - int(given["recoveredFor"]) if "recoveredFor" in given else None
    seen_for = int(given.get("seenFor", given.get("recoveredFor", 86_400)))
    return state(
        at=then,
        floor=there,
        demand=demand,
        demand_at=then,
        growth=growth,
        lead=Tracker.begin(ready=there, prior_seconds=200.0),
        tokens=float(given.get("tokens", 60)) - ("tokens" in given),
        surge=surge,
        peaks=((MIDNIGHT - 600, int(given["needed"])),) if "needed" in given else (),
        sighted_at=MIDNIGHT - seen_for,
        recovered_at=recovered,
        refusals=_refusals(given),
        still=Stillness(demand, MIDNIGHT - int(given.get("stoodFor", 1))),
    )


def _refusals(given: dict[str, str]) -> Refusals:
    if "refusedFor" not in given:
        return Refusals()
    last = MIDNIGHT - int(given["refusedAgo"])
    return Refusals(since=last - int(given["refusedFor"]), last=last)


def _forecast(given: dict[str, str], name: str) -> Forecast | None:
    if "forecast" not in given:
        return None
    mode = ForecastMode.COLD_START if "young" in given else ForecastMode.NORMAL
    return forecast({name: [float(each) for each in given["forecast"].split()]}, mode=mode)


def _events(given: dict[str, str]) -> Iterator[Event]:
    if "event" in given:
        participants, _, at = given["event"].partition("@")
        minutes, _, seconds = at.partition(":")
        start = MIDNIGHT + 60 * int(minutes) + int(seconds)
        yield Event(
            name="media/cup",
            series_ids=None,
            start=start,
            end=start + 3600,
            multiplier=None,
            participants=float(participants),
        )


def _links(given: dict[str, str]) -> Iterator[LinkObservation]:
    if "link" not in given:
        return
    ordered = float(given["link"])
    approver = "network" if "approver" in given else ""
    billing = Billing(model=BillingModel.PERCENTILE95, price=0.5, time_zone="UTC")
    settings = LinkSettings(
        name=_LINK,
        mode=Mode.ACT,
        port_mbps=4000.0,
        committed_mbps=ordered,
        step_mbps=500.0,
        max_mbps=4000.0,
        utilization=float(given.get("utilization", 1.0)),
        tiers=(Tier(up_to_mbps=4000.0, lead_time_seconds=3600, approver=approver),),
        billing=billing if "billed" in given else None,
    )
    yield LinkObservation(
        settings=settings, used_mbps=None, ordered_mbps=ordered, delivered_mbps=ordered
    )
