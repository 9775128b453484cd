"""Who sees how learners are doing: the employer names, the host body counts and consents, CLAIR all; nobody what was answered."""
import io
import itertools
from datetime import timedelta

import make
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from jetlms.core import clock
from jetlms.core.audit import AuditEntry
from jetlms.core.db import unit
from jetlms.core.notices import Notice
from jetlms.learning import service
from jetlms.learning.models import Award, Course, Enrolment, Progress, Reminder
from jetlms.learning.queries import monitor
from jetlms.learning.suppression import suppress
from jetlms.people.models import Appointment, Organisation, Person

SECRET = "my-very-own-answer"
NUMBERS = itertools.count(1)


def main(answer):
    return answer.text.split("<main")[1]


def here(db):
    return db.session.scalars(select(Course).where(Course.slug == "tiny")).one()


def enrolment(db, person_id):
    return db.session.scalars(select(Enrolment).where(Enrolment.person_id == person_id)).one()


def crowd(db, count, *, at="ikoma-boe", name="Person", **state):
    """Enrol so many participants of a contracting organisation; returns their person ids."""
    with unit():
        body, course = db.session.scalars(select(Organisation).where(Organisation.slug == at)).one(), here(db)
        made = []
        for n in range(count):
            who = make.person("Test", f"{name}{n:03d}")
            make.participant(who, f"2024{next(NUMBERS):07d}", "ALT")
            make.appointment(who, "participant", body, job_type="ALT", ends_on=clock.today() + timedelta(days=100))
            service.enrol(by=None, course=course, person_id=who.id, via="rule")
            made.append(who.id)
        for person_id in made:
            for column, value in state.items():
                setattr(enrolment(db, person_id), column, value)
    return made


def sheet(answer):
    from python_calamine import CalamineWorkbook

    return CalamineWorkbook.from_filelike(io.BytesIO(answer.data)).get_sheet_by_index(0).to_python()


def late(days=1):
    return {"started_at": clock.now() - timedelta(days=20), "last_at": clock.now() - timedelta(days=15),
            "behind_from": clock.today() - timedelta(days=days), "behind_why": "idle"}


# ── The employer ──────────────────────────────────────────────────────────────────────────────────────────────────────

def test_the_employer_sees_her_people_their_state_and_why(people, ann, db):
    crowd(db, 1, name="Late", **late())
    crowd(db, 1, name="Ready", started_at=clock.now(), completed_at=clock.now(), behind_from=None)
    page = main(people.cho.get("/monitor?lang=en"))
    assert "Enrolled 0 days ago, nothing opened yet." in page
    assert "No activity since" in page
    assert "Completed on" in page
    assert page.index("Late000") < page.index("Ann O’Malley") < page.index("Ready000")          # who needs attention comes first
    behind = main(people.cho.get("/monitor?state=behind"))
    assert "Late000" in behind
    assert "Ann O’Malley" not in behind


@pytest.mark.parametrize("who", ["dai", "eri", "hana", "gil", "iko", "ann", "ben"])
def test_nobody_else_opens_a_learner(people, ann, db, who):
    assert getattr(people, who).get(f"/monitor/people/{people.ann_id}").status_code == 404
    assert getattr(people, who).post(f"/monitor/enrolments/{enrolment(db, people.ann_id).id}/remind").status_code == 404


def test_another_organisations_people_are_not_there(people, ann, db):
    people.ben.post("/learn/tiny/enrol")
    assert "Ben Okafor" not in people.cho.get("/monitor").text
    assert people.cho.get(f"/monitor/people/{people.ben_id}").status_code == 404
    assert "Ann O’Malley" not in people.eri.get("/monitor").text


def test_who_moves_away_is_gone_on_the_day(people, ann, db, clock_at):
    with unit():
        row = db.session.scalars(select(Appointment).where(Appointment.person_id == people.ann_id, Appointment.role == "participant")).one()
        row.ends_on = clock.today()
    assert "Ann O’Malley" in people.cho.get("/monitor").text
    clock_at.shift(timedelta(days=1))
    assert "Ann O’Malley" not in people.cho.get("/monitor").text
    assert people.cho.get(f"/monitor/people/{people.ann_id}").status_code == 404


