"""The desk decides who takes a course: a pasted list, one withdrawal, and rules that enrol by themselves."""
import time
from datetime import date, timedelta

import cast
import make
import pytest
from sqlalchemy import func, select

from jetlms.core import clock
from jetlms.core.audit import AuditEntry
from jetlms.core.db import unit
from jetlms.core.notices import Delivery, Notice
from jetlms.learning import jobs, service
from jetlms.learning.models import Course, Enrolment, EnrolmentRule, LearningEvent, Progress, Withdrawal
from jetlms.people.models import Account, ArrivalGroup, Organisation, Participant, Person

ANN, BEN, KAI = "20260000001", "20260000002", "20260000003"
LIST, NEW, RULES = "/courses/tiny/enrolments", "/courses/tiny/enrolments/new", "/courses/tiny/rules"
OTHERS = ("ann", "cho", "dai", "gil", "hana", "iko")


def rows(db, statement):
    found = db.session.execute(statement).all()
    db.session.rollback()
    return found


def one(db, statement):
    found = db.session.scalar(statement)
    db.session.rollback()
    return found


def enrolled(db):
    return {row.person_id: row for row in rows(db, select(Enrolment.__table__))}


def main(answer):
    return answer.text.split("<main")[1]


def enrol(people, *lines, **more):
    return people.fumi.post(NEW, data={"people": "\n".join(lines), **more})


def notices(db, person_id, kind):
    return rows(db, select(Notice.params).where(Notice.person_id == person_id, Notice.kind == kind))


# ── Enrolling a list ──────────────────────────────────────────────────────────────────────────────────────────────────

def test_a_pasted_column_enrols_and_tells(people, tiny, db):
    answer = enrol(people, "JET番号\t氏名", f"{ANN}\tAnn O’Malley\t生駒市", f"  {cast.email('ben').upper()}  ", "", "2026-0000003")
    assert answer.status_code == 303
    found = enrolled(db)
    assert set(found) == {people.ann_id, people.ben_id, people.kai_id}
    ann, today = found[people.ann_id], clock.today()
    assert (ann.via, ann.enrolled_by, ann.opens_on) == ("staff", people.fumi_id, today)
    assert (ann.due_on, ann.closes_on) == (today + timedelta(days=60), today + timedelta(days=100))
    assert len(notices(db, people.ann_id, "learning.enrolled")) == 1
    acts = rows(db, select(AuditEntry.actor_id, AuditEntry.detail).where(AuditEntry.action == "enrolments.enrol"))
    assert {row.actor_id for row in acts} == {people.fumi_id}
    assert {row.detail["person_id"] for row in acts} == set(found)
    assert "3人を受講登録し" in people.fumi.get(LIST).text


def test_the_dates_may_be_others(people, tiny, db):
    today = clock.today()
    due, closes = today + timedelta(days=200), today + timedelta(days=300)
    assert enrol(people, ANN, due_on=due.isoformat(), closes_on=closes.isoformat()).status_code == 303
    row = enrolled(db)[people.ann_id]
    assert (row.due_on, row.closes_on) == (due, closes)
    soon = today + timedelta(days=10)
    assert enrol(people, BEN, closes_on=soon.isoformat()).status_code == 303
    row = enrolled(db)[people.ben_id]
    assert (row.due_on, row.closes_on) == (soon, soon)              # nothing is expected after the window


@pytest.mark.parametrize(("due", "closes", "words"), [(-1, None, "This day is past."), (None, -1, "This day is past."),
                                                     (101, None, "last day for answering"), (20, 10, "last day for answering")])
def test_days_that_cannot_be(people, tiny, db, due, closes, words):
    def day(n):
        return "" if n is None else (clock.today() + timedelta(days=n)).isoformat()
    answer = people.fumi.post(NEW + "?lang=en", data={"people": ANN, "due_on": day(due), "closes_on": day(closes)})
    assert answer.status_code == 422
    assert words in answer.text
    assert ANN in answer.text
    assert enrolled(db) == {}


