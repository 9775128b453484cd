"""Templates are compiled once for each language, with their texts in place: a page of hundreds of words looks none of them up."""
import re
from collections.abc import Iterator
from typing import Any

from flask.templating import Environment as FlaskEnvironment
from jinja2 import nodes
from jinja2.utils import LRUCache
from jinja2.visitor import NodeTransformer

from jetlms.core import i18n

PLACE = re.compile(r"%\((\w+)\)s")
KEPT = 400                             # compiled templates of a language


class Environment(FlaskEnvironment):
    """Flask's environment with a cache of templates for each language."""

    @property
    def cache(self) -> Any:
        """The compiled templates of the language that is being written."""
        return self._caches.setdefault(i18n.lang(), LRUCache(KEPT))

    @cache.setter
    def cache(self, _made: Any) -> None:
        self._caches: dict[str, LRUCache] = {}

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        tree = super()._parse(source, name, filename)
        translated: nodes.Template = InPlace().visit(tree)
        return translated


class InPlace(NodeTransformer):
    """Puts the translation where a template says `_("text")` or `_("text %(name)s", name=…)`."""

    def visit_Call(self, node: nodes.Call) -> nodes.Node:  # noqa: N802 -- Jinja's name
        """Return the text, or the call when it can only be made while rendering."""
        self.generic_visit(node)
        if not (isinstance(node.node, nodes.Name) and node.node.name == "_" and len(node.args) == 1
                and isinstance(node.args[0], nodes.Const) and not node.dyn_args and not node.dyn_kwargs):
            return node
        values = {keyword.key: keyword.value for keyword in node.kwargs}
        pieces = [values[piece] if odd else nodes.MarkSafeIfAutoescape(nodes.Const(piece.replace("%%", "%")))
                  for odd, piece in _alternating(i18n.raw(node.args[0].value)) if piece]
        return nodes.Concat(pieces, lineno=node.lineno) if values else pieces[0]


def _alternating(text: str) -> Iterator[tuple[int, str]]:
    """Yield the pieces of a message with 0 for text and 1 for the name of a value."""
    return ((place % 2, piece) for place, piece in enumerate(PLACE.split(text)))
