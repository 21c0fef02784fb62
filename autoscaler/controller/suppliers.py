"""The links' providers, asked beside the tick: a provider that is slow holds up no server.

What is not known is never taken for zero: until a provider answers, and while it does not or
contradicts itself, nothing is ordered, and the last answer that could be believed counts.
"""

import logging
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field, replace
from typing import Protocol, TypeVar

from autoscaler.controller.act import Hold
from autoscaler.errors import OrderConflictError, OrderRefusedError, OuterWorldError
from autoscaler.ports.bandwidth import Bandwidth, BandwidthOrder, Supply
from autoscaler.resources.egresslink import EgressLink, Provider, ProviderType

LOG = logging.getLogger(__name__)
READ_SECONDS = 30
"""From one question to the next, and from an order that failed to the next try."""
SILENT_SECONDS = 120
"""An answer older than this says nothing of now."""
REFUSED_SECONDS = 3600
"""For so long the same order is not placed again after the provider said no."""

_NOT_READ = Hold("ProviderNotRead", "the provider has not answered yet")

T = TypeVar("T")


class Executor(Protocol):
    """Runs a job beside the tick."""

    def submit(self, job: Callable[[], T], /) -> Future[T]:
        """Begin the job."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """How an order ended: `hold` says why it was not placed (None: it was)."""

    order: BandwidthOrder
    said: str = ""
    hold: Hold | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Supplied:
    """What is known of a link's provider at one tick.

    `supply` is the last answer that could be believed (None: there was none), `blocked` why nothing
    may be ordered now, `trouble` what became of the last order where it was not placed, `refused`
    the key of an order that the provider said no to, `fell` whether less is delivered than before.
    `busy`: an order is on its way, or it is too early to try again. `placed`: an order that ended
    since the last tick.
    """

    supply: Supply | None = None
    blocked: Hold | None = _NOT_READ
    trouble: Hold | None = None
    refused: str = ""
    fell: str = ""
    busy: bool = False
    placed: Placed | None = None


@dataclass(frozen=True, slots=True)
class _Answer:
    supply: Supply | None
    trouble: Hold | None
    placed: Placed | None


@dataclass(slots=True)
class _Account:
    """What is known of one link, and the job that finds out more."""

    uid: str
    provider: Provider
    known: Supplied = field(default_factory=Supplied)
    job: Future[_Answer] | None = None
    ordering: bool = False
    heard_at: int | None = None
    read_at: int = 0
    not_before: int = 0
    refused_until: int = 0
    most: float = 0.0
    """The most that was delivered since less was ordered."""


class Suppliers:
    """Asks each link's provider twice a minute and places orders, one at a time for each link."""

    def __init__(self, providers: Mapping[ProviderType, Bandwidth], executor: Executor) -> None:
        self._providers = providers
        self._executor = executor
        self._accounts: dict[str, _Account] = {}

    def look(self, links: Sequence[EgressLink], *, now: int) -> Mapping[str, Supplied]:
        """Return what is known, by `namespace/name`; links that people buy for are not there."""
        asked = [link for link in links if link.spec.provider.type is not ProviderType.MANUAL]
        self._accounts = {link.key: self._account(link) for link in asked}
        return {link.key: self._look(link, self._accounts[link.key], now=now) for link in asked}

    def place(self, orders: Sequence[BandwidthOrder], *, may_order: Callable[[], bool]) -> None:
        """Begin to place orders; `look` says later what became of them."""
        for order in orders:
            account, provider = self._accounts[order.link.key], self._of(order.link)
            if account.job is None and provider is not None:
                self._begin(account, provider, order.link, order, may_order=may_order)

    def _account(self, link: EgressLink) -> _Account:
        """Return the link's account; another link, or another provider of it, begins anew."""
        uid, provider = link.metadata.uid, link.spec.provider
        account = self._accounts.get(link.key)
        if account is None or (account.uid, account.provider) != (uid, provider):
            return _Account(uid, provider)
        return account

    def _of(self, link: EgressLink) -> Bandwidth | None:
        return self._providers.get(link.spec.provider.type)

    def _look(self, link: EgressLink, account: _Account, *, now: int) -> Supplied:
        provider = self._of(link)
        if provider is None:
            hold = Hold("ProviderUnknown", f"no {link.spec.provider.type} provider is configured")
            return Supplied(blocked=hold)
        placed = self._collect(link, account, now=now)
        # From one answer to the next question: a tick that has an answer may order on top of it.
        due = account.heard_at is None or now - account.heard_at >= READ_SECONDS
        if account.job is None and due:
            self._begin(account, provider, link, None, may_order=lambda: False)
            placed = self._collect(link, account, now=now) or placed
        known = account.known
        if known.blocked is None and now - account.read_at > SILENT_SECONDS:
            message = f"the provider has not answered for {now - account.read_at} s"
            known = replace(known, blocked=Hold("ProviderSilent", message))
        return replace(
            known,
            busy=account.ordering or now < account.not_before,
            refused=known.refused if now < account.refused_until else "",
            placed=placed,
        )

    def _begin(
        self,
        account: _Account,
        provider: Bandwidth,
        link: EgressLink,
        order: BandwidthOrder | None,
        *,
        may_order: Callable[[], bool],
    ) -> None:
        def job() -> _Answer:
            placed = None if order is None else _place(provider, order, may_order)
            return _read(provider, link, placed)

        account.ordering = order is not None
        account.job = self._executor.submit(job)

    def _collect(self, link: EgressLink, account: _Account, *, now: int) -> Placed | None:
        """Take in what a finished job found out."""
        if account.job is None or not account.job.done():
            return None
        job, account.job, account.ordering = account.job, None, False
        account.heard_at = now
        try:
            answer = job.result()
        except Exception as error:
            LOG.exception("the provider of %s", link.key)
            answer = _Answer(None, Hold("ProviderFailed", repr(error)), None)
        if (placed := answer.placed) is not None:
            account.known = replace(account.known, trouble=placed.hold)
            if placed.hold is not None:
                account.not_before = now + READ_SECONDS
                if placed.hold.reason == "OrderRefused":
                    account.refused_until = now + REFUSED_SECONDS
                    account.known = replace(account.known, refused=placed.order.key)
        self._believe(link, account, answer, now=now)
        return placed

    def _believe(self, link: EgressLink, account: _Account, answer: _Answer, *, now: int) -> None:
        supply = answer.supply
        blocked = answer.trouble if supply is None else doubt(link, supply)
        if supply is None or blocked is not None:
            account.known = replace(account.known, blocked=blocked)
            return
        before = account.known.supply
        if before is not None and supply.ordered_mbps < before.ordered_mbps:
            account.most = supply.delivered_mbps
        account.most = max(account.most, supply.delivered_mbps)
        fell = ""
        if supply.delivered_mbps < account.most:
            fell = f"{supply.delivered_mbps:.6g} Mbit/s are delivered, {account.most:.6g} were"
        refusal = Hold("OrderingForbidden", supply.refusal) if supply.refusal else None
        account.read_at = now
        account.known = replace(account.known, supply=supply, blocked=refusal, fell=fell)


