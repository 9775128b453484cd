"""What can be done with people, by subject."""
from jetlms.people.service.accounts import (
    ask_email,
    ask_reset,
    change_password,
    change_profile,
    disable,
    enable,
    end_device,
    end_other_devices,
    forget_expired,
    invite,
    invite_again,
    send_reset,
)
from jetlms.people.service.factors import (
    add_app,
    add_passkey,
    make_codes,
    remove_app,
    remove_passkey,
    reset_factors,
    use_code,
    use_passkey,
)
from jetlms.people.service.sign_in import confirm_device, note_sign_in, sign_in, try_password
from jetlms.people.service.tickets import accept_invitation, open_ticket, prove_email, reset_password

__all__ = [
    "accept_invitation", "add_app", "add_passkey", "ask_email", "ask_reset", "change_password", "change_profile", "confirm_device",
    "disable", "enable", "end_device", "end_other_devices", "forget_expired", "invite", "invite_again", "make_codes", "note_sign_in", "open_ticket",
    "prove_email", "remove_app", "remove_passkey", "reset_factors", "reset_password", "send_reset", "sign_in", "try_password",
    "use_code", "use_passkey",
]
