"""Rows of participants → a plan. Known by the JET number; columns that are absent or empty leave what is stored as it is."""
from datetime import date, timedelta
from typing import Any

from jetlms.people import names, terms
from jetlms.people.importing import values
from jetlms.people.importing.columns import Problem
from jetlms.people.importing.organisations import HOSTS, Bodies
from jetlms.people.importing.plan import Change, Plan, differing

NAMES = ("family_name", "given_name", "middle_name", "preferred_name", "katakana_name", "native_name", "nationality", "born_on")
APPOINTMENT = ("organisation_code", "organisation", "workplace", "starts_on", "ends_on")


class Known:
    """What is stored about the people of the file, looked up beforehand."""

    def __init__(self, *, records: dict[str, Any], appointments: dict[int, list[Any]], owners: dict[str, int], bodies: Bodies,
                 groups: list[Any], today: date) -> None:
        self.records, self.appointments, self.owners, self.bodies, self.today = records, appointments, owners, bodies, today
        self.groups = {name.lower(): group for group in groups for name in (group.code, group.name_ja, group.name_en)}


def plan(rows: list[tuple[int, dict[str, Any]]], headings: dict[str, str], known: Known) -> Plan:
    """Return what importing these rows would do."""
    made, numbers, mails = Plan(), dict[str, int](), dict[str, int]()
    for line, row in rows:
        number = row.get("jet_number")
        if number is None:
            continue
        if number in numbers:
            made.problems.append(Problem(line, headings["jet_number"], {
                "ja": f"{numbers[number]}行目と同じJET番号です。", "en": f"Line {numbers[number]} has the same JET number."}))
            continue
        numbers[number] = line
        _Row(made, line, row, headings, known).place(mails)
    return made