def doubt(link: EgressLink, supply: Supply) -> Hold | None:
    """Return why an answer cannot be believed: it contradicts itself, or what is bought today."""
    ordered, delivered = supply.ordered_mbps, supply.delivered_mbps
    committed = link.spec.committed_mbps
    if delivered > ordered:
        message = (
            f"the provider says that {delivered:.6g} Mbit/s are delivered, "
            f"and that no more than {ordered:.6g} are ordered: one of them is wrong"
        )
        return Hold("ProviderContradicted", message)
    if ordered < committed:
        message = (
            f"the provider says that {ordered:.6g} Mbit/s are ordered, "
            f"spec.committedMbps that {committed} are bought: correct the one that is wrong"
        )
        return Hold("ProviderContradicted", message)
    return None


def _place(provider: Bandwidth, order: BandwidthOrder, may_order: Callable[[], bool]) -> Placed:
    try:
        return Placed(order=order, said=provider.order(order, may_order=may_order))
    except OrderRefusedError as error:
        return Placed(order=order, hold=Hold("OrderRefused", str(error)))
    except OrderConflictError as error:
        return Placed(order=order, hold=Hold("OrderChanged", str(error)))
    except OuterWorldError as error:
        return Placed(order=order, hold=Hold("OrderFailed", str(error)))


def _read(provider: Bandwidth, link: EgressLink, placed: Placed | None) -> _Answer:
    try:
        return _Answer(provider.read(link), None, placed)
    except OuterWorldError as error:
        return _Answer(None, Hold("ProviderUnreachable", str(error)), placed)
