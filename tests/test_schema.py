"""The schemas of a city's TOML: what the loader takes is what an editor takes."""

import json
import tomllib
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from etl.__main__ import main
from etl.contract import contracts
from etl.problem import Refused
from etl.recipe.toml import SCHEMAS, validated

SCHEMA = {path.stem: json.loads(path.read_text("utf-8")) for path in SCHEMAS.glob("*.json")}
WRONG = {  # of a sidecar: the refusal, its key, its place
    "an unknown key of a table": ("read = {frst = 2}", "unknown_key", "frst", "[read]"),
    "a line that is none": ("read = {first = 0}", "wrong_kind", "first", "[read]"),
    "a whole number with a point": ("read = {first = 2.0}", "wrong_kind", "first", "[read]"),
    "a number in a list of texts": ('columns = {a = ["x", 3]}', "wrong_kind", "a", "[columns]"),
    "a day where a text belongs": ("aside = {old = 2019-01-01}", "wrong_kind", "old", "[aside]"),
    "no reason": ('personal = {nama = " "}', "wrong_kind", "nama", "[personal]"),
    "a date of a file": ('per_file."a.csv" = {publishd = 1}', "unknown_key", "publishd", "a.csv"),
    "two marks": ('read = {delimiter = ";;"}', "wrong_kind", "delimiter", "[read]"),
    "truth as a number": ("set = {year = true}", "wrong_kind", "year", "[set]"),
}


@pytest.mark.parametrize("kind", SCHEMA)
def test_a_schema_is_one_and_explains_every_key(kind):
    Draft202012Validator.check_schema(SCHEMA[kind])
    known = SCHEMA[kind]["properties"]
    known = known.get("accepted", {}).get("items", {}).get("properties", known)
    assert [key for key, rule in known.items() if "description" not in rule] == []


def test_a_sidecar_may_load_every_contract_and_no_other():
    assert SCHEMA["dataset"]["properties"]["loads"]["enum"] == list(contracts())


@pytest.mark.parametrize("text, code, key, where", WRONG.values(), ids=WRONG)
def test_what_is_wrong_is_told_with_its_place(text, code, key, where):
    stated = tomllib.loads(f'loads = "visits"\nfiles = ["a.csv"]\n{text}')
    with pytest.raises(Refused) as refused:
        validated(stated, "dataset", "x.toml")
    params = refused.value.params
    assert (refused.value.code, params["key"]) == (code, key) and where in params["where"]


def test_a_new_city_leads_the_editor_to_the_schemas(tmp_path):
    main(["new-city", "kudus", "--name", "Kudus", "--code", "33.19", "--data", str(tmp_path)])
    files = [p for p in tmp_path.rglob("*.toml") if not p.name.startswith("text.")]
    for path in files:
        mark, to = path.read_text("utf-8").splitlines()[0].split(" ", 1)
        kind = "city" if path.name == "city.toml" else "dataset"
        assert (mark, Path(path.parent, to).resolve()) == ("#:schema", SCHEMAS / f"{kind}.json")
    assert len(files) > 8
