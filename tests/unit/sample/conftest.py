"""The sample company as a loader would see it: exports, preset and contracts, read anew."""

import json
import re
import tomllib
from dataclasses import dataclass
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
import pytest

import clientlib
from clientlib.sample import write_sample

ROOM = Path(clientlib.__file__).parent
PRESET = ROOM / "sources" / "presets" / "sample_company.toml"
STAGING = ROOM / "sql" / "staging"
NUMBERS = {"number", "money", "share", "count"}
LOADED_ON = pd.Timestamp("2026-01-01")


@dataclass(frozen=True)
class Export:
    folder: Path
    truth: dict
    preset: dict

    def frame(self, truth_part):
        return pd.DataFrame(truth_part)


@pytest.fixture(scope="session")
def preset():
    return tomllib.loads(PRESET.read_text(encoding="utf-8"))


@pytest.fixture(scope="session")
def export(tmp_path_factory, preset):
    root = tmp_path_factory.mktemp("sample")
    write_sample(root / "raw", truth_path=root / "truth.json")
    truth = json.loads((root / "truth.json").read_text(encoding="utf-8"))
    return Export(root / "raw", truth, preset)


@pytest.fixture(scope="session")
def loaded(export):
    """Good rows, repeats and bad rows by table, judged by the headers of the contracts."""
    return {name: judge(name, rows, fold) for name, rows, fold in map_tables(export)}


@pytest.fixture(scope="session")
def tables(loaded):
    return {name: found["good"] for name, found in loaded.items()}


@pytest.fixture(scope="session")
def truth(export):
    return export.truth


@pytest.fixture(scope="session")
def first_entry(truth):
    return {twin["twin_id"]: twin["client_id"] for twin in truth["twins"]}


@pytest.fixture(scope="session")
def hidden(truth):
    return pd.DataFrame(truth["clients"]).set_index("client_id")


@pytest.fixture(scope="session")
def sales(tables, first_entry):
    """Orders that stand, without credit notes, under the key of the client's first entry."""
    orders, lines = tables["orders"], tables["order_lines"]
    sold = orders[~orders["is_credit"].astype(bool) & (orders["status"] != "cancelled")]
    net = (lines["quantity"] * lines["unit_price"] * (1 - lines["discount_share"])).round(2)
    amounts = net.groupby(lines["order_id"]).sum()
    first = tables["deliveries"].groupby("order_id")["delivered_on"].min()
    return sold.assign(
        client_id=sold["client_id"].replace(first_entry),
        net_amount=sold["order_id"].map(amounts),
        delivered_on=sold["order_id"].map(first),
    )


def read_file(path, rules):
    """Read one file as texts: trimmed, blank is null, headings made one."""
    texts = pd.read_csv(
        path,
        sep=rules["delimiter"],
        encoding=rules.get("encoding", "utf-8"),
        dtype=str,
        keep_default_na=False,
    )
    for heading, others in rules.get("headings", {}).items():
        texts = texts.rename(columns=dict.fromkeys(others, heading))
    texts = texts.apply(lambda column: column.str.strip())
    return texts.astype(object).where(texts != "", None)


def map_tables(export):
    """Yield each canonical table as the preset's mapping makes it, all values as texts."""
    for rules in export.preset["files"]:
        paths = sorted(export.folder.glob(rules["file"]))
        texts = pd.concat([read_file(path, rules) for path in paths], ignore_index=True)
        texts["file_row"] = np.arange(1, len(texts) + 1)
        for table in rules["tables"]:
            rows = plain_texts(table["table"], mapped(texts, table), rules)
            yield table["table"], rows, "one_per_key" in table


def mapped(texts, table):
    names = set(texts.columns)
    columns = ", ".join(
        f'"{value}" as {column}' if value in names else f"{value} as {column}"
        for column, value in table["columns"].items()
    )
    where = table.get("where", "true")
    with duckdb.connect() as connection:
        connection.register("texts", texts)
        rows = connection.execute(f"select {columns} from texts where {where} order by file_row")
        return rows.df()


def plain_texts(table, rows, rules):
    """Bring the dialect's numbers and dates to plain ones where a value reads as such."""
    plain, types = rows.copy(), contract(table)[0]
    decimal, date_format = rules.get("decimal", "."), rules.get("date_format", "%Y-%m-%d")
    for column in rows.columns:
        if column.endswith("_on"):
            days = pd.to_datetime(rows[column], format=date_format, errors="coerce")
            plain[column] = days.dt.strftime("%Y-%m-%d").where(days.notna(), rows[column])
        elif decimal != "." and types[column].removesuffix("?") in NUMBERS:
            plain[column] = rows[column].str.replace(decimal, ".", regex=False)
    return plain


def contract(table):
    """Read types, key and checks from the header of a contract."""
    header = (STAGING / f"{table}.sql").read_text(encoding="utf-8")
    types = dict(re.findall(r"^-- column:\s+(\w+)\s+(\w+\??)", header, re.M))
    key = re.search(r"^-- grain:\s+(.+)$", header, re.M).group(1).split(", ")
    checks = [line.split(None, 1) for line in re.findall(r"^-- check:\s+(.+)$", header, re.M)]
    return types, key, checks


def judge(name, rows, is_folded):
    types, key, checks = contract(name)
    values = rows.copy()
    is_bad = pd.Series(False, index=rows.index)
    for column, kind in {**types, "known_on": "date?"}.items():
        if column not in rows:
            assert kind.endswith("?"), f"{name} must map {column}"
            continue
        values[column], is_wrong = cast(rows[column], kind)
        is_bad |= is_wrong
    for check, arguments in checks:
        is_bad |= breaks(check, arguments, values)
    is_same = rows.duplicated(keep="first")
    is_repeat = ~is_same & ~is_bad & rows.where(~is_bad & ~is_same).duplicated(key, keep="first")
    if is_folded:
        is_same, is_repeat = rows.duplicated(key, keep="first"), pd.Series(False, index=rows.index)
    good = values[~is_same & ~is_bad & ~is_repeat].reset_index(drop=True)
    bad = rows[(is_bad | is_repeat) & ~is_same]
    return {"good": good, "same": int(is_same.sum()), "bad": bad, "repeats": int(is_repeat.sum())}


def cast(texts, kind):
    base = kind.removesuffix("?")
    if base == "date":
        values = pd.to_datetime(texts, format="%Y-%m-%d", errors="coerce")
    elif base in NUMBERS:
        values = pd.to_numeric(texts, errors="coerce")
    elif base == "flag":
        values = texts.map({"true": True, "false": False, "yes": True, "no": False})
    else:
        values = texts
    is_missing = values.isna() & (texts.notna() | (not kind.endswith("?")))
    return values, is_missing


def breaks(check, arguments, values):
    words = arguments.replace(",", " ").split()
    first = values.get(words[0])
    nothing = pd.Series(False, index=values.index)
    if check == "refers" or first is None:
        return nothing
    if check == "happened":
        return first > LOADED_ON
    if check == "between":
        return (first < float(words[1])) | (first > float(words[2]))
    if check == "one_of":
        return first.notna() & ~first.isin(words[1:])
    if check in ("not_after", "at_most"):
        return first > values[words[1]] if words[1] in values else nothing
    if check == "differ":
        return first == values[words[1]]
    if check == "closed_when_decided":
        return (first != "open") & values[words[1]].isna()
    assert check == "planned", f"unknown check {check}"
    return nothing