SAID = {
    "en": ("Nobody has this JET number.", "Nobody has an account with", "There is no JET number", "several numbers", "two different people",
           "This record is closed", "6 lines cannot be taken"),
    "ja": ("このJET番号の人はいません", "このメールアドレスのアカウントはありません", "メールアドレスもありません", "1行に1人ずつ",
           "別の人のものです", "この記録は閉じられている", "登録できない行が6行あります"),
}


@pytest.mark.parametrize("lang", SAID)
def test_lines_that_cannot_be_taken_are_named_and_nobody_is_enrolled(people, tiny, db, lang):
    with unit():
        db.session.scalars(select(Account).where(Account.email == cast.email("hana"))).one().disabled_at = clock.now()
    lines = [ANN, "20991234567", "nobody@demo.example", "Ann O’Malley", f"{ANN} {BEN}", f"{ANN}\t{cast.email('ben')}", cast.email("hana")]
    answer = people.fumi.post(f"{NEW}?lang={lang}", data={"people": "\n".join(lines), "due_on": "2026-12-24"})
    assert answer.status_code == 422
    text = main(answer)
    assert all(word in text for word in SAID[lang])
    line = "Line" if lang == "en" else ""
    assert all(f"{line} {n}".strip() in text for n in range(2, 8))
    assert all(typed.replace("\t", " ") in text for typed in lines)       # the list
    assert "\n".join(lines) in text                                       # what was typed
    assert 'value="2026-12-24"' in text
    assert enrolled(db) == {}
    assert not notices(db, people.ann_id, "learning.enrolled")


@pytest.mark.parametrize("typed", ["", "   \n\n", "JET number\tName", "\n".join(f"2026{n:07d}" for n in range(501))])
def test_nobody_and_too_many(people, tiny, db, typed):
    answer = people.fumi.post(NEW, data={"people": typed})
    assert answer.status_code == 422
    assert enrolled(db) == {}


def test_twice_is_harmless_and_said(people, ann, db):
    before = enrolled(db)[people.ann_id]
    answer = people.fumi.post(NEW + "?lang=en", data={"people": f"{ANN}\n{BEN}\n{cast.email('ben')}"})
    assert answer.status_code == 303
    text = people.fumi.get(f"{LIST}?lang=en").text
    assert "1 person has been enrolled" in text
    assert "1 person was enrolled already" in text
    assert "1 line named somebody a second time" in text
    assert enrolled(db)[people.ann_id] == before                    # still by herself
    assert not notices(db, people.ann_id, "learning.enrolled")
    assert enrol(people, ANN, BEN).status_code == 303
    assert "Nobody new has been enrolled." in people.fumi.get(f"{LIST}?lang=en").text
    assert len(notices(db, people.ben_id, "learning.enrolled")) == 1


def test_ten_clicks_are_one(people, tiny, db):
    for _n in range(3):
        assert people.fumi.post(NEW, data={"people": ANN, "_key": "a-key-of-this-form"}).status_code == 303
    assert one(db, select(func.count()).select_from(AuditEntry).where(AuditEntry.action == "enrolments.enrol")) == 1


def test_five_hundred_at_once(people, tiny, db):
    with unit():
        for n in range(500):
            make.participant(make.person("Many", f"Person{n:03d}"), f"2025{n:07d}", "ALT")
    begun = time.perf_counter()
    assert enrol(people, *(f"2025{n:07d}" for n in range(500))).status_code == 303
    assert time.perf_counter() - begun < 5            # SQLite has one writer: the others wait so long
    assert len(enrolled(db)) == 500
    assert one(db, select(func.count()).select_from(Notice).where(Notice.kind == "learning.enrolled")) == 500
    assert one(db, select(func.count()).select_from(Delivery)) == 500
    assert one(db, select(func.count()).select_from(AuditEntry).where(AuditEntry.action == "enrolments.enrol")) == 500


