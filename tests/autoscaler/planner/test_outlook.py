import pytest

from autoscaler.planner.outlook import look_ahead
from autoscaler.planner.settings import Failover, Reserve
from autoscaler.planner.steps import MOST_STEPS, Rise, rises
from forecast.calendar import Event
from forecast.result import ForecastMode
from tests.autoscaler.planner.examples import MIDNIGHT, QUARTER, forecast, limits, pool, releasing


def test_pools_are_looked_ahead_at_their_own_quantile() -> None:
    cautious, bold = pool("a", quantile=0.99), pool("b", quantile=0.5)
    issued = forecast({"b": [1000.0], "a": [1000.0]}, spread=0.1)
    ahead = look_ahead([cautious, bold], forecast=issued, events=())
    assert ahead["a"].path is not None
    assert ahead["b"].path is not None
    assert list(ahead["a"].path.demand) == [1300.0]
    assert list(ahead["b"].path.demand) == [1000.0]
    assert list(ahead["b"].path.upper) == [1300.0]


def test_a_pool_that_was_not_forecast_has_no_path() -> None:
    ahead = look_ahead([pool("a")], forecast=forecast({"b": [1.0]}), events=())
    assert ahead["a"].path is None


def test_events_reach_the_pools_they_concern() -> None:
    cup = Event("cup", frozenset({"a"}), MIDNIGHT, MIDNIGHT + 60, None, 100.0)
    ahead = look_ahead([pool("a"), pool("b")], forecast=None, events=[cup])
    assert (ahead["a"].events, ahead["b"].events) == ((cup,), ())


def test_reserve_is_launched_too_so_the_ramp_of_what_is_needed_is_less() -> None:
    # 60 a minute, of which a third is reserve: two every three seconds
    reserve = Reserve(zones=3, zones_lost=1)
    assert look_ahead([pool(reserve=reserve)], forecast=None, events=())[
        "media/eu"
    ].ramp == pytest.approx(2.0 / 3.0)


def test_room_is_made_for_the_dearest_of_the_pools_that_may_be_lost() -> None:
    failover = (Failover("b", 0.5), Failover("c", 1.0), Failover("unknown", 1.0))
    pools = [pool("a", reserve=Reserve(failover=failover)), pool("b"), pool("c")]
    issued = forecast({"a": [100.0, 100.0], "b": [900.0, 0.0], "c": [300.0, 300.0]})
    path = look_ahead(pools, forecast=issued, events=())["a"].path
    assert path is not None
    assert list(path.guests) == [450.0, 300.0]
    assert list(path.supply) == [6.0, 4.0]


def test_a_poisoned_step_does_not_ask_for_the_maximum_days_ahead() -> None:
    slow = pool(limits=limits(max_servers=100, launch_per_minute=1.0))
    issued = forecast({"media/eu": [100.0] * 40 + [1e12]})
    path = look_ahead([slow], forecast=issued, events=())["media/eu"].path
    assert path is not None
    assert list(path.supply[:34]) == [1.0] * 34  # 100 servers at one a minute: 6.7 steps before


def plan(path: list[float], *, floor: int, falls: bool = False) -> tuple[Rise, ...]:
    settings = pool(release=releasing()) if falls else pool()
    ahead = look_ahead([settings], forecast=forecast({"media/eu": path}), events=())
    assert ahead["media/eu"].path is not None
    return rises(ahead["media/eu"].path, floor=floor, after=MIDNIGHT)


def at(steps: int) -> int:
    return MIDNIGHT + steps * QUARTER


def test_the_plan_is_the_rises_above_what_is_there() -> None:
    found = plan([500.0, 500.0, 900.0, 700.0, 1500.0], floor=6)
    assert [(rise.serve_at, rise.from_, rise.to) for rise in found] == [
        (at(2), 6, 9),
        (at(4), 9, 15),
    ]
    assert (found[1].participants, found[1].due) == (1500.0, at(4))


def test_what_is_due_now_is_no_plan() -> None:
    assert plan([5000.0, 500.0], floor=6) == ()


def test_where_floors_fall_the_next_morning_is_a_rise_again() -> None:
    days = [900.0] * 4 + [200.0] * 4 + [900.0]
    assert plan(days, floor=9) == ()
    (morning,) = plan(days, floor=9, falls=True)
    # half an hour after 01:00 the floor may be 2 again; it is 9 at 02:00
    assert (morning.serve_at, morning.from_, morning.to) == (at(8), 2, 9)


def test_a_long_plan_is_told_in_twelve_steps() -> None:
    found = plan([100.0 * step for step in range(1, 60)], floor=1)
    assert len(found) == MOST_STEPS
    assert found[-1].to == 59
    assert [rise.to for rise in found[:-1]] == [rise.from_ for rise in found[1:]]


def test_no_plan_from_a_forecast_that_is_not_trusted() -> None:
    issued = forecast({"media/eu": [100.0, 5000.0]}, mode=ForecastMode.COLD_START)
    path = look_ahead([pool()], forecast=issued, events=())["media/eu"].path
    assert path is not None
    assert rises(path, floor=1, after=MIDNIGHT) == ()
