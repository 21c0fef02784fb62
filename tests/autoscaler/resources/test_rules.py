import re

import pytest

from autoscaler.errors import SpecError
from autoscaler.resources.crd import crd
from autoscaler.resources.kinds import KINDS
from autoscaler.resources.load import load_object
from tests.autoscaler.resources.refusals import ACCEPTED, REFUSALS, Refusal
from tests.autoscaler.resources.samples import sample


@pytest.mark.parametrize(("name", "changes"), ACCEPTED)
def test_what_is_right_is_accepted(name: str, changes: dict[str, object]) -> None:
    assert load_object(sample(name, changes)).spec


@pytest.mark.parametrize("refusal", REFUSALS, ids=lambda case: f"{case.sample}-{case.field}")
def test_what_is_wrong_is_refused_with_its_field_and_message(refusal: Refusal) -> None:
    with pytest.raises(SpecError) as refused:
        load_object(sample(refusal.sample, refusal.changes))

    assert re.search(rf": {re.escape(refusal.field)}( is .*)?: ", str(refused.value))
    assert str(refused.value).endswith(f": {refusal.message}")


def test_every_rule_of_the_crds_has_a_case() -> None:
    rules = {
        entry["message"]
        for kind in KINDS
        for entry in _validations(crd(kind)["spec"]["versions"][0]["schema"]["openAPIV3Schema"])
        if "reason" in entry and "oldSelf" not in entry["rule"]
    }

    assert rules <= {refusal.message for refusal in REFUSALS}


def _validations(schema: dict) -> list[dict]:  # type: ignore[type-arg]
    found = list(schema.get("x-kubernetes-validations", ()))
    below = [
        *schema.get("properties", {}).values(),
        schema.get("items"),
        schema.get("additionalProperties"),
    ]
    return found + [entry for each in below if each for entry in _validations(each)]
