"""Conditions as KEP-1623 has them."""

from autoscaler.controller.conditions import Finding, news, set_condition, set_conditions
from autoscaler.controller.times import moment
from autoscaler.resources.common import ConditionStatus

TRUE, FALSE = ConditionStatus.TRUE, ConditionStatus.FALSE
READY = Finding("Ready", TRUE, "AsIntended", "all is well")


def test_a_new_condition_began_now() -> None:
    (condition,) = set_condition((), READY, generation=3, now=100)

    assert condition.last_transition_time == moment(100)
    assert condition.observed_generation == 3


def test_reason_and_message_change_within_a_status_and_its_time_stays() -> None:
    before = set_condition((), READY, generation=1, now=100)

    (after,) = set_condition(
        before, READY._replace(reason="Other", message="still"), generation=2, now=200
    )

    assert after.last_transition_time == moment(100)
    assert (after.reason, after.message, after.observed_generation) == ("Other", "still", 2)


def test_a_flip_begins_anew() -> None:
    before = set_condition((), READY, generation=1, now=100)

    (after,) = set_condition(before, READY._replace(status=FALSE), generation=1, now=200)

    assert after.last_transition_time == moment(200)


def test_each_stays_in_its_place_and_what_nobody_sets_goes() -> None:
    blind, old = Finding("Blind", FALSE, "DemandTrusted", ""), Finding("Old", TRUE, "Gone", "")
    before = set_conditions((), (old, READY, blind), generation=1, now=100)

    after = set_conditions(before, (blind, READY), generation=1, now=200)

    assert [condition.type for condition in after] == ["Ready", "Blind"]


def test_a_message_is_cut_to_what_the_api_takes() -> None:
    (condition,) = set_condition((), READY._replace(message="x" * 40_000), generation=1, now=1)

    assert len(condition.message) == 32_768


def test_news_is_another_status_or_reason_but_not_another_message() -> None:
    blind = Finding("Blind", FALSE, "DemandTrusted", "")
    before = (READY, blind)

    assert news(before, (READY._replace(message="12 servers"), blind)) == ()
    assert news(before, (READY._replace(reason="Other"), blind)) == (
        READY._replace(reason="Other"),
    )
    assert news((), before) == before
