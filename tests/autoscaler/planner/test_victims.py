"""Who goes when five servers are two too many."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autoscaler.planner.victims import Server, Verdict, Victims, choose

NOW = 1_795_392_000


def server(name: str, rooms: float | None = 0.0, **changes: object) -> Server:
    """A ready server, seen now, with ten participants in each room."""
    values: dict[str, object] = {
        "created": NOW - 3600,
        "rooms": rooms,
        "participants": None if rooms is None else 10.0 * rooms,
        "seen_at": None if rooms is None else NOW,
        **changes,
    }
    return Server(name=name, **values)  # type: ignore[arg-type]


A, B, C = (server(name) for name in "abc")
TOLD = {"told_at": NOW - 5}


def chosen(
    *servers: Server, surplus: int = 2, drains: bool = False, guarded: bool = True
) -> Victims:
    return choose(servers, surplus=surplus, drains=drains, guarded=guarded)


@pytest.mark.parametrize(
    ("servers", "told", "going"),
    [
        # told at the first look, counted off at the next
        ((A, B, C), "ab", ""),
        ((replace(A, told_at=NOW - 5), replace(B, told_at=NOW - 5), C), "ab", "ab"),
        # occupied, unseen and unready ones stay, however many are too many
        ((server("a", 1), server("b", 2), C), "c", ""),
        ((server("a", None), B, C), "bc", ""),
        ((server("a", ready=False), B), "b", ""),
        # somebody without a room counts as somebody
        ((server("a", 0, participants=1.0), B), "b", ""),
        # of equals the youngest goes, as ReplicaSets have it
        ((A, B, server("c", created=NOW)), "ca", ""),
        # a room began meanwhile: its server is taken back, another takes its place
        ((server("a", 1, **TOLD), replace(B, told_at=NOW - 5), C), "bc", "b"),
        # nobody knows any more: the same
        ((server("a", None, **TOLD), C), "c", ""),
        # who leaves already is nobody's choice
        ((server("a", leaving=True), B, C), "bc", ""),
        # what runs nowhere yet goes first, and needs no label
        ((server("a", placed=False, ready=False), B, C), "b", "a"),
        # a person's label is the person's
        ((server("a", 3, by_hand=True), B), "b", ""),
    ],
)
def test_empty_servers_go_and_no_others(servers: tuple[Server, ...], told: str, going: str) -> None:
    victims = chosen(*servers)

    assert "".join(name for name, _ in victims.told) == told
    assert "".join(victims.going) == going


def test_each_server_has_its_reason() -> None:
    victims = chosen(
        A,
        B,
        server("c", 2),
        server("d", None),
        server("e", ready=False),
        server("f", 1, **TOLD),
        surplus=1,
    )

    assert victims.told == (("a", Verdict.EMPTY),)
    assert victims.withdrawn == (("f", Verdict.OCCUPIED),)
    assert dict(victims.kept) == {
        "b": Verdict.NEEDED,
        "c": Verdict.OCCUPIED,
        "d": Verdict.UNSEEN,
        "e": Verdict.UNREADY,
    }


def test_all_are_taken_back_when_none_is_too_many() -> None:
    victims = chosen(replace(A, told_at=NOW - 5), B, surplus=0)

    assert victims.withdrawn == (("a", Verdict.EMPTY),)
    assert (victims.told, victims.going) == ((), ())


@pytest.mark.parametrize(
    ("seen_at", "going"), [(NOW - 10, ()), (NOW - 5, ()), (NOW - 4, ("a",)), (None, ())]
)
def test_a_server_that_drains_goes_once_it_was_seen_empty_after_it_was_told(
    seen_at: int | None, going: tuple[str, ...]
) -> None:
    told = server("a", told_at=NOW - 5, seen_at=seen_at)

    assert chosen(told, B, surplus=1, drains=True).going == going


def test_a_server_that_drains_is_not_taken_back_for_a_room_that_it_still_has() -> None:
    victims = chosen(server("a", 1, **TOLD), B, surplus=1, drains=True)

    assert victims.told == (("a", Verdict.DRAINING),)
    assert victims.going == ()


def test_without_the_guard_nobody_goes_while_another_is_unready() -> None:
    servers = (replace(A, told_at=NOW - 5), server("b", 1, ready=False))

    assert chosen(*servers, surplus=1, guarded=False).going == ()
    assert chosen(*servers, surplus=1, guarded=False).blocked
    assert chosen(*servers, surplus=1, guarded=True).going == ("a",)


any_server = st.builds(
    Server,
    name=st.text("abcdefgh", min_size=8, max_size=8),
    created=st.integers(0, 5),
    placed=st.booleans(),
    ready=st.booleans(),
    leaving=st.booleans(),
    told_at=st.none() | st.integers(1, 5),
    by_hand=st.booleans(),
    rooms=st.none() | st.sampled_from([0.0, 0.0, 1.0, float("nan")]),
    participants=st.none() | st.sampled_from([0.0, 0.0, 1.0, float("nan")]),
    seen_at=st.none() | st.integers(1, 9),
)


@given(
    servers=st.lists(any_server, unique_by=lambda one: one.name, max_size=12),
    surplus=st.integers(-3, 15),
    drains=st.booleans(),
    guarded=st.booleans(),
)
def test_whatever_is_there_never_more_than_the_surplus_goes_and_only_who_is_empty(
    servers: list[Server], surplus: int, drains: bool, guarded: bool
) -> None:
    victims = choose(servers, surplus=surplus, drains=drains, guarded=guarded)

    by_name = {one.name: one for one in servers}
    told = {name for name, _ in victims.told}
    assert len(victims.going) <= max(0, surplus)
    assert len(told) <= max(0, surplus)
    for name in victims.going:
        assert not by_name[name].leaving
        if by_name[name].placed:
            assert by_name[name].rooms == 0.0
            assert not by_name[name].participants
            assert by_name[name].told_at is not None
            assert name in told
    for name in told:
        assert not by_name[name].by_hand
        assert by_name[name].rooms == 0.0 or (drains and by_name[name].told_at is not None)