# ── Who may ───────────────────────────────────────────────────────────────────────────────────────────────────────────

@pytest.mark.parametrize("path", [LIST, NEW, RULES, RULES + "/new"])
def test_only_the_desk_has_these_pages(people, tiny, path):
    assert people.fumi.get(path).status_code == 200
    for who in OTHERS:
        assert getattr(people, who).get(path).status_code == 404, who
    assert people.stranger.get(path).status_code == 303      # to the sign-in
    assert people.fumi.get(path.replace("tiny", "nothing")).status_code == 404


def test_nobody_else_changes_anything(people, ann, db):
    number = enrolled(db)[people.ann_id].id
    rule = make_rule(people, db)
    for who in OTHERS:
        client = getattr(people, who)
        assert client.post(NEW, data={"people": BEN}).status_code == 404
        assert client.get(f"/enrolments/{number}/withdraw").status_code == 404
        assert client.post(f"/enrolments/{number}/withdraw", data={"reason": "x"}).status_code == 404
        assert client.post(RULES + "/new", data={"starts_on": "2026-11-23"}).status_code == 404
        assert client.get(f"/enrolment-rules/{rule}").status_code == 404
        assert client.post(f"/enrolment-rules/{rule}", data={"starts_on": "2026-11-23"}).status_code == 404
        assert client.post(f"/enrolment-rules/{rule}/off").status_code == 404
    assert set(enrolled(db)) == {people.ann_id}
    assert one(db, select(EnrolmentRule.ends_on)) is None


def test_a_retired_course_takes_nobody(people, tiny, db):
    with unit():
        db.session.scalars(select(Course)).one().retired_at = clock.now()
    for path in (LIST, NEW, RULES):
        assert people.fumi.get(path).status_code == 404


def test_the_links_are_where_the_desk_looks(people, ann):
    for path in ("/monitor", "/learn/tiny"):
        assert LIST in people.fumi.get(path).text
        assert RULES in people.fumi.get(path).text
    assert LIST not in people.ann.get("/learn/tiny").text
    assert LIST not in people.cho.get("/monitor").text


# ── The list ──────────────────────────────────────────────────────────────────────────────────────────────────────────

def crowd(db, count):
    with unit():
        ikoma = db.session.scalars(select(Organisation).where(Organisation.slug == "ikoma-boe")).one()
        course = db.session.scalars(select(Course)).one()
        for n in range(count):
            who = make.person("Test", f"Person{n:03d}")
            make.participant(who, f"2024{n:07d}", "ALT")
            make.appointment(who, "participant", ikoma, job_type="ALT", ends_on=clock.today() + timedelta(days=100))
            service.enrol(by=None, course=course, person_id=who.id, via="rule")


def test_filters(people, ann, db):
    enrol(people, BEN, cast.email("hana"), cast.email("cho"))
    everybody = main(people.fumi.get(LIST))
    assert all(name in everybody for name in ("Ann O’Malley", "Ben Okafor", "Hana Müller", "山田 蝶"))     # not only participants
    assert "本人" in everybody
    assert "クレア担当: 佐々木 文" in everybody
    for query, there, gone in (("name=malley", "Ann O", "Ben"), ("name=オカフォー", "Ben", "Ann O"), (f"name={BEN}", "Ben", "Ann O"),
                               ("organisation=生駒", "Ann O", "Ben"), ("organisation=nara+pref", "Ben", "Ann O"),
                               ("state=not_started", "Ann O", ""), ("state=completed", "", "Ann O"), ("state=nonsense", "Ann O", ""),
                               ("name=%25_", "Ann O", ""), ("after=x~", "Ann O", "")):
        text = main(people.fumi.get(f"{LIST}?{query}"))
        assert there in text, query
        assert not gone or gone not in text, query


