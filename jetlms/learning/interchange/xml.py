"""XML from outside, read with suspicion: a size, a depth, no declarations of its own, nothing fetched; a fault has its line."""
import re
from dataclasses import dataclass, field
from typing import Any
from xml.etree.ElementTree import Element, TreeBuilder, indent, tostring
from xml.parsers import expat

LARGEST = 10 * 1024 * 1024              # bytes
DEEPEST = 40                            # elements within elements
MOST = 600_000                          # elements
XML = "{http://www.w3.org/XML/1998/namespace}"
BOMS = {b"\xef\xbb\xbf": "utf-8", b"\xff\xfe": "utf-16-le", b"\xfe\xff": "utf-16-be"}
DECLARED = re.compile(rb"""\s*<\?xml[^>]*?\sencoding\s*=\s*["']([^"']{1,40})["']""")
UTF8 = frozenset({"utf-8", "utf8", "us-ascii", "ascii"})
# What XML cannot hold, not even escaped.
FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class Malformed(Exception):
    """Nothing of the file is taken. `code` says why (learning.exchange has the words), `line` where, 0 for the file as a whole."""

    def __init__(self, code: str, line: int = 0, about: str = "") -> None:
        super().__init__(f"{code} {about}, line {line}")
        self.code, self.line, self.about = code, line, about


@dataclass
class Skipped:
    """What of a file was not taken, and why."""

    place: str                          # the number or the id of the unit in the file
    code: str
    about: str = ""


@dataclass
class Report:
    """What became of a file: units made new, changed, left out; those that lost the tags inside their text."""

    created: int = 0
    updated: int = 0
    flattened: int = 0
    skipped: list[Skipped] = field(default_factory=list)


class _Tree:
    """Builds the tree of elements, and stops at what a file from outside must not have."""

    def __init__(self) -> None:
        self.parser: Any = expat.ParserCreate(namespace_separator="}")
        self.builder: Any = TreeBuilder()
        self.depth = self.count = 0
        self.parser.buffer_text = True
        self.parser.StartElementHandler, self.parser.EndElementHandler = self.start, self.end
        self.parser.CharacterDataHandler = self.builder.data
        # A DOCTYPE by name is what TMX files begin with and is not fetched; declarations inside it are refused.
        self.parser.StartDoctypeDeclHandler = lambda _name, _system, _public, inside: self.stop("declaration") if inside else None
        for handler in ("EntityDecl", "UnparsedEntityDecl", "ElementDecl", "AttlistDecl", "NotationDecl"):
            setattr(self.parser, f"{handler}Handler", lambda *_declared: self.stop("declaration"))
        for handler in ("ExternalEntityRef", "SkippedEntity"):
            setattr(self.parser, f"{handler}Handler", lambda *_named: self.stop("entity"))

    def stop(self, code: str) -> None:
        raise Malformed(code, self.parser.CurrentLineNumber)

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self.depth += 1
        self.count += 1
        if self.depth > DEEPEST:
            self.stop("deep")
        if self.count > MOST:
            self.stop("large")
        self.builder.start(_name(name), {_name(key): value for key, value in attributes.items()})

    def end(self, name: str) -> None:
        self.depth -= 1
        self.builder.end(_name(name))


def _name(name: str) -> str:
    return "{" + name if "}" in name else name


def read(data: bytes) -> Element:
    """Return the root of a document. Raises Malformed."""
    if len(data) > LARGEST:
        raise Malformed("large")
    text, tree = decoded(data), _Tree()
    try:
        tree.parser.Parse(text, True)   # noqa: FBT003 -- "this is all of it"; text and not bytes, so that no declaration is believed again
    except expat.ExpatError as error:
        raise Malformed("not_xml", error.lineno) from None
    return tree.builder.close()


def decoded(data: bytes) -> str:
    """Return the text of a document in UTF-8, or in UTF-16 that begins with its mark. Raises Malformed."""
    if not data.strip():
        raise Malformed("empty")
    mark, encoding = next(((mark, name) for mark, name in BOMS.items() if data.startswith(mark)), (b"", "utf-8"))
    declared = DECLARED.match(data)
    if not mark and declared and declared[1].decode("ascii", "replace").lower() not in UTF8:
        raise Malformed("encoding", 1, declared[1].decode("ascii", "replace"))
    try:
        return data[len(mark):].decode(encoding)
    except UnicodeDecodeError as error:
        raise Malformed("not_utf8", data.count(b"\n", 0, error.start + len(mark)) + 1) from None


def written(root: Element, doctype: str = "") -> bytes:
    """Return a document as a file in UTF-8, one element a line where no text stands between them."""
    indent(root, " ")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{doctype}'.encode() + tostring(root, "utf-8", xml_declaration=False) + b"\n"


def clean(text: str) -> str:
    """Return a text without the characters that XML cannot hold."""
    return FORBIDDEN.sub("", text)


def base(lang: str) -> str:
    """Return the language of a tag: zh of zh-Hans-CN."""
    return lang.strip().replace("_", "-").partition("-")[0].lower()
