"""The exceptions that travel up: each has one status and one page."""


class Refused(Exception):
    """The step is not open: wrong state, wrong moment, or somebody was faster. 409; `message` is shown as it is (translated)."""

    def __init__(self, message: str = "", *, code: str = "") -> None:
        super().__init__(message or code)
        self.message, self.code = message, code


class NotFound(Exception):
    """There is no such thing for this person. 404."""


class Stale(Exception):
    """Somebody else saved first. 409 with a compare page: rows of (label, what is stored, what was typed)."""

    def __init__(self, rows: list[tuple[str, str, str]], back: str) -> None:
        super().__init__("stale")
        self.rows, self.back = rows, back
