import pytest

from licet import statutes
from licet.decisions import ask
from licet.decisions.cases import differences, read_cases
from licet.home import law_folder

CASES = read_cases(law_folder() / "cases")


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_a_worked_case_beside_the_law(case):
    verdict = ask(
        statutes.load(law_folder()),
        case.facts,
        on=case.on,
        basis=case.basis,
        system=case.system,
        readings=case.readings,
        headquarters_taken=True,
    )
    assert differences(case, verdict) == {}


def test_there_are_cases():
    assert len(CASES) > 20
