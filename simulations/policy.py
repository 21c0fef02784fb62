"""What a policy sees of the world, and what it may ask of it."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple, Protocol

from autoscaler.engine.observation import Demand
from autoscaler.planner.inventory import Allowance
from autoscaler.planner.reasons import Reason
from autoscaler.planner.settings import LinkSettings, PoolSettings
from forecast.calendar import Event
from forecast.history import History
from simulations.world.forecasts import Forecasts


class Removal(StrEnum):
    """Who chooses the servers that go when a policy asks for fewer. Pending ones go first always.

    `EMPTY`: only servers without a meeting, as Meetscale releases; with fewer empty ones than asked
    for, the rest stays and goes as it empties. `REPLICA_SET`: a scale-down that does not know
    meetings, as under an HPA: victims hold their share of the meetings, drain for the pool's
    termination grace period (`server.terminationGracePeriodSeconds`), and meetings still on them
    after it are killed.
    """

    EMPTY = "Empty"
    REPLICA_SET = "ReplicaSet"


class PoolView(NamedTuple):
    """One pool as the metrics plane and its target show it: lagging, censored, sometimes silent.

    Metrics are None exactly when nothing was read. `demand` is participants present on all
    servers, draining ones included, plus joins refused; its state says how far to trust it.
    `participants` and `cpu` are means over the `reporting` servers (ready ones whose metrics
    arrived): participants per server, and utilisation from 0 to 1, where it saturates. Counts are
    servers: `size` is what this policy asked for last (at first what it found) and is ready +
    pending; `pending` includes servers that wait for the launch rate; `draining` ones are on top
    of `size`; `occupied` ready servers hold at least one meeting; `allowance` is what somebody
    approved.
    """

    demand: Demand
    participants: float | None
    cpu: float | None
    reporting: int
    ready: int
    pending: int
    draining: int
    occupied: int
    size: int
    allowance: Allowance | None = None


class LinkView(NamedTuple):
    """One link, Mbit/s: what it carries (None: not seen yet), and what is bought, here or coming.

    `delivered_mbps` is what is there; `allowance` is what somebody approved.
    """

    used_mbps: float | None
    ordered_mbps: float
    delivered_mbps: float
    allowance: Allowance | None = None


class PolicyView(NamedTuple):
    """One moment of a policy, epoch seconds; pools and links in the order of `WorldFacts`.

    `history` is demand on the quarter-hour grid as this policy's metrics plane saw it, from the
    start of `WorldFacts.history` to the last full quarter-hour, points censored or missing marked
    so. It is there at the first call and whenever a quarter-hour has ended since the last, else
    None. Series are pool names.
    """

    now: int
    pools: tuple[PoolView, ...]
    history: History | None = None
    links: tuple[LinkView, ...] = ()


class PoolOrder(NamedTuple):
    """The size one pool should have, in servers; the world clamps it to the pool's bounds.

    `ask` is a size that somebody should approve (0: nobody is asked).
    The rest is only drawn: the forecast (participants at the policy's quantile, one lead time
    ahead) behind the number, whether the policy believes itself blind or in a surge, and why the
    number is what it is.
    """

    size: int
    ask: int = 0
    forecast: float | None = None
    blind: bool = False
    surge: bool = False
    reasons: tuple[Reason, ...] = ()


class LinkOrder(NamedTuple):
    """The total to have bought on one link, and what somebody should approve (0: nothing); Mbit/s.

    Less than what is ordered already gives nothing back. `reasons` say why it is what it is.
    """

    mbps: float
    ask_mbps: float = 0.0
    reasons: tuple[Reason, ...] = ()


class Orders(NamedTuple):
    """One order per pool and per link, in the view's order; no link: people order them by hand."""

    pools: tuple[PoolOrder, ...]
    links: tuple[LinkOrder, ...] = ()

    @classmethod
    def of(cls, sizes: Iterable[int]) -> "Orders":
        """Make orders of sizes alone."""
        return cls(tuple([PoolOrder(size=size) for size in sizes]))


@dataclass(frozen=True, slots=True, kw_only=True)
class WorldFacts:
    """What a policy knows before the first tick.

    `history` is demand before `start` on the quarter-hour grid; `tick_seconds` is how often the
    world moves: a shorter policy period sees some moments twice. `events` are what was announced;
    their series are pool names. `forecasts` are those made ahead, and for other policies so far.
    """

    start: int
    tick_seconds: int
    pools: tuple[PoolSettings, ...]
    initial_sizes: tuple[int, ...]
    history: History
    seed: int
    links: tuple[LinkSettings, ...] = ()
    events: tuple[Event, ...] = ()
    forecasts: Forecasts = field(default_factory=Forecasts, compare=False, repr=False)


class Policy(Protocol):
    """An autoscaler. It may keep state between `reset` and the last `decide`, and nothing else."""

    @property
    def name(self) -> str:
        """The name users call it by, as in the registry."""
        ...

    @property
    def period_seconds(self) -> int:
        """How often it decides, as its source does."""
        ...

    @property
    def removal(self) -> Removal:
        """How servers leave when it asks for fewer."""
        ...

    def reset(self, facts: WorldFacts) -> None:
        """Begin a run, forgetting everything of the last."""
        ...

    def decide(self, view: PolicyView) -> Orders:
        """Return the size each pool should have from now on."""
        ...
