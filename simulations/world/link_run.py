"""One link under one policy: ordered, approved, delivered, and what it carries, tick by tick."""

from collections.abc import Sequence

import numpy as np

from autoscaler.planner.links.billing import SAMPLE_SECONDS, bill
from autoscaler.planner.reasons import Reason
from autoscaler.planner.settings import BillingModel
from simulations.policy import LinkOrder, LinkView
from simulations.world.desk import Desk
from simulations.world.link import LinkWorld

_MONTH_SECONDS = 30 * 86_400


class LinkRun:
    """One link's world moving under orders. Rates are Mbit/s, lists have one entry per tick.

    `delivered` is what was bought and is there, `ordered` counts what is on its way too. `thinned`
    sums participants, tick by tick, who got less than their meetings ask for. A link whose needs
    are `foreseen` has them delivered in time.
    """

    def __init__(self, world: LinkWorld, *, foreseen: bool) -> None:
        self.world = world
        self.desk = Desk(waits=world.answers)
        self.ordered = self.delivered = world.settings.committed_mbps
        self.carried: list[float] = []
        self.bought: list[float] = []
        self.on_order: list[float] = []
        self.could: list[float] = []
        self.reasons: list[tuple[Reason, ...]] = []
        self.thinned = 0.0
        self._why: tuple[Reason, ...] = ()
        self._bursts = world.bursts
        self._wanted: list[float] = world.wanted.tolist()
        self._orders = 0
        self._coming: list[tuple[int, float]] = []
        self._foreseen: list[float] | None = None
        if foreseen:
            self._foreseen = world.bought_for(np.maximum.accumulate(world.wanted)).tolist()

    @property
    def most(self) -> float:
        """What can be carried now."""
        port = self.world.settings.port_mbps
        return port if self._bursts else min(port, self.delivered)

    def view(self, now: int) -> LinkView:
        """Return what a policy sees."""
        return LinkView(
            used_mbps=round(self.carried[-1], 3) if self.carried else None,
            ordered_mbps=self.ordered,
            delivered_mbps=self.delivered,
            allowance=self.desk.allowance(now),
        )

    def order(self, order: LinkOrder, now: int) -> None:
        """Buy up to a total, and ask somebody for what is above it."""
        self._why = order.reasons
        if order.ask_mbps > order.mbps:
            self.desk.ask(order.ask_mbps, now)
        self._buy(order.mbps, now)

    def order_by_hand(self, now: int) -> None:
        """Order as people do where the policy orders no links: they look, ask, and then buy."""
        by_hand, tick = self.world.by_hand, len(self.carried)
        if by_hand is None or self._foreseen is not None:
            return
        if (allowance := self.desk.allowance(now)) is not None:
            self._buy(allowance.up_to, now)
        every = max(by_hand.every_seconds // self.world.tick_seconds, 1)
        if tick % every or tick == 0:
            return
        wanted = max(self.carried[-every:]) * (1.0 + by_hand.margin_percent / 100.0)
        total = float(self.world.bought_for(np.array(wanted)))
        if self.world.tier(total).approver:
            self.desk.ask(total, now)
        else:
            self._buy(total, now)

    def begin(self, now: int, most: list[float]) -> None:
        """Deliver what is due, and lower each pool's `most` participants where not all fit."""
        tick = len(self.carried)
        if self._foreseen is not None:
            self.ordered = self.delivered = self._foreseen[tick]
        elif self._coming:
            self.delivered = max([self.delivered, *(to for due, to in self._coming if due <= now)])
            self._coming = [each for each in self._coming if each[0] > now]
        wanted, carries = self._wanted[tick], self.most / self.world.thinnest
        if wanted > carries:
            for user in self.world.users:
                share = user.participants[tick] * carries / wanted
                most[user.pool] = min(most[user.pool], share)

    def carry(self, present: Sequence[float]) -> None:
        """Send what those present ask for, as far as it fits."""
        asked, most = sum([present[user.pool] * user.mbps for user in self.world.users]), self.most
        self.carried.append(min(asked, most))
        self.bought.append(self.delivered)
        self.on_order.append(self.ordered)
        self.could.append(most)
        self.reasons.append(self._why)
        if asked > most:
            self.thinned += sum(present[user.pool] for user in self.world.users)

    def money(self) -> float:
        """Return what the run costs, as its share of a month of thirty days like it.

        The commit is what was bought, on average.
        """
        billing, tick_seconds = self.world.settings.billing, self.world.tick_seconds
        if billing is None or not self.carried:
            return 0.0
        per_sample = SAMPLE_SECONDS // tick_seconds
        whole = max(len(self.carried) // per_sample, 1)
        samples = np.array(self.carried[: whole * per_sample]).reshape(whole, -1).mean(axis=1)
        period = bill(billing, samples, committed_mbps=float(np.mean(self.bought)))
        if billing.model is BillingModel.PER_GIGABYTE:
            return period
        return period * len(self.carried) * tick_seconds / _MONTH_SECONDS

    def _buy(self, total: float, now: int) -> None:
        total = min(total, self.world.settings.max_mbps)
        if total <= self.ordered:
            return
        drawn = self.world.delivery[self._orders % len(self.world.delivery)]
        self._coming.append((now + round(self.world.tier(total).lead_time_seconds * drawn), total))
        self._orders += 1
        self.ordered = total
