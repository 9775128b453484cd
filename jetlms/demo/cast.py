"""The fixed cast: eleven people everybody in this project knows by first name."""
from dataclasses import dataclass, fields
from datetime import timedelta

from jetlms.core import clock
from jetlms.core.db import db
from jetlms.demo import make
from jetlms.people import demo_accounts, reference
from jetlms.people.models import ArrivalGroup, Organisation, Person

ROLES = demo_accounts.ACCOUNTS        # as the sign-in page of the demo lists them


@dataclass
class Cast:
    """The people and the three organisations of the stories."""

    ann: Person
    ben: Person
    cho: Person
    dai: Person
    eri: Person
    fumi: Person
    gil: Person
    hana: Person
    iko: Person
    jun: Person
    kai: Person
    ikoma: Organisation
    nara_office: Organisation
    beppu: Organisation

    def people(self) -> dict[str, Person]:
        """Return name → person."""
        return {f.name: getattr(self, f.name) for f in fields(self) if isinstance(getattr(self, f.name), Person)}


def email(name: str) -> str:
    """Return the address of a member of the cast."""
    return demo_accounts.email(name)


def arrival_groups() -> dict[str, ArrivalGroup]:
    """Make the intakes around today: two of this fiscal year behind us, one to come."""
    year, today = clock.fiscal_year(clock.today()), clock.today()
    rows = {
        "april": ArrivalGroup(code=f"{year}-04", fiscal_year=year, name_ja=f"{year}年4月来日", name_en=f"April {year} arrival",
                              arrives_on=today.replace(year=year, month=4, day=8)),
        "a": ArrivalGroup(code=f"{year}-A", fiscal_year=year, name_ja=f"{year}年Aグループ", name_en=f"{year} Group A",
                          arrives_on=today.replace(year=year, month=7, day=26)),
        "next": ArrivalGroup(code=f"{year}-S", fiscal_year=year, name_ja=f"{year}年度 次期来日", name_en=f"FY{year} next arrival",
                             arrives_on=today + timedelta(days=40)),
    }
    db.session.add_all(rows.values())
    db.session.flush()
    return rows


def build() -> Cast:
    """Make the reference bodies (if missing), the cast and its three contracting organisations."""
    reference.install()
    groups = arrival_groups()
    ikoma = make.contracting("ikoma-boe", host="nara", ja="生駒市教育委員会", en="Ikoma City Board of Education", code="292095",
                             kana="いこましきょういくいいんかい")
    nara_office = make.contracting("nara-pref-office", host="nara", ja="奈良県（知事部局）", en="Nara Prefectural Government")
    beppu = make.contracting("beppu-boe", host="oita", ja="別府市教育委員会", en="Beppu City Board of Education", code="442020")
    start = groups["a"].arrives_on + timedelta(days=1)
    end = start.replace(year=start.year + 1) - timedelta(days=1)

    ann = make.person("Ann", "O’Malley", katakana_name="アン・オマリー", nationality="IE")
    ben = make.person("Ben", "Okafor", katakana_name="ベン・オカフォー", nationality="GB")
    kai = make.person("Kai", "Nguyễn", katakana_name="カイ・グエン", nationality="CA")
    hana = make.person("Hana", "Müller", katakana_name="ハナ・ミュラー", nationality="DE")
    japanese = {
        "cho": make.person("Chō", "Yamada", display="山田 蝶", native_name="山田 蝶", katakana_name="ヤマダ チョウ"),
        "dai": make.person("Dai", "Kimura", display="木村 大", native_name="木村 大", katakana_name="キムラ ダイ"),
        "eri": make.person("Eri", "Gotō", display="後藤 絵里", native_name="後藤 絵里", katakana_name="ゴトウ エリ"),
        "fumi": make.person("Fumi", "Sasaki", display="佐々木 文", native_name="佐々木 文", katakana_name="ササキ フミ"),
        "jun": make.person("Jun", "Ishii", display="石井 純", native_name="石井 純", katakana_name="イシイ ジュン"),
        "iko": make.person("Iko", "Takahashi", display="髙橋 郁子", native_name="髙橋 郁子", katakana_name="タカハシ イコ"),
    }
    gil = make.person("Gil", "Santos", katakana_name="ジル・サントス", nationality="PT")
    make.participant(ann, "20260000001", "ALT", arrival_group_id=groups["a"].id)
    make.participant(ben, "20260000002", "CIR", arrival_group_id=groups["a"].id)
    make.participant(kai, "20260000003", "ALT", state="pre_departure", arrival_group_id=groups["next"].id, term_no=0)
    make.participant(hana, "20180000004", "ALT", state="completed", term_no=3)
    make.appointment(ann, "participant", ikoma, job_type="ALT", starts_on=start, ends_on=end, term_no=1, workplace="生駒中学校")
    make.appointment(ben, "participant", nara_office, job_type="CIR", starts_on=start, ends_on=end, term_no=1, workplace="国際課")
    kai_start = groups["next"].arrives_on + timedelta(days=1)
    make.appointment(kai, "participant", ikoma, job_type="ALT", starts_on=kai_start, ends_on=kai_start + timedelta(days=364), term_no=1)
    past = start.replace(year=start.year - 4)
    make.appointment(hana, "participant", ikoma, job_type="ALT", starts_on=past, ends_on=past + timedelta(days=1095), term_no=3,
                     end_reason="completed")
    make.appointment(japanese["cho"], "supervisor", ikoma)
    make.appointment(japanese["dai"], "adviser", make.organisation("nara"))
    make.appointment(japanese["eri"], "adviser", make.organisation("oita"))
    make.appointment(japanese["fumi"], "clair_desk", make.organisation("clair-jet"))
    make.appointment(japanese["fumi"], "author", make.organisation("clair-jet"))
    make.appointment(japanese["jun"], "tutor", make.organisation("clair-jet"))
    make.appointment(gil, "counsellor", make.organisation("clair"))
    make.appointment(japanese["iko"], "administrator", make.organisation("clair"))
    cast = Cast(ann=ann, ben=ben, kai=kai, hana=hana, gil=gil, ikoma=ikoma, nara_office=nara_office, beppu=beppu, **japanese)
    zones = {"kai": "America/Toronto", "hana": "Europe/Berlin"}
    for name, who in cast.people().items():
        make.account(who, email(name), locale="ja" if name in {"cho", "dai", "eri", "fumi", "iko"} else "en",
                     zone=zones.get(name, "Asia/Tokyo"))
    return cast
