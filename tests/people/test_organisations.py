"""Organisations: the tree, one of them, adding and editing, and who works there."""
from datetime import timedelta

import make
import pytest
from sqlalchemy import select

from jetlms.core import clock
from jetlms.core.db import unit
from jetlms.people.models import Account, Appointment, OfficeCountry, Organisation, Person, Ticket


@pytest.fixture
def ids(db):
    found = {row.slug: row.id for row in db.session.execute(select(Organisation.slug, Organisation.id))}
    db.session.rollback()
    return found


@pytest.mark.parametrize("who", ["ann", "cho", "dai", "fumi", "iko", "hana", "gil"])
def test_the_tree_is_for_everybody(people, ids, who):
    client = getattr(people, who)
    assert "Nara" in client.get("/organisations?lang=en").text
    assert "Ikoma" in client.get(f"/organisations/{ids['nara']}?lang=en").text
    assert "生駒市" in client.get("/organisations?q=いこま&lang=ja").text
    for slug in ("ikoma-boe", "clair", "new-york-office", "nara"):
        for lang in ("ja", "en"):
            assert client.get(f"/organisations/{ids[slug]}?lang={lang}").status_code == 200


def test_people_only_as_far_as_one_may_see(people, ids):
    page = f"/organisations/{ids['ikoma-boe']}"
    assert "O’Malley" in people.cho.get(page).text
    assert "O’Malley" in people.dai.get(page).text
    assert "O’Malley" not in people.eri.get(page).text
    assert "O’Malley" not in people.ben.get(page).text
    assert "山田 蝶" in people.ann.get(page).text
    assert "山田 蝶" not in people.ben.get(page).text


def test_the_same_statements_for_one_and_thirty(people, db, ids, queries):
    def count(path):
        people.fumi.get(path)
        with queries() as seen:
            assert people.fumi.get(path).status_code == 200
        return len(seen)
    pages = ("/organisations", "/organisations?q=教育委員会", f"/organisations/{ids['nara']}")
    few = [count(path) for path in pages]
    with unit():
        for n in range(60):
            make.contracting(f"town-{n}", host="nara", ja=f"第{n}町教育委員会", en=f"Town {n}")
    assert [count(path) for path in pages] == few
    assert 'class="pager"' in people.fumi.get(pages[2]).text


def test_adding_and_editing(people, db, ids):
    form = {"host": ids["nara"], "name_ja": "奈良市教育委員会", "name_en": "Nara City Board of Education", "kana": "ならし", "code": "292010", "slug": "nara-boe"}  # noqa: E501
    made = people.fumi.post("/organisations/new", data=form)
    assert made.status_code == 303, made.text
    assert people.fumi.post("/organisations/new", data={**form, "slug": "other"}).status_code == 409
    assert people.fumi.post("/organisations/new", data={**form, "code": "292011"}).status_code == 422
    assert people.cho.post("/organisations/new", data=form).status_code == 403
    page = made.location + "/edit"
    edited = {"name_ja": "奈良市教育委員会", "name_en": "Nara BoE", "kana": "", "version": "1"}
    assert people.fumi.post(page, data=edited).status_code == 303
    assert people.iko.post(page, data={**edited, "name_en": "X"}).status_code == 409
    assert people.fumi.get(page).status_code == 200


def test_an_organisation_with_participants_does_not_close(people, ids):
    form = {"name_ja": "生駒市教育委員会", "name_en": "Ikoma", "closed_on": clock.today().isoformat()}
    assert people.fumi.post(f"/organisations/{ids['ikoma-boe']}/edit", data=form).status_code == 409


def new(**more):
    return {"role": "supervisor", "email": "Mori@City.example.jp", "family_name": "森", "given_name": "光", "locale": "ja", "starts_on": clock.today().isoformat(), **more}  # noqa: E501


def test_a_new_supervisor_is_invited_and_works_from_her_first_day(people, db, ids):
    page = f"/organisations/{ids['beppu-boe']}/appoint"
    assert people.fumi.get(page).status_code == 200
    assert people.fumi.post(page, data=new()).status_code == 303
    with unit():
        account = db.session.scalars(select(Account).where(Account.email == "mori@city.example.jp")).one()
        assert db.session.get(Person, account.person_id).display_name == "森 光"
        assert db.session.scalar(select(Ticket.id).where(Ticket.account_id == account.id))
        made = db.session.scalars(select(Appointment).where(Appointment.person_id == account.person_id)).one()
        assert (made.role, made.ends_on) == ("supervisor", None)
        number = made.id
    assert people.fumi.post(page, data=new()).status_code == 409
    end = f"/organisations/{ids['beppu-boe']}/appointments/{number}/end"
    assert people.fumi.get(end).status_code == 200
    assert people.fumi.post(end, data={"on_date": (clock.today() - timedelta(days=9)).isoformat()}).status_code == 409
    assert people.fumi.post(end, data={"on_date": clock.today().isoformat()}).status_code == 303
    assert people.fumi.post(f"/organisations/{ids['nara']}/appointments/{number}/end", data={"on_date": clock.today().isoformat()}).status_code == 404


@pytest.mark.parametrize(("slug", "role", "who", "status"), [
    ("clair-jet", "administrator", "fumi", 422), ("clair-jet", "clair_desk", "fumi", 422), ("clair-jet", "clair_desk", "iko", 303),
    ("nara", "adviser", "fumi", 303), ("ikoma-boe", "adviser", "fumi", 422), ("nara", "supervisor", "iko", 422), ("nara", "adviser", "dai", 404),
    ("ikoma-boe", "supervisor", "cho", 404), ("ikoma-boe", "participant", "fumi", 422)])
def test_roles_belong_to_bodies_and_great_ones_to_administrators(people, ids, slug, role, who, status):
    assert getattr(people, who).post(f"/organisations/{ids[slug]}/appoint", data=new(role=role)).status_code == status


def test_nobody_gives_herself_a_role(people, ids):
    assert people.fumi.post(f"/organisations/{ids['ikoma-boe']}/appoint", data=new(email="fumi@demo.example")).status_code == 409


def test_bad_dates(people, ids):
    answer = people.fumi.post(f"/organisations/{ids['ikoma-boe']}/appoint", data=new(ends_on=(clock.today() - timedelta(days=1)).isoformat()))
    assert answer.status_code == 422


def test_the_last_administrator_stays(people, db, ids):
    with unit():
        number, body = db.session.execute(select(Appointment.id, Appointment.organisation_id).where(Appointment.role == "administrator")).one()
    end = f"/organisations/{body}/appointments/{number}/end"
    assert people.iko.post(end, data={"on_date": clock.today().isoformat()}).status_code == 409
    assert people.fumi.post(end, data={"on_date": clock.today().isoformat()}).status_code == 409


def test_jamaica_moved_to_new_york(db):
    rows = db.session.execute(select(Organisation.slug, OfficeCountry.starts_on).join(Organisation, Organisation.id == OfficeCountry.office_id)
                              .where(OfficeCountry.country == "JM")).all()
    assert [(slug, day.isoformat()) for slug, day in rows] == [("new-york-office", "2021-08-19")]
