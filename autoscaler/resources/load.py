"""Reading resources: a YAML text of several documents, or one object as the API server gives it.

Every refusal is one `SpecError` sentence: file, object, field path, value, and what would be right.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from difflib import get_close_matches
from typing import Any, TypeAlias, TypeVar, get_args

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from autoscaler.errors import SpecError
from autoscaler.resources.common import Part, Resource
from autoscaler.resources.documents import read_documents
from autoscaler.resources.kinds import KINDS, AnyResource

R = TypeVar("R", bound=Resource)

Kinds: TypeAlias = Mapping[str, type[AnyResource]]

_BY_KIND: Kinds = {kind.__name__: kind for kind in KINDS}
_MUST = {
    "string_type": "must be text; put it in quotes",
    "int_type": "must be a whole number",
    "int_from_float": "must be a whole number",
    "model_type": "must be a mapping of fields",
    "dict_type": "must be a mapping",
    "tuple_type": "must be a list",
}


def load_text(text: str, *, source: str) -> tuple[AnyResource, ...]:
    """Read every resource of a YAML text, `kind: List` (as kubectl prints it) unpacked.

    `source` is the name of the file, for messages. Raises SpecError for the first thing that is
    wrong, for an object that comes twice, and for a text without any resource.
    """
    return load_documents(unpacked(text, source=source), source=source)


def unpacked(text: str, *, source: str) -> Iterator[object]:
    """Yield the objects of a YAML text as they are written, lists unpacked. Raises SpecError."""
    for document in read_documents(text, source=source):
        if isinstance(document, Mapping) and document.get("kind") == "List":
            yield from document.get("items") or ()
        elif document is not None:
            yield document


def load_documents(
    documents: Iterable[object], *, source: str, kinds: Kinds = _BY_KIND
) -> tuple[AnyResource, ...]:
    """Read objects as `load_text` does, each as what its kind names in `kinds`."""
    resources = tuple(load_object(each, source=source, kinds=kinds) for each in documents)
    seen: set[tuple[str, str]] = set()
    for resource in resources:
        name = (resource.kind, resource.key)
        if name in seen:
            raise SpecError(
                f"{source}: {name[0]} {name[1]} comes twice: give one of them a new name"
            )
        seen.add(name)
    if not resources:
        raise SpecError(f"{source}: holds no resource: must hold one of {', '.join(_BY_KIND)}")
    return resources


def load_object(document: object, *, source: str = "", kinds: Kinds = _BY_KIND) -> AnyResource:
    """Read one resource of whichever kind. Raises SpecError."""
    where = f"{source}: " if source else ""
    if not isinstance(document, Mapping):
        raise SpecError(f"{where}{_shown(document)} is no resource: must be a mapping with a kind")
    if (kind := document.get("kind")) not in kinds:
        raise SpecError(f"{where}kind is {_shown(kind)}: must be one of {', '.join(kinds)}")
    return load_as(kinds[str(kind)], document, source=source)


def load_as(kind: type[R], document: Mapping[str, Any], *, source: str = "") -> R:
    """Read one resource of a known kind; `apiVersion` and `kind` may lack. Raises SpecError."""
    try:
        return kind.model_validate(document, by_alias=True, by_name=False)
    except ValidationError as error:
        where = f"{source}: " if source else ""
        sentence = _sentence(_first(error), kind, document)
        raise SpecError(f"{where}{_called(kind, document)}: {sentence}") from None


def _first(error: ValidationError) -> ErrorDetails:
    # A misspelt field is unknown and missing at once; the first says more.
    details = error.errors(include_url=False)
    return min(details, key=lambda detail: detail["type"] != "extra_forbidden")


def _sentence(detail: ErrorDetails, kind: type[Resource], document: Mapping[str, Any]) -> str:
    location = tuple(step for step in detail["loc"] if step != "[key]")
    context = detail.get("ctx", {})
    if blamed := context.get("field"):
        location = (*location, *blamed.split("."))
    path = _path(location)
    if detail["type"] == "extra_forbidden":
        return f"{path} is unknown: {_suggestion(kind, location)}"
    if detail["type"] == "missing":
        return f"{path} is missing"
    must = _MUST.get(detail["type"]) or re.sub(r"^\w+ should ", "must ", detail["msg"])
    return f"{path}{_is(location, document)}: {must}"


def _path(location: tuple[str | int, ...]) -> str:
    steps = (f"[{step}]" if isinstance(step, int) else f".{step}" for step in location)
    return "".join(steps).removeprefix(".")


def _is(location: tuple[str | int, ...], document: object) -> str:
    value: Any = document
    for step in location:
        try:
            value = value[step]
        except (KeyError, IndexError, TypeError):
            return " is missing"
    return "" if isinstance(value, dict | list) else f" is {_shown(value)}"


def _suggestion(kind: type[Resource], location: tuple[str | int, ...]) -> str:
    model: type[Part] = kind
    for step in location[:-1]:
        if isinstance(step, str):
            fields = {field.alias: field for field in model.model_fields.values()}
            model = next(_parts_in(fields[step].annotation))
    known = [str(field.alias) for field in model.model_fields.values()]
    near = get_close_matches(str(location[-1]), known, n=1)
    return f"did you mean {near[0]}?" if near else f"must be one of {', '.join(known)}"


def _parts_in(annotation: Any) -> Iterator[type[Part]]:
    if isinstance(annotation, type) and issubclass(annotation, Part):
        yield annotation
    for argument in get_args(annotation):
        yield from _parts_in(argument)


def _shown(value: object) -> str:
    text = json.dumps(value, default=str, ensure_ascii=False)
    return text if len(text) <= 80 else f"{text[:77]}..."


def _called(kind: type[Resource], document: Mapping[str, Any]) -> str:
    called = str(document.get("kind", kind.__name__))
    metadata = document.get("metadata")
    if not isinstance(metadata, Mapping) or "name" not in metadata:
        return called
    name = str(metadata["name"])
    namespace = f"{metadata['namespace']}/" if "namespace" in metadata else ""
    return f"{called} {namespace}{name}"
