"""The tables of people, cut at birth into four files."""
from jetlms.people.models.accounts import Account, Device, Passkey, Pause, RecoveryCode, Ticket
from jetlms.people.models.appointments import Appointment, ArrivalGroup, Participant, Transition
from jetlms.people.models.organisations import OfficeCountry, Organisation
from jetlms.people.models.persons import Consent, ImportBatch, Person

__all__ = [
    "Account", "Appointment", "ArrivalGroup", "Consent", "Device", "ImportBatch", "OfficeCountry", "Organisation", "Participant",
    "Passkey", "Pause", "Person", "RecoveryCode", "Ticket", "Transition",
]
