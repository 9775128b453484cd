"""Badges: the same certificate for others' software; signed, revocable, and naming nobody but by a fingerprint."""
import hashlib
import io
import json
from datetime import date

import pytest
from sqlalchemy import update

from jetlms.core.db import db as database
from jetlms.core.db import unit
from jetlms.learning import publishing
from jetlms.learning.models import Award, Course
from jetlms.learning.service.awards import issue, months_later
from jetlms.people.models import Person


def certificate(app, person_id, **name):
    """Issue the tiny course's certificate to somebody, under another name if need be; returns its code."""
    with app.app_context():
        with unit():
            if name:
                database.session.execute(update(Person).where(Person.id == person_id).values(**name))
            course = database.session.query(Course).one()
            issue(person_id=person_id, course_id=course.id, release_id=course.release_id)
        return database.session.query(Award).one().code


def decoded(client, code):
    from joserfc import jwt
    from joserfc.jwk import KeySet

    keys = KeySet.import_key_set(json.loads(client.get("/badges/keys.json").data))
    return jwt.decode(client.get(f"/badges/{code}.jwt").text, keys)


def test_the_signed_badge_is_verified_with_the_published_key(app, people, ann):
    code = certificate(app, people.ann_id)
    token = decoded(people.stranger, code)
    assert token.header["alg"] == "RS256"
    claims = token.claims
    assert claims["type"] == ["VerifiableCredential", "OpenBadgeCredential"]
    assert claims["credentialSubject"]["achievement"]["name"] == "Tiny course / 小さな講座"
    identity = claims["credentialSubject"]["identifier"][0]
    assert identity["identityHash"] == "sha256$" + hashlib.sha256(f"ann@demo.example{code}".encode()).hexdigest()
    assert "Ann" not in json.dumps(claims)
    assert claims["iss"] == claims["issuer"]["id"]
    assert claims["jti"] == claims["id"]


def test_a_changed_badge_is_not_verified(app, people, ann):
    from joserfc import jwt
    from joserfc.errors import JoseError
    from joserfc.jwk import KeySet

    code = certificate(app, people.ann_id)
    head, body, seal = people.stranger.get(f"/badges/{code}.jwt").text.split(".")
    keys = KeySet.import_key_set(json.loads(people.stranger.get("/badges/keys.json").data))
    with pytest.raises(JoseError):
        jwt.decode(f"{head}.{body[:-4]}AAAA.{seal}", keys)
    assert "d" not in people.stranger.get("/badges/keys.json").json["keys"][0]


def test_the_hosted_badge_leads_to_its_class_and_issuer(app, people, ann):
    code = certificate(app, people.ann_id)
    stranger = people.stranger
    assertion = stranger.get(f"/badges/{code}.json").json
    assert {"@context", "type", "id", "recipient", "badge", "verification", "issuedOn"} <= assertion.keys()
    badge = stranger.get(assertion["badge"].split("/badges/")[1].join(["/badges/", ""])).json
    assert {"type", "id", "name", "description", "image", "criteria", "issuer"} <= badge.keys()
    assert stranger.get("/badges/issuer.json").json["id"] == badge["issuer"]
    assert stranger.get("/badges/image.svg").mimetype == "image/svg+xml"
    assert stranger.get(f"/badges/{code}.json").headers["Access-Control-Allow-Origin"] == "*"
    assert stranger.get("/badges/0000-0000-0000.json").status_code == 404


def test_a_revoked_badge_says_so_and_is_signed_no_more(app, people, ann):
    code = certificate(app, people.ann_id)
    people.fumi.post(f"/certificates/{code}/revoke", data={"reason": "Issued by mistake"})
    reply = people.stranger.get(f"/badges/{code}.json")
    assert (reply.status_code, reply.json["revoked"]) == (410, True)
    assert people.stranger.get(f"/badges/{code}.jwt").status_code == 410
    assert code in people.stranger.get("/badges/revoked.json").text
    page = people.stranger.get(f"/verify/{code}?lang=en").text
    assert "no longer valid" in page
    assert "Revoked" in page


def test_only_the_owner_is_shown_the_way_to_her_badge(app, people, ann):
    code = certificate(app, people.ann_id)
    assert f"/badges/{code}.jwt" in people.ann.get(f"/certificates/{code}").text
    assert f"/badges/{code}.jwt" not in people.cho.get(f"/certificates/{code}").text


def test_an_expiring_certificate_says_until_when_everywhere(app, people, folder, ann):
    course = folder / "course.toml"
    course.write_text(course.read_text("utf-8").replace('template = "standard"', 'template = "standard"\nvalid_months = 24'), "utf-8")
    with app.app_context(), unit():
        publishing.publish(folder, by=None)
    code = certificate(app, people.ann_id)
    assert "exp" in decoded(people.stranger, code).claims
    assert "expires" in people.stranger.get(f"/badges/{code}.json").json
    with app.app_context(), unit():
        database.session.execute(update(Award).values(expires_on=date(2026, 1, 31)))
    assert "This certificate has expired" in people.stranger.get(f"/verify/{code}?lang=en").text


@pytest.mark.parametrize("months", [1, 13, 24])
def test_months_later_is_a_day_of_that_month(months):
    found = months_later(date(2026, 1, 31), months)
    assert (found.year * 12 + found.month) - (2026 * 12 + 1) == months
    assert found.day == {1: 28, 13: 28, 24: 31}[months]


@pytest.mark.parametrize(("given", "family", "katakana"), [
    ("郁子", "髙橋", "タカハシ イクコ"), ("Seán", "Ó Súilleabháin", "ショーン"), ("Thị Ánh", "Nguyễn", "グエン"), ("Łukasz", "Wałęsa", "ウカシュ"),
    ("Zoë", "O'Brien-Ňová", "ゾーイ"),
])
def test_every_name_is_on_the_paper_and_can_be_read_out_of_it(app, people, ann, given, family, katakana):
    from pypdf import PdfReader

    code = certificate(app, people.ann_id, given_name=given, family_name=family, middle_name="", katakana_name=katakana)
    paper = PdfReader(io.BytesIO(people.ann.get(f"/certificates/{code}.pdf").data))
    text = paper.pages[0].extract_text()
    assert f"{given} {family}" in text
    assert katakana in text
    assert paper.trailer["/Root"]["/MarkInfo"]["/Marked"]      # tagged, as PDF/UA wants it
    assert "<pdfuaid:part>1</pdfuaid:part>" in paper.trailer["/Root"]["/Metadata"].get_data().decode()