def test_pages_by_key(people, tiny, db):
    crowd(db, 70)
    first = main(people.fumi.get(f"{LIST}?organisation=生駒"))
    onward = first.split('class="pager"')[1].split('href="')[1].split('"')[0].replace("&amp;", "&")
    second = main(people.fumi.get(onward))
    assert "organisation=" in onward
    assert "Person000" in first
    assert "Person049" in first
    assert "Person050" not in first
    assert "Person069" in second
    assert "Person000" not in second


@pytest.mark.parametrize("path", [LIST, LIST + "?state=withdrawn", RULES])
def test_the_same_statements_for_one_and_thirty(people, ann, db, queries, path):
    def count():
        with queries() as seen:
            assert people.fumi.get(path).status_code == 200
        return len(seen)

    def fill(number):
        crowd(db, number) if number > 1 else None
        with unit():
            fumi, course = db.session.get_one(Person, people.fumi_id), db.session.scalars(select(Course)).one()
            for enrolment in db.session.scalars(select(Enrolment).order_by(Enrolment.id)).all() if "withdrawn" in path else ():
                service.withdraw(by=fumi, enrolment=enrolment, reason="test")
            for n in range(number):
                service.make_rule(by=fumi, course=course, facts=facts(due_days=number + n))
    people.fumi.get(path)
    fill(1)
    people.fumi.get(path)                # looking is written down once in ten minutes
    clock_few = count()
    fill(30)
    people.fumi.get(path)
    assert count() == clock_few


def test_a_look_is_written_down(people, ann, db):
    people.fumi.get(LIST)
    assert one(db, select(AuditEntry.actor_id).where(AuditEntry.action == "monitor.read", AuditEntry.subject_id == people.ann_id)) == people.fumi_id
    assert "佐々木 文" in people.ann.get("/who-sees").text


# ── Withdrawing ───────────────────────────────────────────────────────────────────────────────────────────────────────

def read_a_lesson(client):
    for screen in range(1, 4):
        client.get(f"/learn/tiny/l-000001?screen={screen}")


def test_what_was_done_elsewhere_counts_when_staff_enrols(people, tiny, db):
    with unit():
        db.session.add(Progress(person_id=people.ann_id, item_key="l-000002", screens_seen=1, done_at=clock.now()))
    enrol(people, ANN, BEN)
    found = enrolled(db)
    assert (found[people.ann_id].done, found[people.ben_id].done) == (1, 0)
    assert found[people.ben_id].minutes_left - found[people.ann_id].minutes_left == 3


def test_withdraw_keeps_the_history_and_tells(people, ann, db):
    with unit():
        row = db.session.scalars(select(Enrolment)).one()
        number, row.started_at, row.last_at, row.last_item = row.id, clock.now(), clock.now(), "l-000001"
        db.session.add(Progress(person_id=people.ann_id, item_key="l-000001", screens_seen=1))
    page = f"/enrolments/{number}/withdraw"
    assert "Ann O’Malley" in people.fumi.get(page).text
    assert people.fumi.post(page, data={"reason": " "}).status_code == 422
    assert people.fumi.post(page, data={"reason": "登録の誤り"}).status_code == 303
    assert enrolled(db) == {}
    was = rows(db, select(Withdrawal.__table__))[0]
    assert (was.person_id, was.withdrawn_by, was.reason, was.last_item) == (people.ann_id, people.fumi_id, "登録の誤り", "l-000001")
    assert one(db, select(Progress.screens_seen)) == 1
    assert one(db, select(func.count()).select_from(LearningEvent).where(LearningEvent.verb == "withdrawn")) == 1
    entry = rows(db, select(AuditEntry.note, AuditEntry.subject_id, AuditEntry.detail).where(AuditEntry.action == "enrolments.withdraw"))[0]
    assert (entry.note, entry.subject_id, entry.detail["person_id"]) == ("登録の誤り", number, people.ann_id)
    assert notices(db, people.ann_id, "learning.withdrawn")[0].params["reason"] == "登録の誤り"
    assert "You are no longer enrolled in Tiny course" in people.ann.get("/inbox").text
    assert "登録の誤り" in people.fumi.get(f"{LIST}?state=withdrawn").text
    assert "Ann O’Malley" not in main(people.cho.get("/monitor"))
    assert people.fumi.get(page).status_code == 404                 # twice
    assert people.fumi.post(page, data={"reason": "x"}).status_code == 404


