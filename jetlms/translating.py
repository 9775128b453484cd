"""The gettext catalogue: msgids are found in code and templates, Japanese comes from translations/src/*.tsv and jetlms/ui/ja.tsv.

English needs no catalogue: the msgid is the text. `./jet translations update` merges, `check` refuses what is missing.
"""
import io
import re
import subprocess
import sys
from typing import Any

from jetlms.config import ROOT

CATALOGUE = ROOT / "translations" / "ja" / "LC_MESSAGES" / "messages.po"
PLACES = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w*\}")


def _extracted() -> Any:
    """Return the template catalogue of all messages in the code."""
    from babel.messages.pofile import read_po

    out = subprocess.run(  # noqa: S603 -- our own interpreter
        [sys.executable, "-m", "babel.messages.frontend", "-q", "extract", "-F", str(ROOT / "babel.cfg"), "-k", "_", "-k", "N_",
         "--no-wrap", "--sort-output", "--no-location", "-o", "/dev/stdout", "jetlms"], cwd=ROOT, capture_output=True, check=True)
    return read_po(io.BytesIO(out.stdout))


def _source() -> dict[str, str]:
    """Return msgid → Japanese from all the source tables."""
    found: dict[str, str] = {}
    for path in (*sorted((ROOT / "translations" / "src").glob("*.tsv")), ROOT / "jetlms" / "ui" / "ja.tsv"):
        if not path.exists():
            continue
        for line in path.read_text("utf-8").splitlines():
            if "\t" in line and not line.startswith("#"):
                msgid, ja = (part.replace("\\n", "\n") for part in line.split("\t")[:2])
                if ja.strip():
                    found.setdefault(msgid, ja)
    return found


def update() -> int:
    """Write the catalogue; returns 1 when Japanese is missing somewhere."""
    from babel.messages.catalog import Catalog
    from babel.messages.pofile import write_po

    source, catalogue = _source(), Catalog(locale="ja", project="jetlms", fuzzy=False)
    catalogue.creation_date = catalogue.revision_date = None  # type: ignore[assignment]
    for message in sorted((m for m in _extracted() if m.id), key=lambda m: str(m.id)):
        first = message.id if isinstance(message.id, str) else message.id[0]
        plural = message.id if isinstance(message.id, str) else message.id[1]
        ja = source.get(first) or source.get(plural) or ""
        catalogue.add(message.id, ja if isinstance(message.id, str) else (ja,))
    CATALOGUE.parent.mkdir(parents=True, exist_ok=True)
    buffer = io.BytesIO()
    write_po(buffer, catalogue, width=0, omit_header=False, no_location=True, include_previous=False)
    restless = r'^"(POT-Creation-Date|PO-Revision-Date|Generated-By|Last-Translator|Language-Team)[^\n]*\n'
    text = re.sub(restless, "", buffer.getvalue().decode(), flags=re.MULTILINE)
    if not CATALOGUE.exists() or CATALOGUE.read_text("utf-8") != text:
        CATALOGUE.write_text(text, "utf-8")
    compile_catalogue()
    return check()


def compile_catalogue() -> None:
    """Write the .mo beside the .po."""
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    with CATALOGUE.open("rb") as source, CATALOGUE.with_suffix(".mo").open("wb") as out:
        write_mo(out, read_po(source, locale="ja"))


def problems() -> list[str]:
    """Return what is wrong with the catalogue: missing, fuzzy, other placeholders."""
    from babel.messages.pofile import read_po

    with CATALOGUE.open("rb") as file:
        catalogue = read_po(file, locale="ja")
    found = []
    for message in (m for m in _extracted() if m.id):
        here = catalogue.get(message.id if isinstance(message.id, str) else message.id[0])
        text = "" if here is None else here.string if isinstance(here.string, str) else (here.string or ("",))[0]
        first = message.id if isinstance(message.id, str) else message.id[-1]
        if not text:
            found.append(f"missing: {first!r}")
        elif here is not None and here.fuzzy:
            found.append(f"fuzzy: {first!r}")
        elif set(PLACES.findall(text)) - set(PLACES.findall(first)) or (
                isinstance(message.id, str) and set(PLACES.findall(first)) != set(PLACES.findall(text))):
            found.append(f"other places: {first!r} → {text!r}")
    return found


def check() -> int:
    """Print what is wrong; 0 when nothing is."""
    found = problems()
    for line in found:
        print(line)  # noqa: T201
    print(f"translations: {len(found)} problems" if found else "translations: complete")  # noqa: T201
    return 1 if found else 0


