import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulations.scenario.demand import OFFICE_MEETINGS
from simulations.world.admission import Admission, ServerLoad
from simulations.world.meetings import kinds, mix

MIX = mix(kinds(OFFICE_MEETINGS, tick_seconds=60))
LASTING = mix(kinds(OFFICE_MEETINGS, tick_seconds=1))
"""Meetings so long, in ticks, that none ends within a test."""
LOAD = ServerLoad(rated=300.0, usable=280.0, refusing=340.0)


def door(*, rejoin_ticks: int = 1) -> Admission:
    return Admission(mix=MIX, load=LOAD, patience_ticks=10.0, rejoin_ticks=rejoin_ticks)


def step(
    admission: Admission, joins: float, latent: float, *, ready: int, draining: float = 0.0
) -> tuple[float, float]:
    return admission.step(joins, latent, ready=ready, draining=draining, killed=0.0)


def test_everybody_gets_in_while_there_is_room() -> None:
    assert step(door(), 200.0, 2000.0, ready=10) == (2000.0, 0.0)


def test_large_rooms_find_no_server_with_enough_seats_before_all_are_full() -> None:
    present, blocked = step(door(), 200.0, 3100.0, ready=10)

    # 700 seats are left, about 1.7 x 70 on the emptiest server
    assert blocked == pytest.approx(200.0 * MIX.rooms.share_refused(119.0))
    assert 2.0 < blocked < 8.0
    assert present == pytest.approx(3100.0 - blocked)


def test_joins_beyond_the_servers_are_blocked() -> None:
    present, blocked = step(door(), 1000.0, 4000.0, ready=10)

    assert present == pytest.approx(3600.0)
    assert blocked == pytest.approx(400.0)


def test_the_blocked_wait_for_the_server_that_holds_their_room() -> None:
    admission = door()
    step(admission, 1000.0, 4000.0, ready=10)

    _, blocked = step(admission, 100.0, 4000.0, ready=20)

    # new servers take newcomers; on each of the 20 a third of those who leave make room
    assert blocked == 0.0
    assert admission.sums.retried == pytest.approx(20 * 0.35 * 360.0 / MIX.mean_stay)
    assert admission.sums.attempted == 1100.0


def test_who_waits_long_gives_up_and_stays_away() -> None:
    admission = door()
    for _ in range(10):
        present, _ = step(admission, 0.0 if admission.waiting else 1000.0, 4000.0, ready=10)

    # patience is exponential with a mean of 10 ticks: after 9 tries in vain exp(-0.9) are left
    assert admission.sums.retried == 0.0
    assert admission.waiting == pytest.approx((4000.0 - present) * math.exp(-0.9))


def test_nobody_enters_without_a_server() -> None:
    assert step(door(), 10.0, 10.0, ready=0) == (0.0, 10.0)


def test_draining_servers_take_no_joins() -> None:
    present, blocked = step(door(), 100.0, 1000.0, ready=1, draining=540.0)

    assert blocked == pytest.approx(100.0)
    assert present == pytest.approx(900.0)


def test_who_is_on_draining_servers_takes_no_seat_of_others() -> None:
    assert step(door(), 100.0, 1000.0, ready=2, draining=540.0) == (1000.0, 0.0)


def test_the_killed_rejoin_as_retries() -> None:
    admission = door()
    admission.step(0.0, 1000.0, ready=2, draining=0.0, killed=400.0)

    assert admission.sums.attempted == 0.0
    assert admission.sums.killed == 400.0
    assert admission.sums.retried == pytest.approx(120.0)


def test_behind_a_shut_door_nobody_has_a_room_yet() -> None:
    admission = door()
    admission.step(500.0, 500.0, ready=9, draining=0.0, killed=0.0, shut=True)

    step(admission, 0.0, 500.0, ready=9)

    assert admission.waiting == 0.0


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


@given(
    rejoin_ticks=st.integers(1, 5),
    ticks=st.lists(
        st.tuples(
            st.floats(0, 2000),
            st.integers(0, 20),
            st.floats(0, 300),
            st.floats(0, 1),
            st.just(math.inf) | st.floats(0, 5000),
            st.booleans(),
        ),
        min_size=1,
        max_size=40,
    ),
)
def test_while_no_meeting_ends_everybody_is_present_or_waits_or_gave_up(
    rejoin_ticks: int, ticks: list[tuple[float, int, float, float, float, bool]]
) -> None:
    admission = Admission(mix=LASTING, load=LOAD, patience_ticks=10.0, rejoin_ticks=rejoin_ticks)
    latent, present = 0.0, 0.0
    for joins, ready, thrown_out, share, most, shut in ticks:
        killed = min(thrown_out, present)
        draining = share * (present - killed)
        inside = present - killed - draining
        latent += joins
        present, _ = admission.step(
            joins, latent, ready=ready, draining=draining, killed=killed, most=most, shut=shut
        )

        away = admission.waiting + admission.coming + admission.sums.gave_up
        assert latent == pytest.approx(present + away, abs=1e-3)
        assert admission.sums.ended == pytest.approx(0.0, abs=1e-3)
        seats = min(ready * LOAD.seats, most - draining)
        assert present - draining <= max(inside, 0.0 if shut else seats) + 1e-3
