"""Needs by hand: 100 participants a server, orders look 360 s ahead, one server a second."""

from collections.abc import Sequence

import pytest

from autoscaler.planner.growth import Growth
from autoscaler.planner.outlook import PoolOutlook, look_ahead
from autoscaler.planner.reasons import ReasonCode
from autoscaler.planner.require import Requirement, Sight, require
from autoscaler.planner.settings import Failover, PoolSettings, Reserve
from forecast.calendar import Event
from forecast.result import Forecast, ForecastMode
from tests.autoscaler.planner.examples import MIDNIGHT, QUARTER, forecast, limits, pool

STEADY = Growth.begin(0.0, now=MIDNIGHT)


def outlook(
    path: Sequence[float] | None = None,
    *,
    settings: PoolSettings | None = None,
    mode: ForecastMode = ForecastMode.NORMAL,
    events: Sequence[Event] = (),
) -> PoolOutlook:
    settings = settings or pool()
    issued: Forecast | None = None
    if path is not None:
        issued = forecast({settings.name: path}, mode=mode)
    return look_ahead([settings], forecast=issued, events=events)[settings.name]


def sight(participants: float, *, refused: float = 0.0, **changes: bool | float) -> Sight:
    values: dict[str, bool | float] = {"censored": refused > 0.0, "relieved": False}
    return Sight(participants=participants, refused=refused, **(values | changes))  # type: ignore[arg-type]


def need(
    ahead: PoolOutlook,
    seen: Sight | None,
    *,
    now: int = MIDNIGHT,
    growth: Growth = STEADY,
    approval_seconds: float = 0.0,
) -> Requirement:
    return require(
        ahead,
        sight=seen,
        growth=growth,
        now=now,
        lead_seconds=360.0,
        approval_seconds=approval_seconds,
    )


def codes(requirement: Requirement) -> list[ReasonCode]:
    return [reason.code for reason in requirement.reasons]


def event(
    start: int, *, participants: float | None = None, multiplier: float | None = None
) -> Event:
    return Event(
        name="media/cup",
        series_ids=None,
        start=start,
        end=start + 3600,
        multiplier=multiplier,
        participants=participants,
    )


def test_observed_demand_alone() -> None:
    found = need(outlook(), sight(1234.0))
    assert (found.observed, found.wanted) == (13, 13)
    assert codes(found) == [ReasonCode.REACTIVE_NEED]
    assert found.forecast is None


@pytest.mark.parametrize(
    ("minutes", "wanted"),
    # 500 participants until 00:15, 2,000 from then on; orders look 6 minutes ahead
    [(0, 5), (8, 5), (9, 20), (14, 20), (15, 20), (20, 20)],
)
def test_a_rise_is_ordered_one_lead_time_before_it_is_due(minutes: int, wanted: int) -> None:
    ahead = outlook([500.0, 2000.0, 2000.0])
    assert need(ahead, sight(100.0), now=MIDNIGHT + 60 * minutes).wanted == wanted


@pytest.mark.parametrize(
    ("minutes", "wanted"),
    # 55 at 00:15, two servers a minute: at 00:06, one lead time from now, 55 - 2 x 9 = 37
    [(0, 37), (4, 45), (9, 55), (15, 55)],
)
def test_a_supplier_that_is_slow_is_asked_earlier(minutes: int, wanted: int) -> None:
    slow = pool(limits=limits(launch_per_minute=2.0))
    ahead = outlook([500.0, 5500.0, 5500.0], settings=slow)
    assert need(ahead, sight(100.0), now=MIDNIGHT + 60 * minutes).wanted == wanted


def test_the_forecast_only_adds() -> None:
    found = need(outlook([100.0] * 8), sight(900.0))
    assert found.wanted == 9
    assert codes(found) == [ReasonCode.REACTIVE_NEED]


def test_the_chain_names_who_raised_the_need_and_on_what() -> None:
    found = need(outlook([1500.0] * 8), sight(900.0))
    reactive, ahead = found.reasons
    assert (reactive.before, reactive.after) == (0, 9)
    assert (ahead.code, ahead.before, ahead.after) == (ReasonCode.FORECAST_NEED, 9, 15)
    assert ahead.inputs == {
        "participants": 1500.0,
        "quantile": 0.95,
        "median": 1500.0,
        "at": MIDNIGHT,
    }


def test_a_cold_start_is_shown_and_not_acted_upon() -> None:
    found = need(outlook([9000.0] * 8, mode=ForecastMode.COLD_START), sight(900.0))
    assert found.wanted == 9
    assert found.forecast == 9000.0
    assert codes(found) == [ReasonCode.REACTIVE_NEED, ReasonCode.FORECAST_NOT_TRUSTED]


def test_blind_the_last_trusted_forecast_speaks_alone() -> None:
    found = need(outlook([1500.0] * 8), None)
    assert (found.observed, found.wanted) == (0, 15)
    assert codes(found) == [ReasonCode.LAST_TRUSTED_FORECAST]


