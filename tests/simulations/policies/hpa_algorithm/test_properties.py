"""What holds for every sequence of proposals, under the default behavior."""

from collections.abc import Sequence
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from simulations.policies.hpa_algorithm.behavior import Behavior
from simulations.policies.hpa_algorithm.controller import SYNC_SECONDS, Memory, sync

LEAST, MOST = 2, 500
WINDOW = 300 // SYNC_SECONDS
PROPOSALS = st.lists(st.one_of(st.none(), st.integers(0, 2000)), min_size=1, max_size=60)


def follow(proposals: Sequence[int | None], *, current: int) -> list[int]:
    memory = Memory()
    counts = [current]
    for index, proposal in enumerate(proposals):
        current, _, memory = sync(
            memory,
            now=index * SYNC_SECONDS,
            current=current,
            proposal=proposal,
            bounds=(LEAST, MOST),
            behavior=Behavior(),
        )
        counts.append(current)
    return counts


@given(PROPOSALS, st.integers(1, 1000))
def test_counts_stay_within_bounds(proposals: Sequence[int | None], current: int) -> None:
    assert all(LEAST <= count <= MOST for count in follow(proposals, current=current)[1:])


@given(PROPOSALS, st.integers(LEAST, MOST))
def test_a_period_adds_no_more_than_the_larger_of_four_and_the_same_again(
    proposals: Sequence[int | None], current: int
) -> None:
    counts = follow(proposals, current=current)

    for before, after in pairwise(counts):
        assert after <= max(2 * before, before + 4)


@given(PROPOSALS, st.integers(LEAST, MOST))
def test_nothing_is_removed_below_any_recommendation_of_five_minutes(
    proposals: Sequence[int | None], current: int
) -> None:
    counts = follow(proposals, current=current)

    for index, (before, after) in enumerate(pairwise(counts)):
        if after < before:
            recent = [each for each in proposals[max(0, index - WINDOW + 1) : index + 1] if each]
            assert after >= min(max(recent, default=0), MOST)
