"""E-mail addresses as accounts keep them: one spelling each, so that nobody has two accounts by a capital letter."""
import unicodedata


def fold(typed: str) -> str:
    """Return an address as it is stored and looked up: NFKC, lower case, no white space around it."""
    return unicodedata.normalize("NFKC", typed).strip().lower()


def is_one(typed: str) -> bool:
    """Say whether this has the form of an address; nobody is asked whether it exists."""
    from email_validator import EmailNotValidError, validate_email

    try:
        validate_email(typed, check_deliverability=False, allow_display_name=False, test_environment=True)
    except EmailNotValidError:
        return False
    return typed.isascii() and len(typed) <= 254  # noqa: PLR2004 -- RFC 5321; our mails use ASCII addresses
