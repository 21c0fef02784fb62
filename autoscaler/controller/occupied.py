"""Pods and scrape targets put together: who is on which server. Pure.

A pod is known when all targets that are its own tell of it; one that shares its address with
another pod (both on the host's network, say) is known only by name. What is not known counts as
occupied.
"""

from collections import Counter, defaultdict
from collections.abc import Sequence

from autoscaler.planner.victims import Server
from autoscaler.ports.servers import Pod, Seat


def servers_of(pods: Sequence[Pod], seats: Sequence[Seat], *, namespace: str) -> tuple[Server, ...]:
    """Return the pods as servers with what is known of each."""
    by_name: defaultdict[str, list[Seat]] = defaultdict(list)
    by_address: defaultdict[str, list[Seat]] = defaultdict(list)
    for seat in seats:
        if seat.pod:
            if seat.namespace in ("", namespace):
                by_name[seat.pod].append(seat)
        else:
            by_address[seat.address].append(seat)
    shared = Counter(pod.address for pod in pods)

    def seats_of(pod: Pod) -> Sequence[Seat]:
        if pod.name in by_name:
            return by_name[pod.name]
        alone = pod.address != "" and shared[pod.address] == 1
        return by_address.get(pod.address, ()) if alone else ()

    return tuple(_server(pod, seats_of(pod)) for pod in pods)


def _server(pod: Pod, seats: Sequence[Seat]) -> Server:
    """Of several targets (two jobs scrape one server) the one that tells most is believed."""
    return Server(
        name=pod.name,
        created=pod.created,
        placed=pod.placed,
        ready=pod.ready,
        leaving=pod.leaving,
        told_at=pod.told_at,
        by_hand=pod.by_hand,
        rooms=max((seat.rooms for seat in seats), default=None),
        participants=max((seat.participants for seat in seats), default=None),
        seen_at=min((seat.seen_at for seat in seats), default=None),
    )
