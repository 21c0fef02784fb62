"""Nobody leaves a draining server but with the meeting, or when the server goes."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulations.scenario.demand import OFFICE_MEETINGS
from simulations.world.draining import Draining
from simulations.world.meetings import kinds, mix

MIX = mix(kinds(OFFICE_MEETINGS, tick_seconds=60))
TICKS = 60


def draining(*, grace_ticks: int = 30) -> Draining:
    return Draining(MIX, grace_ticks=grace_ticks, ticks=TICKS)


def test_people_leave_as_their_meetings_end_and_the_rest_is_thrown_out() -> None:
    servers = draining(grace_ticks=30)
    servers.add(4, rooms=80.0, participants=800.0, tick=5)

    at = np.arange(30)
    assert servers.participants[5:35].tolist() == (800.0 * MIX.participant_rest[at]).tolist()
    assert servers.participants[35] == 0.0
    killed = servers.killed(35)
    assert killed.participants == pytest.approx(800.0 * MIX.participant_rest[30])
    assert killed.rooms == pytest.approx(80.0 * MIX.room_rest[30])


def test_a_server_without_a_room_goes_at_once() -> None:
    servers = draining()
    servers.add(10, rooms=3.0, participants=30.0, tick=0)

    assert servers.servers[0] == 3.0
    assert np.diff(servers.servers[:30]).max() <= 0.0


@given(
    st.lists(
        st.tuples(
            st.integers(0, TICKS - 1),
            st.integers(1, 20),
            st.floats(0.0, 30.0),
            st.none() | st.integers(0, 30),
        ),
        max_size=6,
    )
)
def test_those_told_together_are_those_told_one_by_one(
    told: list[tuple[int, int, float, int | None]],
) -> None:
    together, apart = draining(), [draining() for _ in told]
    for each, (tick, servers, rooms, notice) in zip(apart, told, strict=True):
        for one in (together, each):
            one.add(
                servers,
                rooms=rooms * servers,
                participants=9.0 * rooms * servers,
                tick=tick,
                notice_ticks=notice,
            )

    for column in ("servers", "participants"):
        alone = sum((getattr(one, column) for one in apart), np.zeros(together.servers.size))
        np.testing.assert_allclose(getattr(together, column), alone)
    for name in ("rooms", "lost", "participants"):
        for tick in range(TICKS + 30):
            ended = sum(getattr(one.killed(tick), name) for one in apart)
            assert getattr(together.killed(tick), name) == pytest.approx(ended)
