"""LISTs: the truth at each tick, one request per kind, whatever the number of objects."""

from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from autoscaler.errors import KubernetesError
from autoscaler.kube.client import KubeClient
from autoscaler.kube.discovery import Discovery, Kind, Served
from autoscaler.kube.fields import Object
from autoscaler.resources.common import GROUP, VERSION

AT_ONCE = 4


@dataclass(slots=True)
class Listed:
    """Objects by the path at which each of them is served; `unread` says why a kind has none."""

    objects: dict[str, Object] = field(default_factory=dict)
    served: dict[Kind, Served] = field(default_factory=dict)
    unserved: set[Kind] = field(default_factory=set)
    unread: dict[Kind, str] = field(default_factory=dict)

    @property
    def tried(self) -> set[Kind]:
        """Return the kinds that were asked for, with whatever success."""
        return {*self.served, *self.unserved, *self.unread}

    def path(self, kind: Kind, *, namespace: str, name: str) -> str:
        """Return where an object of a listed kind is served: some kinds have no namespaces."""
        served = self.served.get(kind)
        return kind.path(namespace if served is None or served.namespaced else None, name)

    def get(self, kind: Kind, *, namespace: str, name: str) -> Object | None:
        """Return an object that was listed; None where there is none."""
        return self.objects.get(self.path(kind, namespace=namespace, name=name))


class Lister:
    """Lists kinds in the namespaces that are looked after; none named: in all."""

    def __init__(
        self, client: KubeClient, discovery: Discovery, *, namespaces: Sequence[str]
    ) -> None:
        self._client = client
        self._discovery = discovery
        self._namespaces = namespaces
        self._threads = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="list")

    def own(self, resource: str) -> list[Object]:
        """List one of our own kinds. Raises KubernetesError."""
        kind = Kind(GROUP, VERSION, resource)
        return self._items(Served(kind, "", namespaced=True))

    def together(self, kinds: Iterable[str]) -> Mapping[str, list[Object]]:
        """List several of our own kinds at once. Raises KubernetesError."""
        names = tuple(kinds)
        return dict(zip(names, self._threads.map(self.own, names), strict=True))

    def add(self, listed: Listed, kinds: Iterable[Kind]) -> None:
        """List what is not listed yet; a kind that cannot be listed is noted and keeps no other."""
        missing = sorted(set(kinds) - listed.tried)
        for kind, outcome in zip(missing, self._threads.map(self._try, missing), strict=True):
            if outcome is None:
                listed.unserved.add(kind)
            elif isinstance(outcome, str):
                listed.unread[kind] = outcome
            else:
                served, items = outcome
                listed.served[kind] = served
                for item in items:
                    metadata = item["metadata"]
                    path = kind.path(metadata.get("namespace"), metadata["name"])
                    listed.objects[path] = item

    def close(self) -> None:
        """End the threads."""
        self._threads.shutdown(wait=False, cancel_futures=True)

    def _try(self, kind: Kind) -> tuple[Served, list[Object]] | str | None:
        try:
            served = self._discovery.kind(kind)
            return None if served is None else (served, self._items(served))
        except KubernetesError as error:
            return str(error)

    def _items(self, served: Served) -> list[Object]:
        if not served.namespaced or not self._namespaces:
            return list(self._client.get(served.kind.path(None)).get("items") or ())
        return [
            item
            for namespace in self._namespaces
            for item in self._client.get(served.kind.path(namespace)).get("items") or ()
        ]
