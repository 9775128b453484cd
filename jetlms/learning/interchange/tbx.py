"""A glossary as TBX-Basic (ISO 30042:2019), in the style with elements for data categories (DCT)."""
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element, SubElement

from jetlms.learning.interchange.xml import XML, clean, written

NAMESPACES = {"xmlns": "urn:iso:std:iso:30042:ed-2", "xmlns:min": "http://www.tbxinfo.net/ns/min", "xmlns:basic": "http://www.tbxinfo.net/ns/basic"}


@dataclass(frozen=True)
class Concept:
    """What a glossary says about one thing: its word in each language, how it is read, a note in some languages."""

    key: str
    words: Mapping[str, str]
    reading: str = ""
    notes: Mapping[str, str] = field(default_factory=dict)


def write(title: str, lang: str, concepts: Iterable[Concept]) -> bytes:
    """Return a glossary as a file; `lang` is that of the title."""
    root = Element("tbx", {**NAMESPACES, "type": "TBX-Basic", "style": "dct", f"{XML}lang": lang})
    described = SubElement(SubElement(root, "tbxHeader"), "fileDesc")
    SubElement(SubElement(described, "titleStmt"), "title").text = clean(title)
    SubElement(SubElement(described, "sourceDesc"), "p").text = f"jetlms: {clean(title)}"
    body = SubElement(SubElement(root, "text"), "body")
    for concept in concepts:
        entry = SubElement(body, "conceptEntry", id=f"c-{concept.key}")
        for code, word in concept.words.items():
            section = SubElement(entry, "langSec", {f"{XML}lang": code})
            if concept.notes.get(code):
                SubElement(SubElement(section, "descripGrp"), "basic:definition").text = clean(concept.notes[code])
            term = SubElement(section, "termSec")
            SubElement(term, "term").text = clean(word)
            SubElement(term, "min:administrativeStatus").text = "preferredTerm-admn-sts"
            if code == "ja" and concept.reading not in {"", word}:
                SubElement(term, "note").text = clean(concept.reading)      # TBX-Basic has no data category for a reading
    return written(root)
