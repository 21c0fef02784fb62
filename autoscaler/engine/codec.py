"""Values as JSON and back, exactly: what is journalled replays, what is kept survives a restart.

Works on any of the engine's frozen dataclasses and named tuples by their type hints, so a new field
needs nothing here. Floats keep their last bit (repr); those that JSON has no word for become
strings. Arrays are compressed: float64 as text, for most of them are round numbers, the narrower
kinds as bytes.
"""

import base64
import json
import math
import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields, is_dataclass
from enum import Enum
from functools import cache
from types import NoneType, UnionType
from typing import Any, TypeAlias, TypeVar, Union, get_args, get_origin, get_type_hints

import numpy as np

from autoscaler.capacity.measured import Measured
from autoscaler.engine.state import State
from autoscaler.errors import SpecError
from autoscaler.planner.links import LinkState
from autoscaler.planner.state import PoolState
from autoscaler.planner.weeks import WeeklyPeaks
from forecast.record import Record
from forecast.result import Forecast

T = TypeVar("T")
Json: TypeAlias = "bool | int | float | str | list[Json] | dict[str, Json] | None"

KEPT = ("pools", "links", "forecast", "weeks", "record", "measured")
"""What of the state must survive a restart."""
_TEXT_BYTES = 8
"""An array's numbers of so many bytes are written as text."""

Encoder: TypeAlias = Callable[[Any], Json]


def encode(value: Any) -> Json:
    """Return a value of JSON's own types; sets are sorted."""
    kind: Any = type(value)
    return _encoder(kind)(value)


def decode(kind: type[T], data: Json) -> T:
    """Return the value of this kind that was encoded. Raises SpecError when it is not one."""
    hint: Any = kind
    try:
        value: T = _decoder(hint)(data)
    except (KeyError, TypeError, ValueError, AttributeError, zlib.error) as error:
        raise SpecError(
            f"stored {kind.__name__}: {type(error).__name__}: {error}; "
            "must be as this version of Meetscale wrote it"
        ) from error
    return value


def canonical(value: object) -> bytes:
    """Return the one JSON text of a value: same value, same bytes."""
    text = json.dumps(encode(value), sort_keys=True, separators=(",", ":"), allow_nan=False)
    return text.encode()


def encode_state(state: State) -> dict[str, Json]:
    """Return what of the state must survive a restart."""
    return {name: encode(getattr(state, name)) for name in KEPT}


def decode_state(data: Mapping[str, Json]) -> State:
    """Return the state that was kept. Raises SpecError when it cannot be read.

    What is not there, as in a state that an earlier version kept, begins anew.
    """
    pools, links = data.get("pools"), data.get("links") or {}
    forecast, weeks, record = data.get("forecast"), data.get("weeks"), data.get("record")
    measured = data.get("measured") or {}
    if not isinstance(pools, dict) or not isinstance(links, dict):
        raise SpecError("stored state: 'pools' is missing; must be as Meetscale wrote it")
    return State(
        pools={name: decode(PoolState, pool) for name, pool in pools.items()},
        forecast=None if forecast is None else decode(Forecast, forecast),
        links={name: decode(LinkState, link) for name, link in links.items()},
        weeks=None if weeks is None else decode(WeeklyPeaks, weeks),
        record=None if record is None else decode(Record, record),
        measured=decode_measured(measured),
    )


def decode_measured(data: Json) -> Mapping[str, Measured]:
    """Return what was measured, by pool. Raises SpecError when it cannot be read."""
    if not isinstance(data, dict):
        raise SpecError("stored measures: must be by pool, as Meetscale wrote them")
    return {name: decode(Measured, each) for name, each in data.items()}


@cache
def _encoder(kind: Any) -> Encoder:
    """Return what makes JSON of values of exactly this type."""
    if kind is float:
        return lambda value: value if math.isfinite(value) else repr(value)
    if issubclass(kind, Enum):
        return lambda value: value.value
    if kind in (bool, int, str, NoneType):
        return lambda value: value
    if issubclass(kind, np.ndarray):
        return _pack
    if issubclass(kind, Mapping):
        return lambda value: {key: encode(item) for key, item in value.items()}
    if issubclass(kind, frozenset):
        return lambda value: [encode(item) for item in sorted(value)]
    if issubclass(kind, Sequence) and not _is_record(kind):
        return lambda value: [encode(item) for item in value]
    names = _names(kind)
    return lambda value: {name: encode(getattr(value, name)) for name in names}


