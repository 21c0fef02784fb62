"""What each guard does to 20 servers needed where 10 are in force, at 1.00 an hour each."""

import pytest

from autoscaler.engine.wording import sentence
from autoscaler.planner.case import Case
from autoscaler.planner.guards import guard
from autoscaler.planner.inventory import Controls, Freeze
from autoscaler.planner.reasons import ReasonCode
from autoscaler.planner.run_out import RunOut
from autoscaler.planner.settings import Mode, OnExceeded, SupplyLimit
from autoscaler.planner.spend import Spend, month_of
from tests.autoscaler.planner.cases import allowance, case, guarded, state, surging
from tests.autoscaler.planner.examples import MIDNIGHT, limits, pool, releasing, servers

LATER = MIDNIGHT + 3600


def limited(**changes: object) -> Case:
    """20 are wanted, of which observed demand needs 12."""
    return case(observed=12, settings=pool(limits=limits(**changes)))


@pytest.mark.parametrize(
    ("given", "floor", "codes"),
    [
        (case(), 20, []),
        # bounds
        (case(1), 10, [ReasonCode.MIN_REPLICAS, ReasonCode.RELEASE_NEVER]),
        (case(1, previous=0), 2, [ReasonCode.MIN_REPLICAS]),
        (limited(max_servers=15), 15, [ReasonCode.MAX_REPLICAS]),
        # launches: 10 are there and 3 more may be
        (case(state=state(tokens=3.9)), 13, [ReasonCode.LAUNCH_RATE]),
        # 16 exist already, so that only 4 are launched
        (case(inventory=servers(16, floor=10), state=state(tokens=4.0)), 20, []),
        # quota is a fact: observed need has to live with it too
        (limited(quota=11), 11, [ReasonCode.QUOTA]),
        (limited(quota=5), 10, [ReasonCode.QUOTA]),
        # link and money hold back what a forecast adds
        (case(observed=12, link_servers=14, link="x"), 14, [ReasonCode.LINK_CAPACITY]),
        (case(observed=12, link_servers=8, link="x"), 12, [ReasonCode.LINK_CAPACITY]),
        # observed demand is above what the link carries: nothing is held back, and it is said
        (case(observed=20, link_servers=8, link="x"), 20, [ReasonCode.LINK_CAPACITY]),
        (case(observed=20, link_servers=20, link="x"), 20, []),
        (limited(max_hourly_cost=14.0), 14, [ReasonCode.COST_CEILING]),
        (limited(max_hourly_cost=11.0), 12, [ReasonCode.COST_CEILING]),
        (limited(max_hourly_cost=5.0), 12, [ReasonCode.COST_CEILING]),
        (limited(approval_above=15), 15, [ReasonCode.APPROVAL_NEEDED]),
        (limited(approval_above=11), 12, [ReasonCode.APPROVAL_NEEDED]),
        # the first that limits is named, a later one that would not have is not
        (limited(max_servers=15, max_hourly_cost=18.0), 15, [ReasonCode.MAX_REPLICAS]),
    ],
)
def test_limits(given: Case, floor: int, codes: list[ReasonCode]) -> None:
    assert guarded(given) == (floor, codes)


def test_the_tightest_limit_of_supply_is_named_with_when_it_bites() -> None:
    supply = (SupplyLimit("vcpu-quota", 18), SupplyLimit("public-addresses", 15))
    bites = (
        RunOut(name="vcpu-quota", demand=1800.0, date_p50=None, date_p90=LATER),
        RunOut(name="public-addresses", demand=1500.0, date_p50=LATER, date_p90=MIDNIGHT),
    )

    draft = guard(limited(supply=supply)._replace(limits=bites))

    (reason,) = draft.reasons
    assert (draft.number, reason.code) == (15, ReasonCode.QUOTA)
    assert reason.inputs == {
        "limit": "public-addresses",
        "servers": 15,
        "bitesAt": 1500.0,
        "dateP50": LATER,
        "dateP90": MIDNIGHT,
    }
    assert sentence(reason) == (
        "public-addresses allows 15 (bites at 1,500 participants, which growth reaches on"
        " 2026-11-23, 2026-11-23 at its P90)"
    )


