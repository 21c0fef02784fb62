"""Which servers go when fewer are needed: empty ones only, in the order given, each with why.

Two looks are needed for a server to go. At the first it is told; at a later one it is counted, if
it still is empty. So whoever removes servers has seen by then which ones, and a room that began in
between is found.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """One server as the cluster and the metrics know it.

    `placed`: it has a node; `leaving`: its deletion began; `told_at`: when it was told that it may
    go (None: it was not), `by_hand`: by a person. `rooms` and `participants` are of `seen_at`, all
    None where nobody knows, which counts as occupied. Times are epoch seconds.
    """

    name: str
    created: int
    placed: bool = True
    ready: bool = True
    leaving: bool = False
    told_at: int | None = None
    by_hand: bool = False
    rooms: float | None = None
    participants: float | None = None
    seen_at: int | None = None

    @property
    def empty(self) -> bool:
        """Whether it is known to hold nobody."""
        return self.rooms == 0.0 and not self.participants


class Verdict(StrEnum):
    """Why a server goes or stays."""

    EMPTY = "Empty"
    DRAINING = "Draining"
    """It was told to take no more meetings, and waits for those that it has."""
    OCCUPIED = "Occupied"
    UNSEEN = "Unseen"
    """No fresh data: it counts as occupied."""
    UNREADY = "Unready"
    UNPLACED = "Unplaced"
    """It runs nowhere yet, so it goes before all others, and needs no label."""
    NEEDED = "Needed"
    """Empty, and part of what must be there."""
    BY_HAND = "ByHand"
    """A person told it that it may go, and takes that back or not."""


Verdicts: TypeAlias = tuple[tuple[str, Verdict], ...]
"""Names of servers, each with why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Victims:
    """Who may go and who stays.

    `told` need the label or have it already, `withdrawn` lose it, `kept` are as they were. `going`
    are those that can be counted off now: whoever is asked for so many fewer removes these.
    `blocked`: somebody else would be removed before them, so none can.
    """

    told: Verdicts = ()
    withdrawn: Verdicts = ()
    kept: Verdicts = ()
    going: tuple[str, ...] = ()
    blocked: bool = False


def choose(servers: Sequence[Server], *, surplus: int, drains: bool, guarded: bool) -> Victims:
    """Choose up to `surplus` of the servers that are not leaving yet.

    `drains`: a server that was told takes no new meetings and empties by itself. Then it is counted
    only by a sample younger than that; without, it is withdrawn as soon as it is not known to be
    empty. `guarded`: nobody can remove a server that was not told. Unguarded, an unready server
    would be removed before any other (ReplicaSets rank so), occupied or not.
    """
    living = [server for server in servers if not server.leaving]
    unplaced = _names(server for server in living if not server.placed)[: max(0, surplus)]
    room = max(0, surplus) - len(unplaced)
    ours = [server for server in living if server.placed and not server.by_hand]
    before = sorted((one for one in ours if one.told_at is not None), key=_rank)
    others = sorted((one for one in ours if one.told_at is None), key=_rank)
    still = [one for one in before if one.empty or drains][:room]
    added = [one for one in others if _verdict(one) is Verdict.EMPTY][: room - len(still)]
    chosen = {*_names(still), *_names(added)}
    blocked = not guarded and any(not one.ready for one in others)
    sure = _names(one for one in still if one.empty and (not drains or _drained(one)))
    return Victims(
        told=tuple((one.name, _told(one)) for one in (*still, *added)),
        withdrawn=tuple((one.name, _verdict(one)) for one in before if one.name not in chosen),
        kept=(
            *((one.name, Verdict.UNPLACED) for one in living if not one.placed),
            *((one.name, Verdict.BY_HAND) for one in living if one.placed and one.by_hand),
            *((one.name, _spared(one)) for one in others if one.name not in chosen),
        ),
        going=() if blocked else (*unplaced, *sure),
        blocked=blocked,
    )


def _rank(server: Server) -> tuple[float, float, int, str]:
    """Least occupied first, those nobody saw last; of equals the youngest, as ReplicaSets do."""
    unknown = float("inf")
    rooms = unknown if server.rooms is None else server.rooms
    people = unknown if server.participants is None else server.participants
    return rooms, people, -server.created, server.name


def _verdict(server: Server) -> Verdict:
    if server.rooms is None:
        return Verdict.UNSEEN
    if not server.empty:
        return Verdict.OCCUPIED
    return Verdict.EMPTY if server.ready else Verdict.UNREADY


def _told(server: Server) -> Verdict:
    return Verdict.EMPTY if server.empty else Verdict.DRAINING


def _spared(server: Server) -> Verdict:
    verdict = _verdict(server)
    return Verdict.NEEDED if verdict is Verdict.EMPTY else verdict


def _drained(server: Server) -> bool:
    told, seen = server.told_at, server.seen_at
    return told is not None and seen is not None and seen > told


def _names(servers: Iterable[Server]) -> tuple[str, ...]:
    return tuple(server.name for server in servers)