def test_answers_are_never_shown_and_results_only_when_shared(people, ann, db):
    ann.post("/learn/tiny/l-000004/hand-in", data={"q-000021": SECRET, "save": "1"})
    with unit():
        db.session.add(Progress(person_id=people.ann_id, item_key="l-000003", best=73, attempts=1))
    before = people.cho.get(f"/monitor/people/{people.ann_id}").text
    assert SECRET not in before
    assert "73 %" not in before
    ann.post("/who-sees", data={"purpose": "learning_scores_employer", "given": "yes"})
    after = people.cho.get(f"/monitor/people/{people.ann_id}").text
    assert "73 %" in after
    assert SECRET not in after
    ann.post("/who-sees", data={"purpose": "learning_scores_employer", "given": "no"})
    assert "73 %" not in people.cho.get(f"/monitor/people/{people.ann_id}").text


def test_the_learner_sees_who_looked(people, ann):
    people.cho.get("/monitor")
    assert "山田 蝶" in ann.get("/who-sees").text


def test_pages_go_on_by_key_and_a_key_nobody_made_is_the_beginning(people, ann, db):
    crowd(db, monitor.PAGE + 5, name="Many")
    first = main(people.cho.get("/monitor"))
    onward = first.split(">次のページ<")[0].rsplit('href="', 1)[1].split('"')[0].replace("&amp;", "&")
    second = main(people.cho.get(onward))
    names = [f"Many{n:03d}" for n in range(monitor.PAGE + 5)]
    assert all((name in first) != (name in second) for name in names)
    for key in ("~~", "x~1~a", "9~9~9", "~", "0~" + "9" * 30 + "~a", "2~1~", "1~1"):
        assert people.cho.get("/monitor", query_string={"after": key}).status_code == 200, key


def test_the_same_statements_for_one_and_thirty(people, ann, db, queries):
    def count(client):
        client.get("/monitor")                       # looking is written down once in ten minutes
        with queries() as seen:
            assert client.get("/monitor").status_code == 200
        return len(seen)
    few = [count(client) for client in (people.cho, people.dai, people.fumi)]
    crowd(db, 30)
    assert [count(client) for client in (people.cho, people.dai, people.fumi)] == few


# ── Reminders ─────────────────────────────────────────────────────────────────────────────────────────────────────────

def test_a_reminder_names_its_sender_and_comes_once_in_seven_days(app, people, ann, db, clock_at):
    number = enrolment(db, people.ann_id).id
    db.session.rollback()
    assert people.cho.post(f"/monitor/enrolments/{number}/remind").status_code == 302
    assert "山田 蝶" in ann.get("/inbox").text
    assert people.cho.post(f"/monitor/enrolments/{number}/remind").status_code == 409
    assert "seven days" in people.cho.post(f"/monitor/enrolments/{number}/remind?lang=en").text
    clock_at.shift(timedelta(days=7, minutes=1))
    assert type(people)(app).cho.post(f"/monitor/enrolments/{number}/remind").status_code == 302
    assert len(db.session.execute(select(Reminder.id)).all()) == 2
    assert len(db.session.execute(select(Notice.id).where(Notice.kind == "learning.reminder")).all()) == 2


def test_who_has_finished_is_not_reminded(people, ann, db):
    with unit():
        row = enrolment(db, people.ann_id)
        row.started_at = row.completed_at = clock.now()
        number = row.id
    assert people.cho.post(f"/monitor/enrolments/{number}/remind").status_code == 409
    assert db.session.scalar(select(Reminder.id)) is None


# ── The month report ──────────────────────────────────────────────────────────────────────────────────────────────────

def test_the_month_report_has_everybody_and_no_answers(people, ann, db):
    crowd(db, 2, name="Late", **late())
    answer = people.cho.get("/monitor/report.xlsx?month=2026-11")
    assert answer.status_code == 200
    rows = sheet(answer)
    assert sorted(row[0] for row in rows[1:]) == ["Ann O’Malley", "Test Late000", "Test Late001"]
    assert people.cho.get("/monitor/report.pdf?month=2026-11").data.startswith(b"%PDF")
    exported = db.session.scalars(select(AuditEntry.action).where(AuditEntry.action.like("monitor.export%"))).all()
    assert sorted(exported) == ["monitor.export_pdf", "monitor.export_xlsx"]


def test_a_name_that_begins_like_a_formula_is_text(people, tiny, db):
    person_id = crowd(db, 1, name="Formula")[0]
    with unit():
        db.session.get_one(Person, person_id).display_name = "=cmd|' /C calc'!A0"
    answer = people.cho.get("/monitor/report.xlsx")
    cells = sheet(answer)
    assert cells[1][0].endswith("=cmd|' /C calc'!A0")


