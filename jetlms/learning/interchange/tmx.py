"""Translation memories as TMX 1.4b: what other tools write is read kindly, what we write is what the standard says."""
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from xml.etree.ElementTree import Element, SubElement

from jetlms.learning.interchange.xml import XML, Malformed, Skipped, base, clean, read, written

ANY = "*all*"                           # in srclang: every language of the unit may be the source
MOST_UNITS = 30_000
CODES = frozenset({"bpt", "ept", "ph", "it", "ut"})     # elements that hold the markup of another format, not words
DOCTYPE = '<!DOCTYPE tmx SYSTEM "tmx14.dtd">\n'         # what tools expect to see; nobody needs the file


@dataclass(frozen=True)
class Unit:
    """One text in two languages, at its place in the file."""

    place: str
    source_lang: str
    target_lang: str
    source: str
    target: str
    flattened: bool = False             # tags stood inside the text


@dataclass
class Memory:
    """A memory as read: the units in a direction we have, what was left out, and which languages the file has."""

    units: list[Unit] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)
    source_langs: set[str] = field(default_factory=set)
    target_langs: set[str] = field(default_factory=set)


def parse(data: bytes, directions: frozenset[tuple[str, str]]) -> Memory:
    """Return the units of a file in these directions. Raises Malformed, also when no unit has a source language of ours."""
    root = read(data)
    header, body = root.find("header"), root.find("body")
    if root.tag != "tmx" or header is None or body is None:
        raise Malformed("not_tmx", 1)
    memory, said = Memory(), header.get("srclang", ANY)
    units = body.findall("tu")
    if len(units) > MOST_UNITS:
        raise Malformed("many", about=f"{MOST_UNITS:,}")
    for number, unit in enumerate(units, 1):
        _unit(memory, str(number), unit, unit.get("srclang", said), directions)
    if units and not any(source in memory.source_langs for source, _target in directions):
        raise Malformed("languages", about=", ".join(sorted(memory.source_langs | memory.target_langs)))
    return memory


def _unit(memory: Memory, place: str, unit: Element, srclang: str, directions: frozenset[tuple[str, str]]) -> None:
    """Put what a unit says into the memory: one pair for each language beside its source."""
    texts: dict[str, tuple[str, bool]] = {}
    for variant in unit.findall("tuv"):
        lang = base(variant.get(f"{XML}lang") or variant.get("lang") or "")      # TMX 1.1 and some tools write lang
        segment = variant.find("seg")
        if lang and segment is not None:
            texts.setdefault(lang, _flat(segment))          # a second variant of a language (en-GB beside en-US) gives way
    sources = list(texts) if srclang == ANY else [base(srclang)]
    memory.source_langs.update(sources)
    memory.target_langs.update(texts)
    wanted = [pair for pair in sorted(directions) if pair[0] in sources]
    if not wanted:
        memory.skipped.append(Skipped(place, "source_lang", ", ".join(sources)))
        return
    pairs = [(source, target) for source, target in wanted if source in texts and target in texts]
    spoken = [pair for pair in pairs if texts[pair[0]][0] and texts[pair[1]][0]]
    if not spoken:
        missing = "no_source" if not any(texts.get(source, ("",))[0] for source in sources) else "no_target"
        memory.skipped.append(Skipped(place, missing))
    for source, target in spoken:
        memory.units.append(Unit(place, source, target, texts[source][0], texts[target][0], texts[source][1] or texts[target][1]))


def _flat(segment: Element) -> tuple[str, bool]:
    """Return the words of a segment without the codes of another format, and whether there were any tags."""
    def words(element: Element) -> str:
        said = "" if element.tag in CODES else (element.text or "") + "".join(words(child) for child in element)
        return said + (element.tail or "")
    text = (segment.text or "") + "".join(words(child) for child in segment)
    return text.strip(), len(segment) > 0


def write(source_lang: str, target_lang: str, units: Iterable[Any]) -> bytes:
    """Return a memory as a file; units have source, target, origin, changed_at."""
    root = Element("tmx", version="1.4")
    SubElement(root, "header", {
        "creationtool": "jetlms", "creationtoolversion": "1", "segtype": "sentence", "o-tmf": "jetlms", "adminlang": "en",
        "srclang": source_lang, "datatype": "plaintext"})
    body = SubElement(root, "body")
    for unit in units:
        made = SubElement(body, "tu", changedate=_moment(unit.changed_at))
        SubElement(made, "prop", type="x-origin").text = clean(unit.origin)
        for lang, text in ((source_lang, unit.source), (target_lang, unit.target)):
            SubElement(SubElement(made, "tuv", {f"{XML}lang": lang}), "seg").text = clean(text)
    return written(root, DOCTYPE)


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
