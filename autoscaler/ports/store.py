"""Where small state outlives a restart."""

from collections.abc import Mapping
from typing import Protocol


class Store(Protocol):
    """Documents by key. Kept in the cluster, because a replacement may start on another machine."""

    def load(self) -> Mapping[str, str]:
        """Return every document. Raises KubernetesError without an answer: not the same as none."""
        ...

    def save(self, key: str, document: str) -> None:
        """Write one document. Raises KubernetesError."""
        ...