class TestMonthlyCeiling:
    """1.00 an hour each; 1000 a month."""

    @pytest.mark.parametrize(
        ("spent", "floor", "codes"),
        [
            (900.0, 20, []),  # 100 are left: an hour of 100 servers
            (986.0, 14, [ReasonCode.COST_CEILING]),
            (1200.0, 12, [ReasonCode.COST_CEILING]),  # observed need is served all the same
        ],
    )
    def test_what_is_left_pays_for_an_hour(
        self, spent: float, floor: int, codes: list[ReasonCode]
    ) -> None:
        before = state(spend=Spend(month_of(MIDNIGHT), spent, 10.0, 168.0))
        given = limited(max_monthly_cost=1000.0)._replace(state=before)

        assert guarded(given) == (floor, codes)
        assert guard(given).ask == (20 if codes else 0)

    def test_an_approval_pays_beyond_it(self) -> None:
        spent = state(spend=Spend(month_of(MIDNIGHT), 1200.0, 10.0, 168.0))
        given = limited(max_monthly_cost=1000.0)._replace(
            state=spent, controls=allowance(20, cost=17.0)
        )

        assert guarded(given)[0] == 17

    def test_the_ceiling_that_leaves_less_is_named(self) -> None:
        spent = state(spend=Spend(month_of(MIDNIGHT), 985.0, 10.0, 168.0))
        given = limited(max_monthly_cost=1000.0, max_hourly_cost=16.0)._replace(state=spent)

        (reason,) = guard(given).reasons

        assert sentence(reason).startswith("985 of 1,000 a month are spent, at 1 an hour each")


@pytest.mark.parametrize(
    ("given", "floor", "codes"),
    [
        (case(5, blind=True), 10, [ReasonCode.BLIND_HOLD]),
        (case(20, blind=True), 20, [ReasonCode.BLIND_HOLD]),
        (case(5, state=surging()), 10, [ReasonCode.SURGE_HOLD]),
        (case(20, state=surging()), 20, []),
    ],
)
def test_nothing_falls_while_blind_or_in_a_surge(
    given: Case, floor: int, codes: list[ReasonCode]
) -> None:
    free = given._replace(settings=pool(release=releasing()))
    assert guarded(free) == (floor, codes)


def test_nothing_falls_below_the_maximum_while_blind() -> None:
    lowered = pool(limits=limits(max_servers=8), release=releasing())
    assert guarded(case(20, blind=True, settings=lowered))[0] == 10


class TestFreezeAndPin:
    def test_a_freeze_of_all_holds_even_what_demand_needs(self) -> None:
        frozen = Controls(freeze=Freeze.ALL, freeze_until=LATER)
        given = case(20, observed=20, controls=frozen)
        assert guarded(given) == (10, [ReasonCode.FROZEN])

    def test_a_freeze_ends(self) -> None:
        frozen = Controls(freeze=Freeze.ALL, freeze_until=MIDNIGHT)
        assert guarded(case(20, controls=frozen)) == (20, [])

    def test_a_pin_replaces_what_is_wanted(self) -> None:
        pinned = Controls(pinned=14, pin_until=LATER)
        assert guarded(case(20, controls=pinned)) == (14, [ReasonCode.PINNED])

    def test_a_pin_lowers_without_a_release_policy_but_not_below_occupied(self) -> None:
        pinned = Controls(pinned=4, pin_until=LATER)
        given = case(20, controls=pinned, inventory=servers(10, occupied=9))
        assert guarded(given) == (9, [ReasonCode.PINNED, ReasonCode.OCCUPIED])

    def test_a_pin_does_not_lower_while_blind(self) -> None:
        pinned = Controls(pinned=4, pin_until=LATER)
        assert guarded(case(20, controls=pinned, blind=True))[0] == 10

    def test_a_pin_needs_no_approval_and_no_money(self) -> None:
        settings = pool(limits=limits(approval_above=12, max_hourly_cost=12.0))
        pinned = Controls(pinned=25, pin_until=LATER)
        assert guarded(case(20, controls=pinned, settings=settings)) == (25, [ReasonCode.PINNED])