def test_rules_leave_the_withdrawn_alone_and_staff_brings_her_back_where_she_was(people, ann, db):
    with unit():
        row = db.session.scalars(select(Enrolment)).one()
        number, row.started_at, row.last_at, row.last_item, row.last_screen = row.id, clock.now(), clock.now(), "l-000001", 2
    people.fumi.post(f"/enrolments/{number}/withdraw", data={"reason": "x"})
    make_rule(people, db, job_types="ALT")
    with unit():
        service.enrol_by_rules()
    assert set(enrolled(db)) == {people.kai_id}
    assert enrol(people, ANN).status_code == 303
    back = enrolled(db)[people.ann_id]
    assert (back.last_item, back.last_screen, back.via) == ("l-000001", 2, "staff")
    assert back.started_at is not None
    assert back.behind_from > clock.today()
    assert back.id > number                                         # never the number of another one
    assert len(notices(db, people.ann_id, "learning.enrolled")) == 1


def test_a_number_is_never_given_twice(people, ann, db):
    number = enrolled(db)[people.ann_id].id
    people.fumi.post(f"/enrolments/{number}/withdraw", data={"reason": "x"})
    enrol(people, BEN)
    assert enrolled(db)[people.ben_id].id > number
    assert len(notices(db, people.ben_id, "learning.enrolled")) == 1


def test_what_is_completed_stays(people, ann, db):
    with unit():
        row = db.session.scalars(select(Enrolment)).one()
        number, row.completed_at = row.id, clock.now()
    page = f"/enrolments/{number}/withdraw"
    assert 'name="reason"' not in people.fumi.get(page).text
    assert people.fumi.post(page, data={"reason": "x"}).status_code == 409
    assert set(enrolled(db)) == {people.ann_id}


# ── Rules ─────────────────────────────────────────────────────────────────────────────────────────────────────────────

def facts(**more):
    return {"job_types": [], "arrival_group_ids": [], "host_id": None, "starts_on": clock.today(), "ends_on": None, "due_days": None} | more


def make_rule(people, db, **data):
    assert people.fumi.post(RULES + "/new", data={"starts_on": clock.today().isoformat(), **data}).status_code == 303
    return one(db, select(func.max(EnrolmentRule.id)))


def organisation(db, slug):
    return one(db, select(Organisation.id).where(Organisation.slug == slug))


def test_a_rule_is_shown_with_whom_it_names_before_it_is_saved(people, tiny, db):
    page = people.fumi.get(f"{RULES}/new?check=1&job_types=ALT&starts_on=2026-11-23&host_id=&ends_on=&due_days=&lang=en")
    assert page.status_code == 200
    text = main(page)
    assert "This would enrol 2 people today." in text
    assert "Ikoma City Board of Education" in text
    assert "Ann O’Malley" in text
    assert "Kai Nguyễn" in text
    assert "Ben" not in text
    assert one(db, select(func.count()).select_from(EnrolmentRule)) == 0       # nothing saved
    change = text.split('class="back"')[1].split('href="')[1].split('"')[0].replace("&amp;", "&")
    form = people.fumi.get(change).text
    assert 'value="ALT" checked' in form
    assert make_rule(people, db, job_types="ALT", due_days="30")
    assert "within the hour" in people.fumi.get(RULES).text
    with unit():
        assert service.enrol_by_rules() == 2
        assert service.enrol_by_rules() == 0
    found = enrolled(db)
    assert set(found) == {people.ann_id, people.kai_id}
    assert found[people.ann_id].due_on == clock.today() + timedelta(days=30)
    assert "0人" in main(people.fumi.get(f"{RULES}/new?check=1&job_types=ALT&starts_on=2026-11-23&lang=ja"))


