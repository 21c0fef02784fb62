"""Writing one number: server-side apply under a manager of its own.

Each request carries the uid and the revision that were listed. The API server itself then refuses
to write to an object that changed, and to make a ghost of one that was deleted. A revision that is
out of date for another reason (its status moved) is looked up and tried once more, if the number
and its owner are still what they were.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from autoscaler.errors import (
    FieldOwnedError,
    KubernetesError,
    NotFoundError,
    WriteConflictError,
)
from autoscaler.kube.client import KubeClient
from autoscaler.kube.discovery import Discovery
from autoscaler.kube.fields import MANAGER, nested
from autoscaler.kube.preflight import field_of
from autoscaler.kube.snapshot import target_snapshot
from autoscaler.kube.world import kind_of
from autoscaler.ports.fleet import Outcome, TargetSnapshot, Write, WriteResult
from autoscaler.resources.target import Adopt, Target

NOT_LEADING = "this operator does not lead any more"


class TargetWriter:
    """Writes numbers to targets of any kind."""

    def __init__(self, client: KubeClient, discovery: Discovery) -> None:
        self._client = client
        self._discovery = discovery

    def write(self, write: Write, *, may_write: Callable[[], bool]) -> WriteResult:
        """Write one number and say what became of it. Never raises."""
        try:
            return self._write(write, may_write)
        except FieldOwnedError as error:
            return WriteResult(write, Outcome.REFUSED, str(error))
        except (WriteConflictError, NotFoundError) as error:
            return WriteResult(write, Outcome.CHANGED, str(error))
        except KubernetesError as error:
            return WriteResult(write, Outcome.FAILED, str(error))

    def _write(self, write: Write, may_write: Callable[[], bool]) -> WriteResult:
        if not may_write():
            return WriteResult(write, Outcome.CHANGED, NOT_LEADING)
        try:
            self._apply(write, write.target)
        except FieldOwnedError:
            raise
        except WriteConflictError:
            fresh = self._unchanged(write)
            if not may_write():
                return WriteResult(write, Outcome.CHANGED, NOT_LEADING)
            self._apply(write, fresh)
        return WriteResult(write, Outcome.WRITTEN)

    def _unchanged(self, write: Write) -> TargetSnapshot:
        """Read the target again. Raises WriteConflictError when more than its revision moved."""
        target = _target(write)
        fresh = target_snapshot(target, self._client.get(self._path(write)))
        if replace(fresh, revision=write.target.revision) != write.target:
            message = f"{target.resource}/{target.name} changed since it was read"
            raise WriteConflictError(message)
        return fresh

    def _apply(self, write: Write, seen: TargetSnapshot) -> None:
        target = _target(write)
        force = target.adopt is Adopt.FORCE and (write.adopting or seen.shared)
        body = self._body(write, seen)
        path = self._path(write, subresource=target.subresource or "")
        self._client.apply(path, body, manager=MANAGER, force=force)

    def _body(self, write: Write, seen: TargetSnapshot) -> dict[str, Any]:
        target = _target(write)
        body = nested(field_of(target), write.number)
        metadata = {
            **body.get("metadata", {}),
            "name": target.name,
            "uid": seen.uid,
            "resourceVersion": seen.revision,
        }
        if target.subresource is not None:
            kind = {"apiVersion": "autoscaling/v1", "kind": "Scale"}
        else:
            served = self._discovery.kind(kind_of(target))
            version = f"{target.group}/{target.version}" if target.group else target.version
            kind = {"apiVersion": version, "kind": "" if served is None else served.name}
        return {**body, **kind, "metadata": metadata}

    def _path(self, write: Write, *, subresource: str = "") -> str:
        target = _target(write)
        served = self._discovery.kind(kind_of(target))
        namespaced = served is None or served.namespaced
        namespace = write.pool.resource.metadata.namespace if namespaced else None
        return kind_of(target).path(namespace, target.name, subresource=subresource)


def _target(write: Write) -> Target:
    target = write.pool.resource.spec.target
    assert target is not None, "a number is only ever written for a pool with a target"
    return target
