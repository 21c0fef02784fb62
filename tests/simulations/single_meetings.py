"""The world again, meeting by meeting and event by event: slow, and nothing averaged.

Meetings start one by one, each in one room on one server. A room goes to the fullest server within
whose rating it fits, else to the least loaded one, which lets in as many of its people as it does
not refuse; the others try again every tick, until they lose patience or the meeting is over.
Servers boot as the pool's draws say, and leave when they are empty and too many.
"""

import heapq
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np

from forecast.arrays import FloatArray, IntArray
from simulations.world.meetings import Kind
from simulations.world.pool import PoolWorld


@dataclass(frozen=True, slots=True)
class Meeting:
    """Starts and lasts in ticks, as fractions."""

    start: float
    lasts: float
    people: int


@dataclass(slots=True)
class Seen:
    """One entry a tick."""

    present: list[int] = field(default_factory=list)
    occupied: list[int] = field(default_factory=list)
    ready: list[int] = field(default_factory=list)
    paid: list[int] = field(default_factory=list)
    joins: int = 0
    blocked: int = 0


def meetings(
    wanted: FloatArray, classes: Sequence[Kind], rng: np.random.Generator
) -> list[Meeting]:
    """Draw meetings whose expected concurrency, once warm, is `wanted` participants by tick."""
    person_ticks = sum(kind.share * kind.mean_size * kind.mean_length for kind in classes)
    found = []
    for kind in classes:
        counts = rng.poisson(wanted * kind.share / person_ticks)
        ticks = np.repeat(np.arange(wanted.size), counts)
        starts = ticks + rng.random(ticks.size)
        sizes = rng.choice(kind.sizes, size=ticks.size, p=kind.size_shares)
        lengths = rng.choice(kind.lengths, size=ticks.size, p=kind.length_shares)
        drawn = zip(starts.tolist(), lengths.tolist(), sizes.tolist(), strict=True)
        found += [Meeting(*each) for each in drawn]
    return sorted(found, key=lambda meeting: meeting.start)


def by_tick(all_meetings: Sequence[Meeting], ticks: int) -> tuple[IntArray, IntArray]:
    """Return joins in each tick and participants at its end, where every join is served."""
    joins, change = np.zeros(ticks, dtype=np.int64), np.zeros(ticks + 1, dtype=np.int64)
    for meeting in all_meetings:
        joins[int(meeting.start)] += meeting.people
        change[int(meeting.start)] += meeting.people
        change[min(int(meeting.start + meeting.lasts), ticks)] -= meeting.people
    return joins, np.cumsum(change)[:-1]


class Rooms:
    """Servers and the rooms on them."""

    def __init__(self, world: PoolWorld, ready: int, rng: np.random.Generator) -> None:
        self.world, self.rng = world, rng
        self.load: dict[int, int] = dict.fromkeys(range(ready), 0)
        self.ends: list[tuple[float, int, int]] = []
        self.waiting: list[tuple[Meeting, int, int]] = []
        self.booting: list[int] = []
        self.launched = 0
        self.names = ready

    def order(self, size: int, tick: int) -> None:
        """Launch what is missing, let empty servers go where there are too many."""
        due = [moment for moment in self.booting if moment <= tick]
        self.booting = [moment for moment in self.booting if moment > tick]
        for _ in due:
            self.load[self.names] = 0
            self.names += 1
        missing = size - len(self.load) - len(self.booting)
        for _ in range(missing):
            self.booting.append(tick + self.world.boots.ticks[self.launched])
            self.launched += 1
        empty = [server for server, people in self.load.items() if people == 0]
        for server in empty[: max(-missing, 0)]:
            del self.load[server]

    def end(self, until: float) -> None:
        """End the meetings that are over."""
        while self.ends and self.ends[0][0] <= until:
            _, server, people = heapq.heappop(self.ends)
            self.load[server] -= people

    def place(self, meeting: Meeting) -> int:
        """Open a room; return how many of its people are refused."""
        fits = [
            (people, server)
            for server, people in self.load.items()
            if people + meeting.people <= self.world.load.rated
        ]
        if fits:
            _, server = max(fits)
        else:
            _, server = min((people, server) for server, people in self.load.items())
        return self._enter(meeting, server, meeting.people)

    def retry(self, tick: int) -> None:
        """Let those who were refused try again, in no order."""
        before, self.waiting = self.waiting, []
        for place in self.rng.permutation(len(before)).tolist():
            meeting, server, people = before[place]
            if meeting.start + meeting.lasts <= tick:
                continue
            left = int(self.rng.binomial(people, np.exp(-1.0 / self.world.patience_ticks)))
            if left:
                self._enter(meeting, server, left)

    def _enter(self, meeting: Meeting, server: int, people: int) -> int:
        load = self.world.load
        refusing = int(load.refusing + load.rated - load.usable)
        inside = min(people, max(refusing - self.load[server], 0))
        self.load[server] += inside
        heapq.heappush(self.ends, (meeting.start + meeting.lasts, server, inside))
        if inside < people:
            self.waiting.append((meeting, server, people - inside))
        return people - inside


def watch(
    world: PoolWorld,
    all_meetings: Sequence[Meeting],
    sizes: Sequence[int],
    *,
    warm: int,
    rng: np.random.Generator,
) -> Seen:
    """Play meetings under ordered sizes by tick; the first `warm` ticks are not recorded."""
    rooms, seen = Rooms(world, sizes[0], rng), Seen()
    coming: Iterator[Meeting] = iter([*all_meetings, Meeting(float("inf"), 0.0, 0)])
    following = next(coming)
    for tick in range(warm + len(sizes)):
        scored = tick >= warm
        if scored:
            rooms.order(sizes[tick - warm], tick - warm)
        rooms.end(tick)
        rooms.retry(tick)
        while following.start < tick + 1:
            rooms.end(following.start)
            refused = rooms.place(following)
            seen.joins += following.people * scored
            seen.blocked += refused * scored
            following = next(coming)
        rooms.end(tick + 1)
        if scored:
            seen.present.append(sum(rooms.load.values()))
            seen.occupied.append(sum(people > 0 for people in rooms.load.values()))
            seen.ready.append(len(rooms.load))
            seen.paid.append(len(rooms.load) + len(rooms.booting))
    return seen
