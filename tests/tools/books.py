"""Order books for the tests: rows, and what each would be answered as a transaction of its own."""

import csv

from licet.catalog import items
from licet.catalog.places import place, places
from licet.decisions import ask
from licet.errors import BadInput, UnknownName

SCALARS = (
    "outcome",
    "classification",
    "tier",
    "controlled",
    "exception",
    "review_policy",
    "total_tpp",
    "allocation_tpp",
)
PLACES = ("origin", "destination", "headquarters", "parent_headquarters")


def write_csv(path, rows):
    names = list(dict.fromkeys(key for row in rows for key in row))
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, names, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    return path


def text(value):
    """A fact's value as a cell."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return ",".join(value) if isinstance(value, tuple) else str(value)


def alone(loaded, row, *, carried=(), **terms):
    """What is compared of the answer to one row as a transaction, or the message of its error."""
    facts = {name: value for name, value in row.items() if value.strip() and name not in carried}
    basis = facts.pop("basis", terms.pop("basis", "enforced"))
    if basis not in ("written", "enforced"):
        return f"no basis is called '{basis}'"
    try:
        for name in facts.keys() & set(PLACES):
            facts[name] = _code(facts[name])
        verdict = ask(loaded, facts, basis=basis, **terms)
    except BadInput as error:
        return error.message
    found = {name: getattr(verdict, name) for name in SCALARS}
    return found | {
        "clauses": [item.clause for item in verdict.citations],
        "missing": [item.fact for item in verdict.missing],
        "law_digest": verdict.law.digest,
        **({"duty_pct": verdict.duty_pct, "band": verdict.band} if verdict.dutiable else {}),
    }


def _code(name):
    try:
        return place(name).code
    except UnknownName:
        return name


def same(loaded, rows, answers, refused, **terms):
    """Hold that each row (on line 2, 3, …) has the answer of its transaction, or is refused as that would be."""
    by_line = {answer["line"]: answer for answer in answers}
    errors = {item["line"]: item["reason"] for item in refused}
    assert len(by_line) + len(errors) == len(rows)
    assert [answer["line"] for answer in answers] == sorted(by_line)
    for line, row in enumerate(rows, start=2):
        expected = alone(loaded, row, **terms)
        if isinstance(expected, str):
            assert line in errors, (row, expected)
            assert expected in errors[line] or "date" in expected or "place" in expected, (row, expected, errors[line])
        else:
            assert line in by_line, (row, errors.get(line))
            found = {name: by_line[line].get(name) for name in expected}
            apart = {name: (found[name], expected[name]) for name in expected if found[name] != expected[name]}
            assert not apart, (apart, {name: value for name, value in row.items() if value})


def trade(dice, count, days):
    """Rows as a seller has them, with facts missing and some that cannot be read."""
    ids, codes = sorted(items.every()), sorted(places())
    for number in range(count):
        to = dice.choice(codes)
        row = {
            "id": f"L{number}",
            "date": dice.choice(days).isoformat(),
            "basis": dice.choice(["written", "enforced", ""]),
            "chip": dice.choice(ids) if dice.random() > 0.05 else "",
            "quantity": f"{int(10 ** dice.uniform(0, 5))}",
            "destination": to,
            "headquarters": dice.choice([to, to, to, dice.choice(codes), ""]),
            "parent_headquarters": dice.choice([to, to, to, dice.choice(codes), ""]),
            "exporter": dice.choice(["", "Nvidia Corp.", "Acme", "英伟达"]),
            "movement": dice.choice(["export", "export", "reexport", "", "in_country_transfer"]),
            "end_use": dice.choice(["", "", "commercial", "military_end_user"]),
            "lpp_used_tpp": dice.choice(["", "0", "26000000", "26,900,000"]),
            "direct_to_ultimate_consignee": dice.choice(["", "true", "no", "是"]),
            "note": "carried",
        }
        if dice.random() < 0.05:
            broken = {"destination": "XX", "quantity": "-1", "date": "2025-13-01", "basis": "hoped", "chip": "h1000"}
            name = dice.choice(list(broken))
            row[name] = broken[name]
        yield row
