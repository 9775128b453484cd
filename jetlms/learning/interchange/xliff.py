"""One exercise as XLIFF 2.1: a segment is a unit, its state says how far the translation is."""
from collections.abc import Iterable
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element, SubElement

from jetlms.learning.interchange.xml import XML, Malformed, Skipped, base, clean, read, written

NAMESPACE = "urn:oasis:names:tc:xliff:document:2.0"     # that of 2.1, too
NS = f"{{{NAMESPACE}}}"
STATES = ("initial", "translated", "reviewed", "final")
CODES = frozenset({f"{NS}{name}" for name in ("ph", "sc", "ec")})       # stand for markup of another format, without words


@dataclass(frozen=True)
class Unit:
    """One segment of an exercise; `id` is that of the segment."""

    id: str
    source: str
    target: str = ""
    state: str = "initial"
    flattened: bool = False


@dataclass
class Exercise:
    """An exercise as read."""

    source_lang: str
    target_lang: str
    units: list[Unit] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)


def write(key: str, title: str, source_lang: str, target_lang: str, units: Iterable[Unit]) -> bytes:
    """Return an exercise as a file."""
    root = Element("xliff", {"xmlns": NAMESPACE, "version": "2.1", "srcLang": source_lang, "trgLang": target_lang})
    file = SubElement(root, "file", id=key, original=clean(title))
    for unit in units:
        segment = SubElement(SubElement(file, "unit", id=unit.id), "segment", state=unit.state)
        for name, text in (("source", unit.source), ("target", unit.target)):
            if text:
                SubElement(segment, name, {f"{XML}space": "preserve"}).text = clean(text)
    return written(root)


def parse(data: bytes) -> Exercise:
    """Return the units of a file. Raises Malformed."""
    root = read(data)
    version = root.get("version", "")
    if root.tag.rpartition("}")[2] != "xliff":
        raise Malformed("not_xliff", 1)
    if root.tag != f"{NS}xliff" or not version.startswith("2."):
        raise Malformed("version", 1, version)
    exercise = Exercise(base(root.get("srcLang", "")), base(root.get("trgLang", "")))
    for unit in root.iter(f"{NS}unit"):
        _unit(exercise, unit)
    return exercise


def _unit(exercise: Exercise, unit: Element) -> None:
    """Add a unit; one that a tool divided into segments is put together again, with what stands between them."""
    place = unit.get("id", "")
    parts = [part for part in unit if part.tag in {f"{NS}segment", f"{NS}ignorable"}]
    sources, targets = [part.find(f"{NS}source") for part in parts], [part.find(f"{NS}target") for part in parts]
    segments = [target for part, target in zip(parts, targets, strict=True) if part.tag == f"{NS}segment"]
    if any(target is not None and target.get("order") for target in targets):
        exercise.skipped.append(Skipped(place, "reordered"))
    elif not any(target is not None and _flat(target).strip() for target in segments):
        exercise.skipped.append(Skipped(place, "no_target"))
    else:
        # White space between two segments has often no translation of its own: then that of the source stands.
        there = [source if target is None and part.tag == f"{NS}ignorable" else target
                 for part, source, target in zip(parts, sources, targets, strict=True)]
        exercise.units.append(Unit(
            place, _joined(sources), _joined(there),
            flattened=any(len(found) > 0 for found in there if found is not None)))


def _joined(elements: list[Element | None]) -> str:
    return "".join(_flat(element) for element in elements if element is not None).strip()


def _flat(element: Element) -> str:
    """Return the words of a source or a target without the codes inside."""
    said = element.text or ""
    for child in element:
        if child.tag == f"{NS}cp":
            said += _character(child.get("hex", ""))
        elif child.tag not in CODES:
            said += _flat(child)
        said += child.tail or ""
    return said


def _character(code: str) -> str:
    """Return what a cp stands for: a character that XML cannot hold, which we cannot either; anything else it may be."""
    try:
        return clean(chr(int(code, 16)))
    except (ValueError, OverflowError):
        return ""
