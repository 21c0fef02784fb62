"""What is there, and what people said about it."""

from dataclasses import dataclass
from enum import StrEnum


@dataclass(frozen=True, slots=True, kw_only=True)
class Inventory:
    """One pool's servers, as the target and the metrics report them.

    `ready` serve; `pending` are ordered and do not serve yet; `draining` hold old meetings, take no
    new ones and are no capacity; `occupied` are ready servers with at least one meeting, where a
    server that nobody could see counts as occupied; `floor` is the number last written, in servers
    (None: never written). Where not even the counts could be had, `known` is False: nothing is
    released, whatever they say. `unsafe` says why a release would end meetings, whatever was chosen
    (empty: it would not). `let_go` servers of the floor were told that they may go and are to be
    taken off the target next: what the glide path has granted already.
    """

    floor: int | None
    ready: int
    pending: int
    draining: int
    occupied: int
    known: bool = True
    unsafe: str = ""
    let_go: int = 0


class Freeze(StrEnum):
    """What an SRE forbade for now."""

    RELEASE = "Release"
    ALL = "All"


@dataclass(frozen=True, slots=True, kw_only=True)
class Allowance:
    """An approval: so many servers (Mbit/s for links) and so much money an hour, until then."""

    up_to: float
    max_hourly_cost: float | None
    until: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Controls:
    """Freeze, pin and approvals as written; the planner holds them against its clock."""

    freeze: Freeze | None = None
    freeze_until: int = 0
    pinned: int | None = None
    pin_until: int = 0
    allowance: Allowance | None = None
