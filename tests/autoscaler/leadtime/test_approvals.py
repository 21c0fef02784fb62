import pytest
from hypothesis import given
from hypothesis import strategies as st

from autoscaler.leadtime.approvals import APPROVAL_SECONDS, Approvals

HOUR = 3600


def answered(*waits: int) -> Approvals:
    """Approve after so many seconds each, a day apart."""
    known = Approvals()
    for day, wait in enumerate(waits):
        asked = 86_400 * day
        known = known.asking(now=asked).settled(approved=True, now=asked + wait)
    return known


def test_before_anybody_answered_half_an_hour_is_assumed() -> None:
    assert Approvals().seconds == APPROVAL_SECONDS == 1800.0


def test_slow_people_are_believed_at_once_and_quick_ones_after_a_handful() -> None:
    assert answered(2 * HOUR).seconds == 2 * HOUR
    assert answered(60).seconds > 1500.0
    assert answered(60, 60, 60, 60, 60).seconds == 60.0


def test_a_slow_answer_is_forgotten_after_many_quick_ones() -> None:
    assert answered(2 * HOUR, *[60] * 19).seconds == 60.0


def test_the_question_begins_with_the_first_tick_that_asks() -> None:
    known = Approvals().asking(now=0).asking(now=600).settled(approved=True, now=900)
    assert known.waits == (900.0,)


def test_what_went_away_unanswered_is_no_answer() -> None:
    known = Approvals().asking(now=0).settled(approved=False, now=HOUR)
    assert known == Approvals()


def test_an_open_question_lengthens_what_is_expected() -> None:
    waiting = answered(600, 600, 600, 600, 600).asking(now=10**6)
    assert waiting.asking(now=10**6 + 300) is waiting
    assert waiting.asking(now=10**6 + 2000).seconds == 2000.0


@given(st.lists(st.integers(0, 10 * HOUR), max_size=30))
def test_never_zero_and_never_beyond_what_was_seen(waits: list[int]) -> None:
    known = answered(*waits)
    assert 1.0 <= known.seconds <= max([APPROVAL_SECONDS, *waits])
    assert len(known.waits) <= 20


@pytest.mark.parametrize("approved", [True, False])
def test_nobody_was_asked_and_nothing_is_learned(approved: bool) -> None:
    known = answered(60)
    assert known.settled(approved=approved, now=10**6) is known
