from simulations.scenario.links import Answers
from simulations.world.desk import Desk, answer_times


def test_a_question_is_answered_after_its_wait_with_a_margin() -> None:
    desk = Desk(waits=(600, 60), covered=1.1)
    desk.ask(100.0, now=0)

    assert desk.allowance(599) is None
    granted = desk.allowance(600)

    assert granted is not None
    assert granted.up_to == 110.00000000000001
    assert granted.until == 600 + 8 * 3600
    assert (desk.asked, desk.waited_seconds) == (1, 600)


def test_what_is_open_or_allowed_is_not_asked_again() -> None:
    desk = Desk(waits=(600,))
    for now in (0, 60, 120):
        desk.ask(100.0, now)
    assert desk.asked == 1

    desk.allowance(600)
    desk.ask(90.0, 660)
    assert desk.asked == 1

    desk.ask(120.0, 720)
    assert desk.asked == 2


def test_an_approval_lapses() -> None:
    desk = Desk(waits=(1,))
    desk.ask(100.0, 0)
    assert desk.allowance(1) is not None

    assert desk.allowance(1 + 8 * 3600) is None


def test_answers_are_the_same_for_the_same_seed_and_subject() -> None:
    answers = Answers(p50_seconds=600, p95_seconds=1200)

    one = answer_times(answers, seed=1, subject="eu")

    assert one == answer_times(answers, seed=1, subject="eu")
    assert one != answer_times(answers, seed=1, subject="us")
    assert 550 < sorted(one)[len(one) // 2] < 650
