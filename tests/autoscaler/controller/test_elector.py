"""Who may write: never two, whoever is slow, frozen or cut off, and soon another."""

from dataclasses import dataclass, field, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autoscaler.controller.elector import LEASE_SECONDS, PERIOD, VALID_SECONDS, Elector
from autoscaler.errors import UnavailableError, WriteConflictError
from autoscaler.ports.lease import LeaseRecord


@dataclass
class Ticking:
    """A machine's clocks: the one that may be set is of no use to anybody here."""

    seconds: float = 0.0

    def now(self) -> int:
        return 0

    def monotonic(self) -> float:
        return self.seconds


@dataclass
class MemoryLease:
    """A lease that an API server keeps: changes are checked, and requests may fail."""

    record: LeaseRecord | None = None
    down: bool = False
    deaf: bool = False
    """Takes what is asked, and its answer is lost."""
    asked: list[str] = field(default_factory=list)

    def read(self) -> LeaseRecord | None:
        self._reach("read")
        return self.record

    def take(
        self, seen: LeaseRecord | None, *, holder: str, seconds: float, now: int
    ) -> LeaseRecord:
        self._reach("take")
        hands = 0 if seen is None else seen.transitions + 1
        return self._change(
            seen,
            LeaseRecord(uid="1", revision="0", holder=holder, seconds=seconds, transitions=hands),
        )

    def renew(self, seen: LeaseRecord, *, now: int) -> LeaseRecord:
        self._reach("renew")
        return self._change(seen, seen)

    def give_back(self, seen: LeaseRecord, *, now: int) -> None:
        self._reach("give back")
        self._change(seen, replace(seen, holder="", seconds=1.0))

    def _reach(self, what: str) -> None:
        if self.down:
            raise UnavailableError("no answer")
        self.asked.append(what)

    def _change(self, seen: LeaseRecord | None, wanted: LeaseRecord) -> LeaseRecord:
        if seen != self.record:
            raise WriteConflictError("changed")
        revision = 1 if self.record is None else int(self.record.revision) + 1
        self.record = replace(wanted, revision=str(revision))
        if self.deaf:
            raise UnavailableError("no answer")
        return self.record


class Two:
    """Two operators on one lease and, as machines do, on clocks that began at different times."""

    def __init__(self) -> None:
        self.lease = MemoryLease()
        self.clocks = (Ticking(1000.0), Ticking(5.0))
        self.a, self.b = (
            Elector(self.lease, identity=name, clock=clock)
            for name, clock in zip("ab", self.clocks, strict=True)
        )

    def pass_time(self, seconds: float) -> None:
        for clock in self.clocks:
            clock.seconds += seconds

    def both(self, periods: int) -> None:
        for _ in range(periods):
            self.pass_time(PERIOD)
            self.a.attempt()
            self.b.attempt()


@pytest.fixture
def two() -> Two:
    two = Two()
    two.a.attempt()
    two.b.attempt()
    return two


def test_the_first_leads_and_the_second_waits_for_as_long_as_it_likes(two: Two) -> None:
    two.both(100)

    assert two.a.leads
    assert two.a.term == 1
    assert two.b.term is None
    assert two.b.looked


def test_renewing_takes_one_request(two: Two) -> None:
    del two.lease.asked[:]
    two.a.attempt()

    assert two.lease.asked == ["renew"]


def test_another_leads_a_lease_after_the_last_renewal_it_saw(two: Two) -> None:
    two.both(3)
    waited = 0.0
    while not two.b.leads:
        two.pass_time(two.b.pause())
        waited += two.b.pause()
        two.b.attempt()

    assert waited <= LEASE_SECONDS + PERIOD
    assert not two.a.leads
    assert two.lease.record is not None
    assert two.lease.record.holder == "b"
    assert two.lease.record.transitions == 1


def test_whoever_cannot_renew_stops_writing_before_another_may_begin(two: Two) -> None:
    two.lease.down = True
    two.pass_time(VALID_SECONDS - 0.1)
    two.a.attempt()
    still = two.a.leads
    two.pass_time(0.2)
    two.a.attempt()
    two.lease.down = False
    two.b.attempt()

    assert still
    assert not two.a.leads
    assert two.a.term == 1
    assert two.b.term is None
    assert VALID_SECONDS < LEASE_SECONDS


def test_a_term_goes_on_when_nobody_took_it_meanwhile(two: Two) -> None:
    two.lease.down = True
    two.pass_time(100.0)
    two.a.attempt()
    doubted = two.a.holds(1)
    two.lease.down = False
    two.a.attempt()

    assert not doubted
    assert two.a.holds(1)


def test_a_term_is_over_for_good_once_another_led(two: Two) -> None:
    two.pass_time(LEASE_SECONDS)
    two.b.attempt()  # a is frozen
    frozen = two.a.holds(1)
    two.a.attempt()
    two.a.attempt()
    seen = two.a.term
    two.b.close()
    two.a.attempt()

    assert not frozen
    assert seen is None
    assert two.a.term == 2
    assert not two.a.holds(1)
    assert two.a.holds(2)


def test_giving_it_back_lets_another_lead_at_its_next_look(two: Two) -> None:
    two.a.close()
    led = two.a.leads
    two.b.attempt()

    assert not led
    assert two.b.leads


def test_a_lease_that_another_holds_is_not_given_back(two: Two) -> None:
    two.b.close()

    assert two.lease.asked[-1] == "read"
    assert two.a.leads


def test_a_renewal_whose_answer_was_lost_is_found_again(two: Two) -> None:
    two.lease.deaf = True
    two.pass_time(PERIOD)
    two.a.attempt()
    two.lease.deaf = False
    two.pass_time(PERIOD)
    two.a.attempt()
    two.pass_time(VALID_SECONDS - 0.1)

    assert two.a.holds(1)


def test_a_lease_that_was_taken_unheard_is_led_once_that_is_known() -> None:
    two = Two()
    two.lease.deaf = True
    two.a.attempt()
    unknown = two.a.term
    two.lease.deaf = False
    two.a.attempt()

    assert unknown is None
    assert two.a.leads


def test_of_two_that_take_it_at_once_one_leads(two: Two) -> None:
    two.pass_time(LEASE_SECONDS)
    two.b.attempt()
    third = Elector(two.lease, identity="c", clock=Ticking())
    third.attempt()

    assert two.b.leads
    assert third.term is None


def test_a_process_that_starts_again_does_not_take_its_predecessors_lease_for_its_own(
    two: Two,
) -> None:
    again = Elector(two.lease, identity="a-again", clock=Ticking())
    again.attempt()

    assert again.term is None


def test_the_trouble_is_said_once(two: Two, caplog: pytest.LogCaptureFixture) -> None:
    two.lease.down = True
    for _ in range(5):
        two.a.attempt()

    assert len(caplog.records) == 1


@given(
    st.lists(
        st.tuples(st.sampled_from(["a", "b", "down", "up", "deaf", "close"]), st.floats(0, 15)),
        max_size=60,
    )
)
def test_two_never_lead_at_once(story: list[tuple[str, float]]) -> None:
    two = Two()
    for what, seconds in story:
        two.pass_time(seconds)
        assert not (two.a.leads and two.b.leads)
        if what in ("a", "b"):
            getattr(two, what).attempt()
        elif what == "close":
            two.a.close()
        else:
            two.lease.down = what == "down"
            two.lease.deaf = what == "deaf"
        assert not (two.a.leads and two.b.leads)
