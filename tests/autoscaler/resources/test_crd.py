from collections.abc import Iterator
from typing import Any

import pytest

from autoscaler.resources.common import Resource
from autoscaler.resources.crd import crd, to_yaml
from autoscaler.resources.kinds import KINDS
from tests.autoscaler.resources.samples import MANIFESTS

Schema = dict[str, Any]
every_kind = pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)


def schemas(schema: Schema, path: str) -> Iterator[tuple[str, Schema]]:
    """Yield every schema of a CRD with its path."""
    yield path, schema
    for name, each in schema.get("properties", {}).items():
        yield from schemas(each, f"{path}.{name}")
    for part in ("items", "additionalProperties"):
        if part in schema:
            yield from schemas(schema[part], f"{path}[]")


def of(kind: type[Resource], part: str) -> Iterator[tuple[str, Schema]]:
    root = crd(kind)["spec"]["versions"][0]["schema"]["openAPIV3Schema"]
    yield from schemas(root["properties"][part], part)


@every_kind
def test_the_committed_file_is_what_the_models_say(kind: type[Resource]) -> None:
    file = MANIFESTS / "crds" / f"{kind.names.plural}.yaml"

    assert file.read_text(encoding="utf-8") == to_yaml(crd(kind)), "run `make crds`"


@every_kind
@pytest.mark.parametrize("part", ["spec", "status"])
def test_every_string_list_and_map_is_bounded(kind: type[Resource], part: str) -> None:
    for path, schema in of(kind, part):
        bounds = {
            "string": {"maxLength", "enum", "format"},
            "array": {"maxItems"},
            "integer": {"maximum"},
            "object": {"properties", "maxProperties"},
        }
        assert bounds[schema["type"]] & schema.keys(), path


@every_kind
@pytest.mark.parametrize("part", ["spec", "status"])
def test_every_field_is_described(kind: type[Resource], part: str) -> None:
    undescribed = [
        path
        for path, schema in of(kind, part)
        if not schema.get("description") and not path.endswith("[]")
    ]

    assert undescribed == []


@every_kind
def test_every_number_says_its_unit(kind: type[Resource]) -> None:
    for path, schema in of(kind, "spec"):
        field = path.rsplit(".", 1)[-1]
        if field.endswith("Seconds"):
            assert "in seconds" in schema["description"], path
        if field.endswith("Mbps"):
            assert "Mbit/s" in schema["description"], path


@every_kind
def test_schemas_are_structural(kind: type[Resource]) -> None:
    for path, schema in (*of(kind, "spec"), *of(kind, "status")):
        forbidden = {"$ref", "anyOf", "allOf", "oneOf", "title", "const", "$defs", "propertyNames"}
        assert not forbidden & schema.keys(), path
        assert schema.get("additionalProperties") is not False, path


def test_a_default_says_all_that_is_inside_it() -> None:
    root = crd(KINDS[0])["spec"]["versions"][0]["schema"]["openAPIV3Schema"]
    spec = root["properties"]["spec"]["properties"]

    assert spec["mode"]["default"] == "Observe"
    assert spec["release"]["default"] == {
        name: each["default"] for name, each in spec["release"]["properties"].items()
    }
    assert spec["release"]["properties"]["policy"]["default"] == "Never"
    assert spec["risk"]["default"] == {"shortageCost": 19, "idleCost": 1}
    assert "default" not in spec["risk"]["properties"]["shortageCost"]
    assert "default" not in spec["target"]


def test_short_names_are_those_documented() -> None:
    short = {crd(kind)["spec"]["names"]["shortNames"][0] for kind in KINDS}

    assert short == {"sfup", "egl", "dev", "cplan"}
