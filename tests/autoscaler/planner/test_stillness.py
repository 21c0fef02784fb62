import pytest

from autoscaler.planner.stillness import NOTHING_READ, Stillness

STILL = Stillness(2431.0, since=0)


def test_a_number_is_as_old_as_its_first_reading() -> None:
    assert NOTHING_READ.looked(7.0, now=60) == Stillness(7.0, 60)
    assert STILL.looked(2431.0, now=60) is STILL
    assert STILL.looked(None, now=60) is STILL
    assert STILL.looked(2430.0, now=60) == Stillness(2430.0, 60)


@pytest.mark.parametrize(
    ("participants", "now", "hangs"),
    [
        (2431.0, 600, True),
        (2431.0, 599, False),
        (2430.0, 600, False),  # somebody left
    ],
)
def test_many_people_do_not_stand_still_for_ten_minutes(
    participants: float, now: int, hangs: bool
) -> None:
    assert STILL.hangs(participants, now=now) is hangs


def test_a_few_people_may_stand_still_all_night() -> None:
    assert not Stillness(49.0, since=0).hangs(49.0, now=36_000)
