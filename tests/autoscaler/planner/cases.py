"""A case for the guards: 20 servers needed, 10 in force; tests change what they are about."""

from autoscaler.leadtime.approvals import Approvals
from autoscaler.leadtime.tracker import Tracker
from autoscaler.planner.case import Case, Draft
from autoscaler.planner.growth import Growth
from autoscaler.planner.guards import GUARDS, Guard, guard
from autoscaler.planner.inventory import Allowance, Controls
from autoscaler.planner.reasons import ReasonCode
from autoscaler.planner.require import Requirement
from autoscaler.planner.settings import PoolSettings
from autoscaler.planner.state import PoolState
from autoscaler.planner.surge import SurgeWatch
from tests.autoscaler.planner.examples import MIDNIGHT, pool, servers

LONG_AGO = MIDNIGHT - 86_400


def state(**changes: object) -> PoolState:
    """A pool that has been seen for a day, calm, with 30 launches to spend."""
    values: dict[str, object] = {
        "at": MIDNIGHT,
        "floor": 10,
        "demand": 900.0,
        "demand_at": MIDNIGHT,
        "blind_since": None,
        "sighted_at": LONG_AGO,
        "surge": SurgeWatch(),
        "growth": Growth.begin(900.0, now=MIDNIGHT),
        "lead": Tracker.begin(ready=10, prior_seconds=200.0),
        "tokens": 30.0,
        "peaks": (),
        "released_at": LONG_AGO,
        "approvals": Approvals(),
    }
    return PoolState(**(values | changes))  # type: ignore[arg-type]


def requirement(wanted: int, *, observed: int = 0, ahead: int = 0) -> Requirement:
    """What is needed, of which `observed` by the demand that is seen."""
    return Requirement(
        observed=observed,
        wanted=wanted,
        ahead=max(wanted, ahead),
        participants=wanted * 100.0,
        forecast=None,
        reasons=(),
    )


def case(
    wanted: int = 20,
    *,
    observed: int = 0,
    ahead: int = 0,
    previous: int = 10,
    settings: PoolSettings | None = None,
    **changes: object,
) -> Case:
    """Return a case; `changes` are of its other fields."""
    values: dict[str, object] = {
        "now": MIDNIGHT,
        "settings": settings or pool(),
        "inventory": servers(previous, occupied=0),
        "controls": Controls(),
        "requirement": requirement(wanted, observed=observed, ahead=ahead),
        "state": state(),
        "previous": previous,
        "blind": False,
        "censored": False,
        "demand_state": "Observed",
        "peaks": (),
    }
    return Case(**(values | changes))  # type: ignore[arg-type]


def allowance(up_to: float, *, cost: float | None = None, hours: int = 1) -> Controls:
    """Return controls with an approval."""
    granted = Allowance(up_to=up_to, max_hourly_cost=cost, until=MIDNIGHT + hours * 3600)
    return Controls(allowance=granted)


def guarded(given: Case, guards: tuple[Guard, ...] = GUARDS) -> tuple[int, list[ReasonCode]]:
    """Return the number that passes, and who changed it."""
    draft: Draft = guard(given, guards=guards)
    return draft.number, [reason.code for reason in draft.reasons]


def surging(since: int = MIDNIGHT - 60) -> PoolState:
    """Return the state of a pool in a surge."""
    return state()._replace(surge=SurgeWatch(0b111, since, MIDNIGHT))
