"""Fill in the ids that authors leave open: `id = "?"` and `id=?`. Both languages of a stem get the same ids, in order."""
import re
import secrets
from pathlib import Path

ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
FRONT = re.compile(r'^id = "\?"$', re.MULTILINE)
HERE = re.compile(r"(^:::\s*question\b[^\n]*\bid=)\?", re.MULTILINE)


def new_id(letter: str) -> str:
    """Return a new id of this kind of thing."""
    return f"{letter}-" + "".join(secrets.choice(ALPHABET) for _n in range(6))


def mint(folder: Path) -> int:
    """Fill every open id below a course folder in place; returns how many there were."""
    count = 0
    for path in (folder / "course.toml", *folder.glob("*/module.toml")):
        count += _fill(path, lambda p=path: new_id("c" if p.name == "course.toml" else "m"), FRONT)
    for path in sorted(folder.glob("*/*.en.md")):
        twin = path.with_name(path.name.replace(".en.md", ".ja.md"))
        made: list[str] = []

        def fresh() -> str:
            made.append(new_id("l" if len(made) == 0 else "q"))  # noqa: B023 -- used at once
            return made[-1]
        front_open = FRONT.search(path.read_text("utf-8")) is not None
        if not front_open:
            made.append("")
        count += _fill(path, fresh, FRONT) + _fill(path, fresh, HERE)
        if twin.exists():
            again = iter(made if front_open else made[1:])
            _fill(twin, lambda again=again: next(again, new_id("q")), FRONT)
            _fill(twin, lambda again=again: next(again, new_id("q")), HERE)
    return count


def _fill(path: Path, make, pattern: re.Pattern[str]) -> int:  # type: ignore[no-untyped-def]  # noqa: ANN001
    text = path.read_text("utf-8")
    filled, count = pattern.subn(lambda found: f'id = "{make()}"' if pattern is FRONT else found[1] + make(), text)
    if count:
        path.write_text(filled, "utf-8")
    return count
