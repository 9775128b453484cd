"""How a person's name is shown and sorted, from its parts. No order of names is assumed beyond that of the passport's fields."""


def display(given: str, family: str, preferred: str = "", native: str = "") -> str:
    """Return what is shown: how people call her, else given and family name, else as she writes it."""
    return preferred or f"{given} {family}".strip() or native


def sorting(given: str, family: str) -> str:
    """Return what lists are sorted by."""
    return f"{family} {given}".strip().lower()
