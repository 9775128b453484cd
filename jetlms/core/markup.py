"""Markdown with furigana, made safe: Python-Markdown → nh3 allow-list. Rendered when saved, stored with VERSION, never on a hot page."""
import re
from functools import cache

VERSION = 1
RUBY = re.compile(r"\{([^{}|\n]{1,40})\|([^{}|\n]{1,60})\}")
CODE = re.compile(r"(```.*?```|`[^`\n]*`)", re.DOTALL)
LONGEST = 200_000
TAGS = frozenset(
    "a abbr b blockquote br code dd del details div dl dt em figcaption figure h2 h3 h4 h5 hr i img ins kbd li ol p pre rp rt ruby s "
    "section span strong sub summary sup table tbody td th thead tr ul".split())
PARTS = frozenset("details div figcaption figure img section span summary".split())
ATTRIBUTES = {
    "a": {"href", "title", "class", "data-term"}, "img": {"src", "alt", "title", "width", "height", "loading"},
    "th": {"scope", "colspan", "rowspan", "align"}, "td": {"colspan", "rowspan", "align"}, "ol": {"start"},
    "div": {"class", "lang"}, "span": {"class", "lang"}, "section": {"class"}, "p": {"class", "lang"}, "code": {"class"},
    "abbr": {"title"},
}


def render(text: str) -> str:
    """Return safe HTML. Raises ValueError over 200,000 characters."""
    if len(text) > LONGEST:
        raise ValueError("too long")
    html = _markdown().reset().convert(ruby(text))
    return sanitise(html)


def inline(text: str) -> str:
    """Return safe HTML of one paragraph without its <p>."""
    html = render(text).strip()
    return html[3:-4] if html.startswith("<p>") and html.endswith("</p>") and html.count("<p>") == 1 else html


def ruby(text: str) -> str:
    """Turn {漢字|かんじ} into ruby, outside code."""
    parts = CODE.split(text)
    parts[::2] = [RUBY.sub(r"<ruby>\1<rp>（</rp><rt>\2</rt><rp>）</rp></ruby>", part) for part in parts[::2]]
    return "".join(parts)


def plain(text: str) -> str:
    """Return the text without ruby readings and marks, for search and for lengths."""
    return re.sub(r"[#*_`>|\[\]]+", " ", RUBY.sub(r"\1", text))


def sanitise(html: str) -> str:
    """Return HTML with only what lessons and messages need. Links out get rel=noopener."""
    import nh3

    return nh3.clean(
        html, tags=set(TAGS), attributes={k: set(v) for k, v in ATTRIBUTES.items()},
        url_schemes={"http", "https", "mailto", "tel"}, link_rel="noopener nofollow", strip_comments=True,
    )


def letter(text: str) -> str:
    """Return safe HTML of what anybody may write to others: words and lists, but no pictures and nothing that looks like our own parts."""
    import nh3

    attributes = {"a": {"href", "title"}, "ol": {"start"}, "th": {"scope", "align"}, "td": {"align"}}
    return nh3.clean(render(text), tags=set(TAGS) - PARTS, attributes=attributes, url_schemes={"http", "https", "mailto"},
                     link_rel="noopener nofollow", strip_comments=True)


@cache
def _markdown():  # type: ignore[no-untyped-def]  # noqa: ANN202 -- Markdown is imported only by whoever renders
    from markdown import Markdown

    return Markdown(extensions=["tables", "sane_lists", "def_list"], output_format="html")
