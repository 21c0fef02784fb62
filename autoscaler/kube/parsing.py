"""From listed JSON to typed resources: parsed when they changed, kept while they did not."""

from collections.abc import Iterable
from typing import Generic, TypeVar

from pydantic import TypeAdapter, ValidationError

from autoscaler.errors import SpecError
from autoscaler.kube.fields import Object
from autoscaler.ports.fleet import InvalidResource
from autoscaler.ports.reports import Subject
from autoscaler.resources.common import Condition, Resource
from autoscaler.resources.load import load_as

R = TypeVar("R", bound=Resource)
_CONDITIONS = TypeAdapter(tuple[Condition, ...])


class Parser(Generic[R]):
    """Typed objects of one kind, in the order of `namespace/name`, and those that make no sense."""

    def __init__(self, kind: type[R]) -> None:
        self._kind = kind
        self._known: dict[str, tuple[str, R | InvalidResource]] = {}

    def parse(self, items: Iterable[Object]) -> tuple[tuple[R, ...], tuple[InvalidResource, ...]]:
        """Return the resources and the invalid ones. Each is parsed once per resourceVersion."""
        before, self._known = self._known, {}
        for item in items:
            uid, version = item["metadata"]["uid"], item["metadata"]["resourceVersion"]
            known = before.get(uid)
            if known is None or known[0] != version:
                known = (version, self._one(item))
            self._known[uid] = known
        parsed = [resource for _, resource in self._known.values()]
        good = sorted((one for one in parsed if isinstance(one, self._kind)), key=lambda r: r.key)
        return tuple(good), tuple(one for one in parsed if isinstance(one, InvalidResource))

    def _one(self, item: Object) -> R | InvalidResource:
        try:
            return load_as(self._kind, item)
        except SpecError as error:
            return InvalidResource(
                subject=self._subject(item), message=str(error), conditions=_conditions(item)
            )

    def _subject(self, item: Object) -> Subject:
        metadata = item["metadata"]
        return Subject(
            resource=self._kind.names.plural,
            kind=self._kind.__name__,
            namespace=metadata["namespace"],
            name=metadata["name"],
            uid=metadata["uid"],
            generation=metadata.get("generation", 0),
        )


def _conditions(item: Object) -> tuple[Condition, ...]:
    status = item.get("status")
    try:
        return _CONDITIONS.validate_python((status or {}).get("conditions", ()))
    except ValidationError:
        return ()
