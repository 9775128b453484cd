"""What the clock and news start in people."""
from datetime import timedelta

from jetlms.core import jobs
from jetlms.people import service
from jetlms.people.service import lifecycle


@jobs.on("people.reset_asked")
def send_reset(email: str) -> None:
    """Somebody asked for a new password: send the link if the address is anybody's."""
    service.send_reset(email=email)


@jobs.every("people.forget", days=1, at=timedelta(hours=3, minutes=20))
def forget() -> None:
    """Delete what has ended long ago."""
    service.forget_expired()


@jobs.every("people.change_states", days=1, at=timedelta(minutes=10))
def change_states() -> None:
    """Just after midnight in Japan: first days, new terms, changes of organisation, ends of terms."""
    lifecycle.carry_out()