def _is_record(kind: Any) -> bool:
    """Say whether a type has fields with names: a dataclass, or a NamedTuple."""
    return is_dataclass(kind) or hasattr(kind, "_fields")


def _names(kind: Any) -> tuple[str, ...]:
    if not _is_record(kind):
        raise TypeError(f"{kind.__name__} cannot be encoded")
    return tuple(each.name for each in fields(kind)) if is_dataclass(kind) else kind._fields


def _pack(array: "np.ndarray[Any, Any]") -> Json:
    flat, kind = array.ravel(), array.dtype
    if kind.itemsize < _TEXT_BYTES:
        plain = _planes(flat)
    else:
        plain = json.dumps(flat.tolist(), separators=(",", ":")).encode()
    data = base64.b64encode(zlib.compress(plain)).decode()
    return {"dtype": kind.name, "shape": list(array.shape), "zlib": data}


def _unpack(data: Any) -> "np.ndarray[Any, Any]":
    kind, plain = np.dtype(data["dtype"]), zlib.decompress(base64.b64decode(data["zlib"]))
    flat = _from_planes(plain, kind) if kind.itemsize < _TEXT_BYTES else json.loads(plain)
    return np.array(flat, dtype=kind).reshape(data["shape"])


def _planes(flat: "np.ndarray[Any, Any]") -> bytes:
    """Return all lowest bytes, then all next ones: neighbours that are alike compress better so.

    Of integers the differences from one to the next, which are small where numbers are large.
    """
    if flat.dtype.kind == "i":
        flat = np.diff(flat, prepend=flat.dtype.type(0))
    kind = flat.dtype.newbyteorder("<")
    return flat.astype(kind).view(np.uint8).reshape(-1, kind.itemsize).T.tobytes()


def _from_planes(plain: bytes, kind: "np.dtype[Any]") -> "np.ndarray[Any, Any]":
    bytes_ = np.frombuffer(plain, dtype=np.uint8).reshape(kind.itemsize, -1).T
    flat = np.ascontiguousarray(bytes_).view(kind.newbyteorder("<")).ravel().astype(kind)
    return np.cumsum(flat, dtype=kind) if kind.kind == "i" else flat


@cache
def _decoder(kind: Any) -> Callable[[Any], Any]:
    """Return what reads a value of this kind from JSON."""
    origin, arguments = get_origin(kind), get_args(kind)
    if origin in (Union, UnionType):
        return _optional(arguments)
    if origin is np.ndarray or kind is np.ndarray:
        return _unpack
    if _is_record(kind):
        return _record(kind)
    if origin in (tuple, frozenset) or (isinstance(origin, type) and issubclass(origin, Sequence)):
        return _collection(frozenset if origin is frozenset else tuple, arguments)
    if isinstance(origin, type) and issubclass(origin, Mapping):
        item = _decoder(arguments[1])
        return lambda data: {key: item(value) for key, value in data.items()}
    if kind is float:
        return lambda data: float(data) if isinstance(data, str) else data
    if isinstance(kind, type) and issubclass(kind, Enum):
        return kind
    return lambda data: data


def _optional(kinds: tuple[Any, ...]) -> Callable[[Any], Any]:
    """Read something or None; of several plain kinds JSON keeps which it is."""
    (first, *others) = [kind for kind in kinds if kind is not NoneType]
    if others:
        return lambda data: data
    inner = _decoder(first)
    return lambda data: None if data is None else inner(data)


def _collection(make: Callable[[Any], Any], kinds: tuple[Any, ...]) -> Callable[[Any], Any]:
    if len(kinds) > 1 and kinds[1] is not Ellipsis:
        items = [_decoder(kind) for kind in kinds]
        return lambda data: make(item(each) for item, each in zip(items, data, strict=True))
    item = _decoder(kinds[0])
    return lambda data: make(item(each) for each in data)


def _record(kind: Any) -> Callable[[Any], Any]:
    hints = get_type_hints(kind)
    items = {name: _decoder(hints[name]) for name in _names(kind)}
    # What an older version did not write yet takes its default.
    return lambda data: kind(
        **{name: item(data[name]) for name, item in items.items() if name in data}
    )