def test_by_arrival_group_and_host_body(people, tiny, db):
    group = one(db, select(ArrivalGroup.id).where(ArrivalGroup.code == "2026-A"))
    text = main(people.fumi.get(f"{RULES}/new?check=1&arrival_group_ids={group}&starts_on=2026-11-23&lang=en"))
    assert "2 people today" in text
    assert "2026 Group A" in text
    for host, count in (("nara", 3), ("oita", 0)):
        text = main(people.fumi.get(f"{RULES}/new?check=1&host_id={organisation(db, host)}&starts_on=2026-11-23&lang=en"))
        assert f"{count} people today" in text
    make_rule(people, db, arrival_group_ids=str(group), host_id=str(organisation(db, "nara")))
    with unit():
        service.enrol_by_rules()
    assert set(enrolled(db)) == {people.ann_id, people.ben_id}


def test_large_organisations_show_the_first_names_and_count_the_rest(people, tiny, db):
    with unit():
        ikoma = db.session.scalars(select(Organisation).where(Organisation.slug == "ikoma-boe")).one()
        for n in range(40):
            who = make.person("Test", f"Aperson{n:03d}")
            make.participant(who, f"2024{n:07d}", "ALT")
            make.appointment(who, "participant", ikoma, job_type="ALT", ends_on=clock.today() + timedelta(days=100))
    text = main(people.fumi.get(f"{RULES}/new?check=1&job_types=ALT&starts_on=2026-11-23&lang=en"))
    assert "42 people today" in text
    assert "Aperson000" in text
    assert "Aperson003" not in text
    assert "and 39 more" in text


@pytest.mark.parametrize("bad", [{"starts_on": ""}, {"starts_on": "soon"}, {"ends_on": "2026-11-22"}, {"due_days": "0"}, {"due_days": "101"},
                                 {"due_days": "x"}, {"job_types": "XYZ"}, {"arrival_group_ids": "999"}, {"host_id": "999999"}, {"host_id": "x"}])
def test_bad_rules(people, tiny, db, bad):
    data = {"starts_on": "2026-11-23", "ends_on": "2027-03-31", **bad}
    for answer in (people.fumi.get(RULES + "/new", query_string={"check": "1", **data}), people.fumi.post(RULES + "/new", data=data)):
        assert answer.status_code == 422
        assert 'role="alert"' in answer.text
        if "ends_on" not in bad:
            assert "2027-03-31" in answer.text
    assert one(db, select(func.count()).select_from(EnrolmentRule)) == 0


def test_the_same_rule_twice_is_refused(people, tiny, db):
    make_rule(people, db, job_types=["ALT", "CIR"])
    assert people.fumi.post(RULES + "/new", data={"starts_on": "2026-11-23", "job_types": ["CIR", "ALT"]}).status_code == 409
    assert make_rule(people, db, job_types="CIR") == 2