# ── Host bodies and CLAIR ─────────────────────────────────────────────────────────────────────────────────────────────

def test_a_host_body_sees_no_names_without_consent(people, ann, db):
    crowd(db, 6, name="Busy")
    page = main(people.dai.get("/monitor"))
    assert "生駒市" in page
    assert "Ann O’Malley" not in page
    assert "Busy000" not in page
    ann.post("/who-sees", data={"purpose": "learning_names_host", "given": "yes"})
    assert "Ann O’Malley" in main(people.dai.get("/monitor"))
    assert people.dai.get(f"/monitor/people/{people.ann_id}").status_code == 200
    assert people.eri.get(f"/monitor/people/{people.ann_id}").status_code == 404
    ann.post("/who-sees", data={"purpose": "learning_names_host", "given": "no"})
    assert people.dai.get(f"/monitor/people/{people.ann_id}").status_code == 404


def test_few_people_in_the_area_are_not_counted_at_all(people, ann):
    page = main(people.dai.get("/monitor?lang=en"))
    assert "Fewer than 5 people take this course in your area" in page
    assert "not started" not in page.lower().split("<table")[0]
    assert "Too few people are enrolled in your area" in people.dai.get("/home?lang=en").text


def test_a_small_organisation_cannot_be_worked_out_from_the_sums(people, tiny, db):
    with unit():
        make.contracting("small-town", host="nara", ja="小さな町教育委員会", en="Small Town Board of Education")
    crowd(db, 7, name="Late", **late())
    crowd(db, 4, name="New")
    crowd(db, 2, at="small-town", name="Few", **late())
    page = main(people.dai.get("/monitor?lang=en"))
    line = page.split("Small Town Board of Education")[1].split("</tr>")[0]
    assert "fewer than 5" in line
    assert "too few people to show" in line
    other = page.split("<tbody>")[1].split("</tbody>")[0].split("Ikoma")[1].split("</tr>")[0]
    assert ">7<" not in other                     # 9 behind in the area, less 7 here, would tell that 2 of 2 are behind there


@given(st.lists(st.tuples(*[st.integers(0, 12)] * 4), min_size=1, max_size=8))
def test_no_hidden_number_stands_alone_in_its_line_or_column(counts):
    states = monitor.STATES
    lines = [dict(zip(states, row, strict=True)) | {"total": sum(row), "id": n} for n, row in enumerate(counts)]
    shown = suppress(lines, states, 5)
    for line, seen in zip(lines, shown, strict=True):
        assert seen["total"] == (None if line["total"] < 5 else line["total"])
        assert all(seen[state] is None or seen[state] == line[state] for state in states)
        assert all(seen[state] is None for state in states if 0 < line[state] < 5 or line["total"] < 5)
    hidden = [[seen[state] is None for state in states] for seen in shown]
    assert all(sum(row) != 1 for row, seen in zip(hidden, shown, strict=True) if seen["total"] is not None)
    assert len(lines) == 1 or all(sum(column) != 1 for column in zip(*hidden, strict=True))


def test_clair_sees_all_by_prefecture_and_opens_one(people, ann, db):
    people.ben.post("/learn/tiny/enrol")
    page = main(people.fumi.get("/monitor"))
    assert "奈良県" in page
    inside = main(people.fumi.get("/monitor/prefectures/29?course=tiny"))
    assert "Ann O’Malley" in inside
    assert people.fumi.get("/monitor/prefectures/44?course=tiny").status_code == 404              # nobody is enrolled there
    for who in ("cho", "dai", "ann"):
        assert getattr(people, who).get("/monitor/prefectures/29?course=tiny").status_code in {403, 404}


def test_a_certificate_is_seen_where_it_counts(people, ann, db):
    with unit():
        row = enrolment(db, people.ann_id)
        row.started_at = row.completed_at = clock.now()
        release = here(db).release_id
        db.session.add(Award(code="ABCD-EFGH-JKLM", person_id=people.ann_id, course_id=row.course_id, release_id=release, minutes=28,
                             issued_at=clock.now(), snapshot={}))
    assert "ABCD-EFGH-JKLM" in people.cho.get(f"/monitor/people/{people.ann_id}").text
