"""A link's rate in a field of a Kubernetes object, for whoever makes it real: another operator.

The field says what is ordered; nothing there says what is delivered, so that counts as delivered at
once. Written by server-side apply under our own manager, as pools' targets are: with the uid and
the revision that were read, never against another manager's will.
"""

from collections.abc import Callable
from typing import Any

from autoscaler.errors import (
    FieldOwnedError,
    NotFoundError,
    OrderConflictError,
    OrderRefusedError,
    WriteConflictError,
)
from autoscaler.kube.client import KubeClient
from autoscaler.kube.discovery import Discovery, Kind
from autoscaler.kube.fields import MANAGER, Object, Owner, as_number, nested, owners, read
from autoscaler.kube.world import kind_of
from autoscaler.ports.bandwidth import BandwidthOrder, Supply
from autoscaler.resources.common import GROUP, VERSION
from autoscaler.resources.egresslink import EgressLink, ObjectProvider, RateUnit
from autoscaler.resources.target import Adopt

BPS = {RateUnit.BPS: 1, RateUnit.MBPS: 1_000_000, RateUnit.GBPS: 1_000_000_000}
LINKS = Kind(GROUP, VERSION, EgressLink.names.plural)


class ObjectBandwidth:
    """The `Bandwidth` port on fields of Kubernetes objects."""

    def __init__(self, client: KubeClient) -> None:
        self._client = client
        self._discovery = Discovery(client)

    def read(self, link: EgressLink) -> Supply:
        """Return the rate that the field holds; what is bought today where it holds none."""
        provider = _provider(link)
        return supply_of(link, provider, self._client.get(self._path(link, provider)))

    def order(self, order: BandwidthOrder, *, may_order: Callable[[], bool]) -> str:
        """Write the rate, if nothing changed since it was read."""
        link, provider = order.link, _provider(order.link)
        path = self._path(link, provider)
        body = self._client.get(path)
        self._unchanged(order, supply_of(link, provider, body))
        if not may_order():
            raise OrderConflictError("this operator does not lead any more")
        force = provider.adopt is Adopt.FORCE and not _ours(body, provider)
        try:
            applied = self._body(body, provider, order.to_mbps)
            self._client.apply(path, applied, manager=MANAGER, force=force)
        except FieldOwnedError as error:
            raise OrderRefusedError(str(error)) from error
        except (WriteConflictError, NotFoundError) as error:
            raise OrderConflictError(str(error)) from error
        return f"{_called(provider)} holds it"

    def _unchanged(self, order: BandwidthOrder, fresh: Supply) -> None:
        """Look at link and object once more. Raises OrderConflictError."""
        if not unchanged(self._client, order.link):
            raise OrderConflictError("the link changed since it was read")
        if fresh.refusal:
            raise OrderRefusedError(fresh.refusal)
        if (fresh.revision, fresh.ordered_mbps) != (
            order.supply.revision,
            order.supply.ordered_mbps,
        ):
            raise OrderConflictError(f"{_called(_provider(order.link))} changed since it was read")

    def _body(self, seen: Object, provider: ObjectProvider, mbps: int) -> dict[str, Any]:
        body = nested(provider.field_path, mbps * BPS[RateUnit.MBPS] // BPS[provider.unit])
        metadata = {
            **body.get("metadata", {}),
            "name": provider.name,
            "uid": seen["metadata"]["uid"],
            "resourceVersion": seen["metadata"]["resourceVersion"],
        }
        kind = {"apiVersion": seen["apiVersion"], "kind": seen["kind"]}
        return {**body, **kind, "metadata": metadata}

    def _path(self, link: EgressLink, provider: ObjectProvider) -> str:
        kind = kind_of(provider)
        served = self._discovery.kind(kind)
        if served is None:
            message = f"the cluster serves no {kind} in version {kind.version}: correct provider"
            raise NotFoundError(message)
        return kind.path(link.metadata.namespace if served.namespaced else None, provider.name)


def unchanged(client: KubeClient, link: EgressLink) -> bool:
    """Say whether a link is still what it was when it was listed. Raises KubernetesError."""
    known = link.metadata
    try:
        live = client.get(LINKS.path(known.namespace, known.name))["metadata"]
    except NotFoundError:
        return False
    return (live["uid"], live["generation"]) == (known.uid, known.generation)


def supply_of(link: EgressLink, provider: ObjectProvider, body: Object) -> Supply:
    """Return what an object's field says of a link; its `refusal` where it must not be written."""
    value, uid = read(body, provider.field_path), body["metadata"]["uid"]
    number, ours = as_number(value), _ours(body, provider)
    mbps = float(link.spec.committed_mbps)
    refusal = ""
    if number is not None:
        mbps = number * BPS[provider.unit] / BPS[RateUnit.MBPS]
    elif value is not None:
        field = f"{_called(provider)} {provider.field_path}"
        refusal = f"{field} is {value!r}: must be a whole number of {provider.unit}"
    return Supply(
        ordered_mbps=mbps,
        delivered_mbps=mbps,
        # An object's own revision moves with its status: only who it is and what it holds count.
        revision=f"{uid}/{'' if value is None else value}",
        refusal=refusal or _owned(link, provider, body),
        owned=uid if ours else "",
    )


def _owned(link: EgressLink, provider: ObjectProvider, body: Object) -> str:
    """Return why the field is not ours to write; empty: it is, or may be taken over."""
    holders = owners(body, provider.field_path)
    if not holders or _ours(body, provider):
        return ""
    names = ", ".join(sorted({owner.manager for owner in holders}))
    field, before = f"{_called(provider)} {provider.field_path}", link.status.provider
    if before is not None and before.uid == body["metadata"]["uid"]:
        return (
            f"{field} was taken back by {names} after it had been adopted: leave the field out "
            "there, then make the link anew"
        )
    if provider.adopt is Adopt.FORCE:
        return ""
    return f"{field} belongs to {names}: set provider.object.adopt to Force to take it over once"


def _ours(body: Object, provider: ObjectProvider) -> bool:
    return Owner(MANAGER, declares=True) in owners(body, provider.field_path)


def _provider(link: EgressLink) -> ObjectProvider:
    provider = link.spec.provider.object
    assert provider is not None, "asked only for links whose provider is an object"
    return provider


def _called(provider: ObjectProvider) -> str:
    return f"{provider.resource}/{provider.name}"