def test_change_keeps_who_and_when(people, tiny, db, clock_at):
    number = make_rule(people, db, job_types="ALT", ends_on="2026-12-31")
    page = f"/enrolment-rules/{number}"
    assert 'value="2026-12-31"' in people.fumi.get(page).text
    version = one(db, select(EnrolmentRule.version))
    clock_at.shift(timedelta(minutes=10))
    checked = people.fumi.get(page, query_string={"check": "1", "job_types": "CIR", "starts_on": "2026-11-23", "ends_on": "", "version": version})
    assert checked.status_code == 200
    assert 'name="ends_on"' not in checked.text                      # the end was taken away
    data = {"starts_on": "2026-11-23", "job_types": "CIR", "version": version}
    assert people.fumi.post(page, data=data).status_code == 303
    row = rows(db, select(EnrolmentRule.__table__))[0]
    assert (row.job_types, row.ends_on, row.made_by) == (["CIR"], None, people.fumi_id)
    entry = rows(db, select(AuditEntry.actor_id, AuditEntry.detail).where(AuditEntry.action == "enrolment_rules.change"))[0]
    assert entry.actor_id == people.fumi_id
    assert (entry.detail["before"]["job_types"], entry.detail["after"]["job_types"]) == (["ALT"], ["CIR"])
    text = main(people.fumi.get(page))
    assert "佐々木 文 · 変更" in text
    assert "佐々木 文 · 作成" in text
    with unit():
        db.session.add(EnrolmentRule(course_id=row.course_id, starts_on=clock.today(), made_by=people.iko_id))     # from before the audit
    assert "髙橋 郁子 · 作成" in main(people.fumi.get("/enrolment-rules/2"))
    stale = people.fumi.post(page, data={**data, "job_types": "SEA"})
    assert stale.status_code == 409
    assert "SEA" in stale.text
    assert one(db, select(EnrolmentRule.job_types)) == ["CIR"]


def test_switch_off_enrols_nobody_more(people, tiny, db):
    number = make_rule(people, db, job_types="CIR")
    with unit():
        service.enrol_by_rules()
    assert people.fumi.post(f"/enrolment-rules/{number}/off").status_code == 303
    assert "終了" in main(people.fumi.get(RULES))
    assert people.fumi.post(f"/enrolment-rules/{number}/off").status_code == 409
    with unit():
        late = make.person("Late", "Comer")
        make.participant(late, "20260000009", "CIR")
        assert service.enrol_by_rules() == 0
    assert set(enrolled(db)) == {people.ben_id}                      # whom it enrolled stays
    assert one(db, select(func.count()).select_from(AuditEntry).where(AuditEntry.action == "enrolment_rules.switch_off")) == 1
    again = {"starts_on": "2026-11-23", "job_types": "CIR", "ends_on": ""}
    assert people.fumi.post(f"/enrolment-rules/{number}", data=again).status_code == 303
    with unit():
        assert service.enrol_by_rules() == 1


def test_a_rule_that_names_many_takes_them_a_part_at_a_time(people, tiny, db, monkeypatch):
    make_rule(people, db)
    monkeypatch.setattr(jobs, "AT_ONCE", 2)
    parts = []
    one_part = service.enrol_by_rules
    monkeypatch.setattr(service, "enrol_by_rules", lambda most: parts.append(one_part(most=most)) or parts[-1])
    for _twice in range(2):
        with unit():
            jobs.enrol_by_rules()
    assert parts == [2, 1, 0]
    assert set(enrolled(db)) == {people.ann_id, people.ben_id, people.kai_id}
    assert len(notices(db, people.kai_id, "learning.enrolled")) == 1


def test_a_rule_of_later_enrols_later(people, tiny, db, clock_at):
    make_rule(people, db, starts_on="2026-12-01", ends_on="2026-12-02")
    assert "開始前" in people.fumi.get(RULES).text
    for day, count in ((date(2026, 11, 30), 0), (date(2026, 12, 3), 0), (date(2026, 12, 1), 3)):
        with unit():
            assert service.enrol_by_rules(day) == count
    assert one(db, select(func.count()).select_from(Participant).where(Participant.state == "completed")) == 1      # Hana is not named


@pytest.mark.parametrize("lang", ["ja", "en"])
def test_every_page_in_both_languages(people, ann, db, lang):
    number = make_rule(people, db)
    pages = (LIST, NEW, f"/enrolments/{enrolled(db)[people.ann_id].id}/withdraw", RULES, RULES + "/new", f"/enrolment-rules/{number}",
             f"/enrolment-rules/{number}?check=1&starts_on=2026-12-01", f"{LIST}?state=withdrawn")
    for page in pages:
        answer = people.fumi.get(page, query_string=None) if "?" in page else people.fumi.get(f"{page}?lang={lang}")
        assert answer.status_code == 200, page
        assert "%(" not in answer.text
