"""Ben applies for the translation course; his organisation approves, he takes the level check, the desk gives the places and enrols him."""
import pytest
from acts import apply, approve, end_checks, give_places, open_round, take_check

pytestmark = pytest.mark.browser
BOTH = pytest.mark.parametrize(("lang", "size"), [("en", "phone"), ("ja", "desk")])
COURSE = "translation-ja-en"


@pytest.fixture
def round_id(site):
    with open_round(site, COURSE) as number:
        yield number


@BOTH
def test_ben_applies_and_gets_a_place(site, visit, clean, round_id, lang, size):
    ben, cho, fumi = (visit(name, lang=lang, size=size) for name in ("ben", "cho", "fumi"))
    apply(ben, clean, COURSE)
    approve(cho, clean)
    take_check(ben, clean)
    end_checks(site, round_id)
    give_places(fumi, clean, round_id)
    ben.goto(f"/rounds/{round_id}/draws")
    assert ben.locator(".notice-ok").count() == 2              # both draws were run again, and agree
    clean(ben)
    ben.goto(f"/learn/{COURSE}")
    ben.locator(".course-state a.button").first.click()
    ben.locator("h1").wait_for()
    assert ben.problems + cho.problems + fumi.problems == []
