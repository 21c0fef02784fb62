"""State in the cluster: compressed documents in ConfigMaps of the operator's own namespace.

The names are fixed, so that the operator's rights name them too (docs/adr/005). A document that
does not fit one ConfigMap is cut into parts; each says how many there are and of what, and parts of
two documents make none.
"""

import base64
import hashlib
import logging
import zlib
from collections.abc import Mapping

from autoscaler.errors import KubernetesError, NotFoundError
from autoscaler.kube.client import KubeClient
from autoscaler.kube.discovery import Kind
from autoscaler.kube.fields import Object

LOG = logging.getLogger(__name__)
CONFIG_MAPS = Kind("", "v1", "configmaps")
MANAGER = "meetscale"
PART_BYTES = 700_000
"""A ConfigMap holds 1 MiB, and base64 makes four bytes of three."""
DOCUMENTS: Mapping[str, int] = {
    "pools": 2,
    "links": 1,
    "forecast": 8,
    "weeks": 1,
    "record": 4,
    "measured": 1,
}
"""What is kept, and in how many parts at most: more than 1,000 pools need."""


class ConfigMapStore:
    """The `Store` port. Needs get, create and patch of the ConfigMaps that it names."""

    def __init__(self, client: KubeClient, *, namespace: str) -> None:
        self._client = client
        self._namespace = namespace

    def load(self) -> Mapping[str, str]:
        """Return every whole document. Raises KubernetesError without an answer."""
        found = {key: self._load(key) for key in DOCUMENTS}
        return {key: document for key, document in found.items() if document is not None}

    def save(self, key: str, document: str) -> None:
        """Write one document. Raises KubernetesError, also for one that is too large to keep."""
        packed = zlib.compress(document.encode())
        parts = [packed[i : i + PART_BYTES] for i in range(0, len(packed), PART_BYTES)]
        if len(parts) > DOCUMENTS[key]:
            message = f"state {key}: {len(packed)} bytes are more than {DOCUMENTS[key]} parts hold"
            raise KubernetesError(message)
        mark = f"{len(parts)} {hashlib.sha256(packed).hexdigest()[:16]}"
        for index, part in enumerate(parts):
            body = {
                "apiVersion": "v1",
                "kind": "ConfigMap",
                "metadata": {
                    "name": _name(key, index),
                    "labels": {"app.kubernetes.io/managed-by": "meetscale"},
                    "annotations": {"meetscale.io/parts": mark},
                },
                "binaryData": {"state": base64.b64encode(part).decode()},
            }
            path = CONFIG_MAPS.path(self._namespace, _name(key, index))
            self._client.apply(path, body, manager=MANAGER, force=True)

    def _load(self, key: str) -> str | None:
        first = self._part(key, 0)
        if first is None:
            return None
        mark = _mark(first)
        count = int(mark.partition(" ")[0] or 1)
        parts = [first, *(self._part(key, index) for index in range(1, count))]
        whole = [part for part in parts if part is not None and _mark(part) == mark]
        try:
            packed = b"".join(base64.b64decode(part["binaryData"]["state"]) for part in whole)
            if len(whole) == count:
                return zlib.decompress(packed).decode()
        except (KeyError, ValueError, zlib.error):
            pass
        LOG.warning("state %s is torn and is forgotten", key)
        return None

    def _part(self, key: str, index: int) -> Object | None:
        try:
            found: Object = self._client.get(CONFIG_MAPS.path(self._namespace, _name(key, index)))
        except NotFoundError:
            return None
        return found


def _name(key: str, index: int) -> str:
    return f"meetscale-state-{key}-{index}"


def _mark(part: Object) -> str:
    return str(part["metadata"].get("annotations", {}).get("meetscale.io/parts", ""))
