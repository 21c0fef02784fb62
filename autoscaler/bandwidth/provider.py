"""The `Bandwidth` port on HTTP providers."""

import time
from collections.abc import Callable, Mapping
from urllib.parse import quote

from autoscaler.bandwidth.client import ProviderClient
from autoscaler.bandwidth.config import HTTPEndpoint
from autoscaler.bandwidth.messages import LinkState, OrderAnswer, OrderState, parsed
from autoscaler.errors import BandwidthError, OrderConflictError, OrderRefusedError
from autoscaler.ports.bandwidth import BandwidthOrder, Supply
from autoscaler.resources.egresslink import EgressLink, HTTPProvider


class HTTPBandwidth:
    """Asks the provider that a link names, among those that the operator has been told of."""

    def __init__(
        self,
        endpoints: Mapping[str, HTTPEndpoint],
        *,
        unchanged: Callable[[EgressLink], bool],
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        """`unchanged` says whether a link is still what it was when it was read."""
        self._unchanged = unchanged
        self._clients = {
            name: ProviderClient(endpoint, monotonic=monotonic)
            for name, endpoint in endpoints.items()
        }

    def read(self, link: EgressLink) -> Supply:
        """Return what the provider says of the link."""
        provider = _provider(link)
        called = f"provider {provider.name}"
        body = self._client(provider).request("GET", _path(provider))
        state = parsed(LinkState, body, source=called)
        if state.link_id != provider.link_id:
            message = f"{called} answers for link {state.link_id!r}, asked for {provider.link_id!r}"
            raise BandwidthError(message)
        return Supply(
            ordered_mbps=state.ordered_mbps,
            delivered_mbps=state.delivered_mbps,
            revision=state.revision,
            said=state.message,
        )

    def order(self, order: BandwidthOrder, *, may_order: Callable[[], bool]) -> str:
        """Order the total, if what is ordered is still what the order rests on."""
        provider, link = _provider(order.link), order.link
        called, fresh = f"provider {provider.name}", self.read(link)
        if (fresh.revision, fresh.ordered_mbps) != (
            order.supply.revision,
            order.supply.ordered_mbps,
        ):
            raise OrderConflictError(f"{called}: what is ordered changed since it was read")
        if not self._unchanged(link):
            raise OrderConflictError("the link changed since it was read")
        if not may_order():
            raise OrderConflictError("this operator does not lead any more")
        body = self._client(provider).request(
            "POST",
            _path(provider, "/orders"),
            body={
                "totalMbps": order.to_mbps,
                "revision": order.supply.revision,
                "requestedBy": link.key,
                "reason": order.because[:1024],
            },
            headers={"Idempotency-Key": order.key},
        )
        answer = parsed(OrderAnswer, body, source=called)
        if answer.state is OrderState.REFUSED:
            raise OrderRefusedError(f"{called} refuses: {answer.message or 'it does not say why'}")
        if answer.total_mbps != order.to_mbps:
            message = (
                f"{called} took an order for {answer.total_mbps:.6g} Mbit/s, "
                f"{order.to_mbps} were ordered"
            )
            raise BandwidthError(message)
        return f"order {answer.order_id} {answer.state}: {answer.message}".removesuffix(": ")

    def _client(self, provider: HTTPProvider) -> ProviderClient:
        client = self._clients.get(provider.name)
        if client is None:
            known = ", ".join(sorted(self._clients)) or "none"
            message = f"the operator knows no provider {provider.name}: it must be one of {known}"
            raise BandwidthError(message)
        return client


def _provider(link: EgressLink) -> HTTPProvider:
    provider = link.spec.provider.http
    assert provider is not None, "asked only for links whose provider answers over HTTP"
    return provider


def _path(provider: HTTPProvider, below: str = "") -> str:
    return f"/v1/links/{quote(provider.link_id, safe='')}{below}"
