"""What the API server serves under a group and version: asked once, kinds change with upgrades."""

from dataclasses import dataclass
from typing import NamedTuple

from autoscaler.errors import NotFoundError
from autoscaler.kube.client import KubeClient


class Kind(NamedTuple):
    """A kind of object as authorisation knows it; `group` is empty for the core group."""

    group: str
    version: str
    resource: str

    @property
    def root(self) -> str:
        """The path below which its group and version are served."""
        return f"/apis/{self.group}/{self.version}" if self.group else f"/api/{self.version}"

    def __str__(self) -> str:
        return f"{self.resource}.{self.group}" if self.group else self.resource

    def path(self, namespace: str | None, name: str = "", *, subresource: str = "") -> str:
        """Return the path of a collection, an object or a subresource; None: not namespaced."""
        within = f"namespaces/{namespace}" if namespace is not None else ""
        parts = (self.root, within, self.resource, name, subresource)
        return "/".join(part for part in parts if part)


@dataclass(frozen=True, slots=True)
class Served:
    """What is known of a kind that the API server serves: `name` is its CamelCase kind."""

    kind: Kind
    name: str
    namespaced: bool


class Discovery:
    """Answers from one request per group and version. A kind that is missing is asked for again."""

    def __init__(self, client: KubeClient) -> None:
        self._client = client
        self._served: dict[str, tuple[Served, ...]] = {}

    def kind(self, kind: Kind) -> Served | None:
        """Return what is served under this plural resource; None where it is not."""
        return self._find(kind.group, kind.version, resource=kind.resource)

    def named(self, api_version: str, name: str) -> Served | None:
        """Return what a reference by `apiVersion` and `kind` means; None where it is not served."""
        group, _, version = api_version.rpartition("/")
        return self._find(group, version, name=name)

    def _find(
        self, group: str, version: str, *, resource: str | None = None, name: str | None = None
    ) -> Served | None:
        root = Kind(group, version, "").root
        found = _matching(self._served.get(root, ()), resource, name)
        if found is None:
            self._served[root] = self._list(group, version)
            found = _matching(self._served[root], resource, name)
        return found

    def _list(self, group: str, version: str) -> tuple[Served, ...]:
        try:
            answer = self._client.get(Kind(group, version, "").root)
        except NotFoundError:
            return ()
        return tuple(
            Served(Kind(group, version, entry["name"]), entry["kind"], entry["namespaced"])
            for entry in answer.get("resources", ())
            if "/" not in entry["name"]
        )


def _matching(served: tuple[Served, ...], resource: str | None, name: str | None) -> Served | None:
    return next((one for one in served if one.kind.resource == resource or one.name == name), None)