class TestApprovals:
    def test_a_person_is_asked_for_all_that_is_wanted(self) -> None:
        assert guard(limited(approval_above=15)).ask == 20

    def test_a_person_is_asked_as_early_as_an_approval_takes(self) -> None:
        early = case(12, ahead=40, settings=pool(limits=limits(approval_above=15)))
        draft = guard(early)
        assert (draft.number, draft.ask) == (12, 40)
        assert [reason.code for reason in draft.reasons] == [ReasonCode.APPROVAL_NEEDED]

    def test_an_allowance_covers_what_lies_inside_it(self) -> None:
        settings = pool(limits=limits(approval_above=15))
        draft = guard(case(20, settings=settings, controls=allowance(25)))
        assert (draft.number, draft.ask, draft.reasons) == (20, 0, [])

    def test_what_lies_beyond_it_is_asked_for_again(self) -> None:
        settings = pool(limits=limits(approval_above=15))
        draft = guard(case(30, settings=settings, controls=allowance(25)))
        assert (draft.number, draft.ask) == (25, 30)

    def test_its_money_counts_too(self) -> None:
        settings = pool(limits=limits(approval_above=15))
        draft = guard(case(30, settings=settings, controls=allowance(30, cost=18.0)))
        assert (draft.number, draft.ask) == (18, 30)

    def test_it_ends(self) -> None:
        settings = pool(limits=limits(approval_above=15))
        draft = guard(case(20, settings=settings, controls=allowance(25, hours=0)))
        assert (draft.number, draft.ask) == (15, 20)

    def test_what_was_approved_once_is_not_taken_back_when_it_ends(self) -> None:
        settings = pool(limits=limits(approval_above=15))
        assert guarded(case(20, previous=20, settings=settings)) == (20, [])

    def test_nobody_is_asked_for_what_demand_needs(self) -> None:
        given = case(20, observed=20, settings=pool(limits=limits(approval_above=15)))
        assert guard(given).ask == 0

    def test_recommend_asks_for_everything(self) -> None:
        draft = guard(case(20, observed=20, settings=pool(mode=Mode.RECOMMEND)))
        assert (draft.number, draft.ask) == (10, 20)

    def test_recommend_does_what_was_approved(self) -> None:
        given = case(20, settings=pool(mode=Mode.RECOMMEND), controls=allowance(18))
        draft = guard(given)
        assert (draft.number, draft.ask) == (18, 20)

    def test_recommend_gives_nothing_back_unasked(self) -> None:
        settings = pool(mode=Mode.RECOMMEND, release=releasing())
        assert guarded(case(5, settings=settings)) == (10, [ReasonCode.RELEASE_NEVER])


class TestCostCeiling:
    def test_asking_is_the_default(self) -> None:
        assert guard(limited(max_hourly_cost=14.0)).ask == 20

    def test_clamping_asks_nobody(self) -> None:
        draft = guard(limited(max_hourly_cost=14.0, on_exceeded=OnExceeded.CLAMP))
        assert (draft.number, draft.ask) == (14, 0)

    def test_approved_money_raises_it(self) -> None:
        settings = pool(limits=limits(max_hourly_cost=14.0))
        draft = guard(case(20, settings=settings, controls=allowance(30, cost=17.0)))
        assert (draft.number, draft.ask) == (17, 20)

    def test_clamping_is_not_bought_off(self) -> None:
        settings = pool(limits=limits(max_hourly_cost=14.0, on_exceeded=OnExceeded.CLAMP))
        assert guarded(case(20, settings=settings, controls=allowance(30, cost=30.0)))[0] == 14


@pytest.mark.parametrize(
    ("given", "asked"),
    [
        (limited(approval_above=15, max_hourly_cost=13.0), 20),
        (limited(approval_above=15, max_servers=18), 18),
        (limited(approval_above=15, quota=17), 17),
    ],
)
def test_nobody_is_asked_for_what_other_limits_forbid(given: Case, asked: int) -> None:
    assert guard(given).ask == asked