class _Row:
    """One line on its way into the plan."""

    def __init__(self, made: Plan, line: int, row: dict[str, Any], headings: dict[str, str], known: Known) -> None:
        self.plan, self.line, self.row, self.headings, self.known = made, line, row, headings, known
        self.record: Any = known.records.get(row["jet_number"])
        self.good = True

    def wrong(self, column: str, ja: str, en: str) -> None:
        self.plan.problems.append(Problem(self.line, self.headings.get(column, ""), {"ja": ja, "en": en}))
        self.good = False

    def place(self, mails: dict[str, int]) -> None:
        organisation, group = self._organisation(), self._group()
        self._email(mails)
        if self.good and organisation is not None:
            self._dates(group)
        appointment = self._appointment(organisation) if self.good and organisation is not None else None
        if self.good and {"family_name", "job_type"} <= self.row.keys():
            if self.record is None:
                self._new(group, appointment)
            else:
                self._change(group, appointment)

    def _organisation(self) -> Any:
        for column in ("organisation_code", "organisation"):
            if column not in self.row:
                continue
            try:
                found = self.known.bodies.find(self.row[column], ("contracting",))
                host = self.known.bodies.find(self.row["host_code"], HOSTS) if "host_code" in self.row else None
            except values.Wrong as wrong:
                self.wrong(column, f"「{self.row[column]}」{wrong.reason['ja']}", f"“{self.row[column]}”: {wrong.reason['en']}")
                return None
            if host is not None and found.host_id != host.id:
                self.wrong("host_code", "任用団体の取りまとめ団体と異なります。", "This is not the host body of the organisation.")
            elif found.closed_on and found.closed_on <= self.row.get("starts_on", self.known.today):
                self.wrong(column, "この団体は廃止されています。", "This organisation is closed.")
            return found
        return None

    def _group(self) -> Any:
        name = self.row.get("arrival_group")
        group = self.known.groups.get(name.lower()) if name else None
        if name and group is None:
            self.wrong("arrival_group", f"「{name}」という来日グループは登録されていません。", f"There is no intake “{name}”.")
        return group

    def _email(self, mails: dict[str, int]) -> None:
        email = self.row.get("email")
        if not email:
            return
        owner = self.known.owners.get(email)
        if email in mails:
            self.wrong("email", f"{mails[email]}行目と同じメールアドレスです。", f"Line {mails[email]} has the same e-mail address.")
        elif owner is not None and (self.record is None or owner != self.record.person_id):
            self.wrong("email", "別の人がこのメールアドレスを使っています。", "Somebody else has this e-mail address.")
        mails.setdefault(email, self.line)

    def _dates(self, group: Any) -> None:
        starts, ends = self.row.get("starts_on"), self.row.get("ends_on")
        if starts is None and group is not None:
            starts = self.row["starts_on"] = group.arrives_on + timedelta(days=1)
        if starts is None:
            self.wrong("starts_on", "任用開始日が必要です。", "The first day of the appointment is needed.")
        elif ends is None:
            self.row["ends_on"] = terms.last_day(starts, terms.YEAR)
        elif ends < starts:
            self.wrong("ends_on", "任用終了日が任用開始日より前です。", "The last day is before the first day.")
        elif ends > terms.last_day(starts, terms.LONGEST + terms.SHORT):
            self.wrong("ends_on", "任用期間が長すぎます。", "This appointment is too long.")

    def _appointment(self, organisation: Any) -> tuple[Any, dict[str, Any]] | None:
        """Return (the stored row or None, what it should be), or None when something is in the way."""
        wanted = {"organisation_id": organisation.id, "job_type": self.row.get("job_type", ""), "starts_on": self.row["starts_on"],
                  "ends_on": self.row["ends_on"]} | {name: self.row[name] for name in ("workplace", "term_no") if name in self.row}
        there = self.known.appointments.get(self.record.person_id, []) if self.record is not None else []
        same = next((a for a in there if a.starts_on == wanted["starts_on"]), None)
        if same is not None and same.organisation_id != organisation.id and same.starts_on <= self.known.today:
            self.wrong("organisation_code" if "organisation_code" in self.row else "organisation",
                       "この任用は別の団体で始まっています。任用団体の変更として記録してください。",
                       "This appointment has begun at another organisation. Please record a change of organisation.")
        elif any(a is not same and a.starts_on <= wanted["ends_on"] and a.ends_on >= wanted["starts_on"] for a in there):
            self.wrong("starts_on", "登録済みの任用期間と重なります。", "This overlaps an appointment that is recorded already.")
        else:
            return same, wanted
        return None

    def _state(self, appointment: tuple[Any, dict[str, Any]] | None) -> str:
        if appointment is None:
            return "accepted"
        wanted = appointment[1]
        if wanted["starts_on"] > self.known.today:
            return "placed"
        return "appointed" if wanted["ends_on"] >= self.known.today else "completed"

    def _new(self, group: Any, appointment: tuple[Any, dict[str, Any]] | None) -> None:
        person = dict.fromkeys(NAMES, "") | {"born_on": None, "deceased_on": None} | {n: self.row[n] for n in NAMES if n in self.row}
        state = self._state(appointment)
        term = self.row.get("term_no", 1)
        rows: dict[str, dict[str, Any]] = {"person": _shown(person), "participant": {
            "jet_number": self.row["jet_number"], "state": state, "arrival_group_id": group and group.id, "job_type": self.row["job_type"],
            "term_no": term if state in {"appointed", "completed"} else 0, "outstanding": False, "max_ends_on": None}}
        if appointment is not None:
            rows["appointment"] = _appointed(appointment[1], term, "completed" if state == "completed" else "")
        if self.row.get("email"):
            rows["account"] = {"email": self.row["email"]}
        self.plan.new.append(rows)

    def _change(self, group: Any, appointment: tuple[Any, dict[str, Any]] | None) -> None:
        record, before = self.record, len(self.plan.changes) + len(self.plan.added)
        stored = {name: getattr(record, f"person_{name}") for name in (*NAMES, "display_name", "sort_name")}
        wanted = {n: self.row[n] for n in NAMES if n in self.row}
        if differing(stored, wanted):
            self._alter("person", record.person_id, record.person_version, stored, _shown({**stored, **wanted}))
        stored = {"job_type": record.participant_job_type, "arrival_group_id": record.participant_arrival_group_id}
        self._alter("participant", record.participant_id, record.participant_version, stored,
                    {"job_type": self.row["job_type"]} | ({"arrival_group_id": group.id} if group else {}))
        added: dict[str, dict[str, Any]] = {}
        if appointment is not None:
            same, values_ = appointment
            if same is None:
                added["appointment"] = _appointed(values_, self.row.get("term_no", max(record.participant_term_no, 1)), "")
            else:
                self._alter("appointment", same.id, same.version, same._mapping, values_)  # noqa: SLF001 -- a Row's public mapping
        self._address(record, added)
        if added:
            self.plan.added.append((record.person_id, added))
        if len(self.plan.changes) + len(self.plan.added) > before:
            self.plan.changed += 1
        else:
            self.plan.unchanged += 1

    def _address(self, record: Any, added: dict[str, dict[str, Any]]) -> None:
        email = self.row.get("email")
        if not email or email == record.account_email:
            return
        if record.account_id is None:
            added["account"] = {"email": email}
        elif record.account_password_hash:
            self.plan.notes.append(Problem(self.line, self.headings["email"], {
                "ja": "本人がすでに使っているアカウントのメールアドレスは、取り込みでは変わりません。",
                "en": "She uses her account already; an import does not change its e-mail address."}))
        else:
            self._alter("account", record.account_id, record.account_version, {"email": record.account_email}, {"email": email})

    def _alter(self, table: str, number: int, version: int, stored: Any, wanted: dict[str, Any]) -> None:
        after = differing(stored, wanted)
        if after:
            self.plan.changes.append(Change(table, number, version, after, {name: stored[name] for name in after}))


def _shown(person: dict[str, Any]) -> dict[str, Any]:
    return {**person, "sort_name": names.sorting(person["given_name"], person["family_name"]),
            "display_name": names.display(person["given_name"], person["family_name"], person["preferred_name"], person["native_name"])}


def _appointed(wanted: dict[str, Any], term: int, end_reason: str) -> dict[str, Any]:
    return {"workplace": "", **wanted, "role": "participant", "term_no": wanted.get("term_no", term), "end_reason": end_reason}