def test_a_forecast_that_has_ended_says_nothing() -> None:
    found = need(outlook([1500.0] * 2), sight(100.0), now=MIDNIGHT + 2 * QUARTER)
    assert (found.wanted, found.forecast) == (1, None)


@pytest.mark.parametrize("poison", [float("nan"), float("inf"), -5000.0])
def test_what_is_not_a_number_asks_for_nothing(poison: float) -> None:
    assert need(outlook([poison] * 8), sight(900.0)).wanted == 9


def test_a_hundredfold_forecast_asks_for_the_maximum_and_no_more() -> None:
    assert need(outlook([1e9] * 8), sight(900.0)).wanted == 100


def test_reserve_is_a_step_of_its_own() -> None:
    found = need(outlook(settings=pool(reserve=Reserve(zones=3, zones_lost=1))), sight(900.0))
    assert (found.observed, found.wanted) == (14, 14)
    assert codes(found) == [ReasonCode.REACTIVE_NEED, ReasonCode.RESERVE]


def test_room_is_kept_for_another_pool_that_may_be_lost() -> None:
    settings = pool(reserve=Reserve(failover=(Failover("media/us", 0.5),)))
    found = need(outlook(settings=settings), sight(900.0, guests=400.0))
    assert found.wanted == 13
    assert found.reasons[0].inputs["guests"] == 400.0


def test_a_forecast_makes_room_for_its_own_guests() -> None:
    settings = pool(reserve=Reserve(failover=(Failover("media/us", 0.5),)))
    issued = forecast({"media/eu": [1000.0] * 8, "media/us": [800.0] * 8})
    ahead = look_ahead([settings, pool("media/us")], forecast=issued, events=())["media/eu"]
    found = need(ahead, sight(900.0, guests=100.0))
    assert found.wanted == 14
    assert found.reasons[1].inputs["guests"] == 400.0


@pytest.mark.parametrize(
    ("refused", "participants", "wanted"),
    # least 1.1, most 1.5, in between 1.1 + 2 x refused share
    [(0.0, 1000.0, 11), (10.0, 1000.0, 12), (100.0, 1000.0, 13), (900.0, 1000.0, 15)],
)
def test_refusals_raise_need_by_a_bounded_factor(
    refused: float, participants: float, wanted: int
) -> None:
    found = need(outlook(), sight(participants, refused=refused, censored=True))
    assert found.observed == found.wanted == wanted


def test_refusals_while_there_is_room_ask_for_nothing_more() -> None:
    found = need(outlook(), sight(1000.0, refused=50.0, relieved=True))
    assert found.wanted == 10
    assert codes(found) == [ReasonCode.REACTIVE_NEED, ReasonCode.SCALED_NO_RELIEF]


def test_growth_adds_what_joins_within_one_lead_time() -> None:
    growth = STEADY
    for tick in range(400):
        growth = growth.seen(2.0 * 15 * tick, now=MIDNIGHT + 15 * (tick + 1))
    found = need(outlook(), sight(1000.0), growth=growth)
    # 2 a second for 360 s: 1,720 participants
    assert found.wanted == 18
    assert found.observed == 10
    assert codes(found)[-1] is ReasonCode.GROWTH_HEADROOM


@pytest.mark.parametrize(("ahead_seconds", "wanted"), [(360, 50), (361, 49), (380, 30), (600, 9)])
def test_an_event_is_prepared_as_late_as_the_supplier_allows(
    ahead_seconds: int, wanted: int
) -> None:
    cup = event(MIDNIGHT + ahead_seconds, participants=5000.0)
    assert need(outlook(events=[cup]), sight(900.0)).wanted == wanted


def test_an_event_holds_until_its_end() -> None:
    cup = event(MIDNIGHT - 1800, participants=5000.0)
    ahead = outlook(events=[cup])
    assert need(ahead, sight(900.0), now=cup.end - 1).wanted == 50
    assert need(ahead, sight(900.0), now=cup.end).wanted == 9


def test_a_multiplier_speaks_of_demand_before_the_event_only() -> None:
    cup = event(MIDNIGHT + 60, multiplier=3.0)
    ahead = outlook(events=[cup])
    assert need(ahead, sight(900.0)).wanted == 27
    assert need(ahead, sight(2700.0), now=cup.start).wanted == 27


def test_a_multiplier_below_one_never_lowers_observed_need() -> None:
    quiet = event(MIDNIGHT + 60, multiplier=0.2)
    assert need(outlook(events=[quiet]), sight(900.0)).wanted == 9


def test_what_an_approval_would_be_too_late_for_is_seen_ahead() -> None:
    ahead = outlook([500.0, 500.0, 4000.0, 4000.0])
    found = need(ahead, sight(100.0), approval_seconds=1800.0)
    assert (found.wanted, found.ahead) == (5, 40)
