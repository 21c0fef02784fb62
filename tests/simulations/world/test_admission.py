import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulations.scenario.demand import OFFICE_MEETINGS
from simulations.world.admission import Admission, ServerLoad
from simulations.world.meetings import kinds, mix

MIX = mix(kinds(OFFICE_MEETINGS, tick_seconds=60))
LOAD = ServerLoad(rated=300.0, usable=280.0, refusing=340.0)


def door(*, rejoin_ticks: int = 1) -> Admission:
    return Admission(mix=MIX, load=LOAD, patience_ticks=10.0, rejoin_ticks=rejoin_ticks)


def step(
    admission: Admission, joins: float, latent: float, *, ready: int, draining: float = 0.0
) -> tuple[float, float]:
    return admission.step(joins, latent, ready=ready, draining=draining, killed=0.0)


def test_everybody_gets_in_while_there_is_room() -> None:
    assert step(door(), 200.0, 3000.0, ready=10) == (3000.0, 0.0)


def test_joins_beyond_the_servers_are_blocked() -> None:
    present, blocked = step(door(), 1000.0, 4000.0, ready=10)

    assert present == pytest.approx(3400.0)
    assert blocked == pytest.approx(600.0)


def test_the_blocked_get_in_as_retries_and_not_as_joins() -> None:
    admission = door()
    step(admission, 1000.0, 4000.0, ready=10)

    present, blocked = step(admission, 100.0, 4000.0, ready=20)

    assert (present, blocked) == (4000.0, 0.0)
    assert admission.waiting == 0.0
    assert admission.sums.retried == pytest.approx(600.0, rel=0.01)
    assert admission.sums.attempted == 1100.0


def test_who_waits_long_gives_up_and_stays_away() -> None:
    admission = door()
    for _ in range(10):
        step(admission, 0.0 if admission.waiting else 600.0, 4000.0, ready=10)

    present, _ = step(admission, 0.0, 4000.0, ready=20)

    # patience is exponential with a mean of 10 ticks: after 9 tries in vain exp(-0.9) are left
    left = admission.sums.retried
    assert admission.sums.gave_up == pytest.approx(left * (1 / math.exp(-0.9) - 1), rel=0.02)
    assert present < 4000.0


def test_nobody_enters_without_a_server() -> None:
    assert step(door(), 10.0, 10.0, ready=0) == (0.0, 10.0)


def test_draining_servers_take_no_joins() -> None:
    present, blocked = step(door(), 100.0, 1000.0, ready=1, draining=560.0)

    assert blocked == pytest.approx(100.0)
    assert present == pytest.approx(900.0)


def test_the_killed_rejoin_as_retries() -> None:
    admission = door()
    admission.step(0.0, 1000.0, ready=2, draining=0.0, killed=400.0)

    assert admission.sums.attempted == 0.0
    assert admission.sums.killed == 400.0
    assert admission.sums.retried == pytest.approx(80.0)


@pytest.mark.parametrize(
    ("participants", "degraded"),
    [
        (2799.0, 0.0),  # below what rooms leave usable: every server within its rating
        (3000.0, 3000.0 * (320.0**2 - 300.0**2) / (4 * 20.0 * 300.0)),  # loads of 280 to 320
        (3200.0, 3200.0),  # loads of 300 to 340: all above the rating
    ],
)
def test_degradation_begins_where_servers_fall_short(participants: float, degraded: float) -> None:
    assert LOAD.degraded(participants, 10) == pytest.approx(degraded)


def test_without_servers_nothing_degrades() -> None:
    assert LOAD.degraded(0.0, 0) == 0.0


def test_a_herd_comes_back_at_once_without_jitter_and_evenly_with_it() -> None:
    at_once, spread = door(), door(rejoin_ticks=4)
    for admission in (at_once, spread):
        admission.step(0.0, 1000.0, ready=9, draining=0.0, killed=400.0)

    assert at_once.sums.retried == pytest.approx(400.0)
    assert spread.sums.retried == pytest.approx(100.0)

    for _ in range(3):
        spread.step(0.0, 1000.0, ready=9, draining=0.0, killed=0.0)

    assert spread.sums.retried == pytest.approx(400.0)


def test_a_shut_door_lets_nobody_in_and_that_is_not_for_want_of_servers() -> None:
    admission = door()

    present, refused = admission.step(50.0, 250.0, ready=9, draining=0.0, killed=0.0, shut=True)

    assert (present, refused) == (200.0, 50.0)
    assert (admission.sums.failed, admission.sums.blocked) == (50.0, 0.0)


def test_links_bound_how_many_may_be_present() -> None:
    admission = door()

    present, blocked = admission.step(100.0, 1000.0, ready=9, draining=0.0, killed=0.0, most=960.0)

    assert present == pytest.approx(960.0)
    assert blocked == pytest.approx(40.0)


@given(
    rejoin_ticks=st.integers(1, 5),
    ticks=st.lists(
        st.tuples(st.floats(0, 5000), st.integers(0, 20), st.floats(0, 300), st.booleans()),
        min_size=1,
        max_size=60,
    ),
)
def test_every_join_is_served_refused_or_retried(
    rejoin_ticks: int, ticks: list[tuple[float, int, float, bool]]
) -> None:
    admission = door(rejoin_ticks=rejoin_ticks)
    latent, present = 0.0, 0.0
    for joins, ready, killed, shut in ticks:
        latent = latent * 0.97 + joins
        present, refused = admission.step(
            joins,
            latent,
            ready=ready,
            draining=0.0,
            killed=min(killed, 0.9 * present),
            shut=shut,
        )
        sums = admission.sums

        assert 0.0 <= refused <= joins
        assert -1e-6 <= present <= latent + 1e-6
        assert sums.attempted == pytest.approx(sums.served + sums.blocked + sums.failed)
        resolved = sums.retried + sums.gave_up + sums.ended + admission.waiting + admission.coming
        turned_away = sums.blocked + sums.failed + sums.killed
        assert turned_away == pytest.approx(resolved, abs=1e-3)
