"""Words for the closed lists of the law: outcomes, policies, kinds of clauses, values of facts, accounts."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import TYPE_CHECKING

from licet.catalog.places import display_name, places
from licet.i18n import N_

if TYPE_CHECKING:
    from licet.clauses.vocabulary import Fact, FactValue
    from licet.desk.tongue import Tongue

OUTCOMES = {
    "not_subject": N_("Not subject to these controls"),
    "not_an_export": N_("Not an export"),
    "no_license_required": N_("No license required"),
    "license_exception": N_("License exception available"),
    "license_required": N_("License required"),
    "prohibited": N_("Prohibited"),
    "undecided": N_("Undecided"),
}
# The look of a badge: what may go, what needs an application, what may not, what is open.
OUTCOME_TONES = {
    "not_subject": "free",
    "not_an_export": "free",
    "no_license_required": "free",
    "license_exception": "way",
    "license_required": "ask",
    "prohibited": "stop",
    "undecided": "open",
}
POLICIES = {
    "presumption_of_approval": N_("presumption of approval"),
    "case_by_case": N_("case-by-case review"),
    "presumption_of_denial": N_("presumption of denial"),
    "policy_of_denial": N_("policy of denial"),
    "not_stated": N_("review policy not stated"),
}
SEEN = {
    "primary": N_("read in the official text"),
    "secondary": N_("known from a secondary source"),
    "reconstructed": N_("reconstructed"),
}
BASES = {"enforced": N_("as enforced"), "written": N_("as written")}
KINDS = {
    "definition": N_("Definitions"),
    "tier": N_("Tiers"),
    "jurisdiction": N_("Scope of the regulations"),
    "classification": N_("Classification"),
    "requirement": N_("License requirements"),
    "prohibition": N_("Prohibitions"),
    "bar": N_("Bars on license exceptions"),
    "exception": N_("License exceptions"),
    "authorization": N_("Authorizations"),
    "review": N_("License review policies"),
    "allocation": N_("Allocations"),
    "obligation": N_("Obligations"),
    "permission": N_("Permissions"),
    "duty": N_("Duties"),
    "warning": N_("Warnings"),
}
ACT_KINDS = {
    "rule": N_("rule"),
    "guidance": N_("guidance"),
    "letter": N_("letter"),
    "announcement": N_("announcement"),
    "list": N_("list"),
    "decision": N_("decision"),
    "proposal": N_("proposal"),
    "policy": N_("policy"),
}
CONSULTATIONS = {
    "not_yet_open": N_("not yet open today"),
    "open": N_("open today"),
    "closed": N_("closed"),
}
POSITIONS = {"for": N_("for it"), "against": N_("against it"), "concern": N_("with concerns")}
# Issuers as the law data writes them; one that is not here stands as it is.
ISSUERS = (
    N_("Bureau of Industry and Security"),
    N_("Department of Commerce, as reported"),
    N_("Department of State"),
    N_("Government Accountability Office"),
    N_("House of Representatives and Senate, bill"),
    N_("House of Representatives, bill"),
    N_("Microsoft"),
    N_("Ministry of Commerce of China"),
    N_("Minister for Foreign Trade of the Netherlands"),
    N_("Ministry of Economy, Trade and Industry of Japan"),
    N_("President of the United States"),
    N_("President of the United States, as reported"),
)
NOT_EXAMINED = {
    "parties": N_("The parties themselves: nobody has been screened against the Entity List or any other list."),
    "end_use": N_("The end use: none was stated, so the end-use controls were not examined."),
    "exporter_letters": N_("Letters addressed to one exporter: the exporter was not named."),
    "after_checked_through": N_("Changes after the day through which the law was checked."),
    "no_act_in_force": N_("The law itself: on this day no act of this system of law was in force, or none was known."),
}
ACCOUNTS = {
    "lpp": N_("License Exception LPP"),
    "allocation": N_("National allocation"),
    "national": N_("National allocation"),
    "national_allocation": N_("National allocation"),
    "nveu": N_("NVEU ceiling"),
    "uveu": N_("UVEU shares"),
}
HOLDERS = {
    "destination": N_("the destination"),
    "ultimate parent": N_("the ultimate parent"),
    "company and place": N_("each company at each place"),
}
PERIODS = {
    "calendar year": N_("a calendar year"),
    "2025 to 2027": N_("2025 through 2027"),
    "quarter": N_("a quarter"),
}
_VALUES = {
    "export": N_("export"),
    "reexport": N_("reexport"),
    "in_country_transfer": N_("transfer within a country"),
    "import": N_("import"),
    "use": N_("use of an item already there"),
    "commercial": N_("commercial"),
    "development_production_storage": N_("development, production or storage"),
    "military_end_user": N_("military end user"),
    "military_intelligence": N_("military intelligence"),
    "fabricator_or_osat": N_("front-end fabricator or OSAT company"),
    "other": N_("other"),
    "uae_government": N_("UAE Government"),
    "approved_uae_entity": N_("approved UAE entity"),
    "listed_us_ai_firm": N_("listed US AI firm"),
    "unlisted": N_("none of the listed"),
    "inference": N_("inference or training"),
    "technical_analysis": N_("technical analysis only"),
    "us_data_center": N_("for a US data center"),
    "research_or_repair": N_("research and development, or repair"),
    "startup": N_("a startup"),
    "consumer": N_("consumer use outside data centers"),
    "civil_industrial": N_("civil industrial use"),
    "public_sector": N_("public sector"),
    "NL-2023-09-01": N_("Dutch regulation of 2023-09-01"),
    "NL-2024-09-07": N_("Dutch regulation of 2024-09-07"),
    "NL-2025-04-01": N_("Dutch regulation of 2025-04-01"),
    "METI-2023-23": N_("METI's 23 items of 2023-07-23"),
    "CN-MOFCOM-2023-23": N_("MOFCOM announcement 23/2023 (gallium, germanium)"),
    "CN-MOFCOM-2024-46-2": N_(
        "paragraph 2 of MOFCOM announcement 46/2024 (gallium, germanium, antimony, superhard materials)"
    ),
    "CN-DUAL-USE": N_("another entry of China's dual-use export control list"),
    "chip": N_("chip"),
    "logic_ic": N_("logic integrated circuit"),
    "hbm": N_("high-bandwidth memory"),
    "computer": N_("computer, electronic assembly or component"),
    "software": N_("software"),
    "technology": N_("technology"),
    "model_weights": N_("model weights"),
    "material": N_("material"),
    "equipment": N_("equipment"),
    "vehicle_software": N_("vehicle software"),
    "vehicle_hardware": N_("vehicle hardware"),
    "front_end_fabricator": N_("the front-end fabricator"),
    "approved_osat": N_("an approved OSAT company"),
    "approved": N_("approved"),
    "authorized": N_("authorized"),
    "not_applied": N_("has not applied"),
    "none": N_("none"),
    "processing": N_("processing"),
    "memory": N_("memory"),
    "unnamed": N_("not named"),
    "subject": N_("subject in any case"),
    "direct_product_only": N_("only as a foreign direct product"),
    "not_subject": N_("not subject"),
    "servicing_or_replacement": N_("servicing or replacement (RPL)"),
    "us_government": N_("US Government (GOV)"),
    "operation_technology": N_("operation technology or software updates (TSU)"),
    "temporary": N_("temporary (TMP)"),
}
_UNITS = {
    "units": N_("units"),
    "circuits": N_("circuits"),
    "percent": N_("percent"),
    "mm2": "mm²",
    "TPP/mm2": "TPP/mm²",
    "GB/s/mm2": "GB/s/mm²",
    "share": N_("(share, 0 to 1)"),
    "operations": N_("operations"),
    "year": "",
    "billion transistors": N_("billion transistors"),
}


def unit_words(tongue: Tongue, unit: str) -> str:
    """Return a unit of the vocabulary as it is written."""
    words = _UNITS.get(unit, unit)
    return tongue.text(words) if words else ""


def choice_words(tongue: Tongue, value: str) -> str:
    """Return one value of a closed list in words; what has none stands as it is."""
    words = _VALUES.get(value)
    return tongue.text(words) if words else value


def value_words(  # noqa: PLR0911 - one branch a type
    tongue: Tongue, fact: Fact, value: FactValue | None
) -> str:
    """Return the value of a fact in words; empty where it is unknown."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return tongue.text(N_("yes")) if value else tongue.text(N_("no"))
    if isinstance(value, Decimal):
        unit = unit_words(tongue, fact.unit)
        number = str(value) if fact.unit == "year" else tongue.number(value)
        return f"{number} {unit}".strip()
    if isinstance(value, dt.date):
        return tongue.date(value)
    if isinstance(value, tuple):
        return ", ".join(choice_words(tongue, item) for item in value) or tongue.text(N_("none"))
    if fact.type == "place":
        return place_words(tongue, value)
    return choice_words(tongue, value)


def place_words(tongue: Tongue, code: str) -> str:
    """Return the name of a place: the operator's, else the built-in one."""
    return display_name(code, tongue.code, tongue.places.of(tongue.code)) if code in places() else code
