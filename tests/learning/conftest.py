"""The tiny course, published; Ann enrolled in it."""
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))


@pytest.fixture
def folder(tmp_path):
    import courses

    return courses.write(tmp_path / "courses")


@pytest.fixture
def tiny(app, folder):
    """Publish the tiny course; returns its slug."""
    from jetlms.core.db import unit
    from jetlms.learning import publishing

    with app.app_context(), unit():
        publishing.publish(folder, by=None)
    return "tiny"


@pytest.fixture
def ann(people, tiny):
    """Ann, enrolled in the tiny course."""
    assert people.ann.post(f"/learn/{tiny}/enrol").status_code == 302
    return people.ann


@pytest.fixture
def jun(people, ann):
    """Jun, who marks the tiny course because the desk said so."""
    assert people.fumi.post("/courses/tiny/tests/tutors", data={"tutor": [people.jun_id]}).status_code == 302
    return people.jun
