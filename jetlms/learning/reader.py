"""Pages of the reader as data: a release's text in the reader's language, the learner's order of options, her answers and their marks."""
from collections.abc import Iterable
from typing import Any

from jetlms.learning import grading, releases
from jetlms.learning.service.attempts import practice_seed, sources
from jetlms.learning.service.regrading import remarked


def page(release_id: int, item: dict[str, Any], lang: str, *, person_id: int, answers: dict[str, Any]) -> dict[str, Any]:
    """Return title, language, screens and questions of a lesson or task; which questions are open, which went wrong."""
    text = releases.text(release_id, item["id"], lang) or {"title": "", "screens": [], "questions": {}, "lang": lang}
    seed = practice_seed(person_id, item["id"])
    questions = {key: _question(source, grading.arrange(source, seed), text["lang"], answers.get(key), show=True)
                 for key, source in text["questions"].items()}
    counted = [key for key, source in text["questions"].items() if source.get("use") != "pre"]
    return {
        "title": text["title"], "lang": text["lang"], "screens": text["screens"], "questions": questions, "unseen": [],
        "open": [key for key in counted if key not in answers],
        "once_more": [key for key in counted if key in answers and answers[key].right is False],
    }


def attempt_page(attempt: Any, item: dict[str, Any], lang: str, answers: dict[str, Any], regrades: Iterable[Any] = ()) -> dict[str, Any]:
    """Return the questions of a graded attempt in its frozen order; marks only when it has been handed in, by a mended key if it was."""
    text = releases.text(attempt.release_id, item["id"], lang) or {"title": "", "questions": {}, "lang": lang}
    handed_in = attempt.submitted_at is not None
    ordered = [_question(text["questions"][arranged["id"]], arranged, text["lang"], answers.get(arranged["id"]), show=handed_in)
               for arranged in attempt.questions if arranged["id"] in text["questions"]]
    newest = {q: regrade.release_id for regrade in regrades if regrade.state in {"raised", "accepted"} for q in regrade.marks}
    for shown in ordered:
        if shown["id"] in newest:
            new = sources(newest[shown["id"]], item["id"]).get(shown["id"])
            mark = remarked(shown["source"], new, answers[shown["id"]].payload)
            shown.update({"mark": mark, "source": new} if mark else {})
    return {"title": text["title"], "lang": text["lang"], "ordered": ordered}


def _question(source: dict[str, Any], arranged: dict[str, Any], lang: str, answer: Any, *, show: bool) -> dict[str, Any]:
    """Return what the template shows of a question; its mark only when it may be shown."""
    shown = grading.public(source, arranged, lang)
    shown["mark"] = _mark(source, answer) if show and answer is not None else None
    shown["source"] = source
    return shown


def _mark(source: dict[str, Any], answer: Any) -> Any:
    """Return the mark of a stored answer; None when the question has changed its kind since it was given."""
    try:
        return grading.mark(source, answer.payload)
    except grading.BadPayload:
        return None


def around(outline: dict[str, Any], item_key: str) -> dict[str, Any]:
    """Return the module of an item, and the items before and after it in the course."""
    items = [(module, item) for module in outline["modules"] for item in module["items"]]
    place = next(n for n, (_module, item) in enumerate(items) if item["id"] == item_key)
    return {
        "module": items[place][0], "previous": items[place - 1][1] if place else None,
        "next": items[place + 1][1] if place + 1 < len(items) else None,
    }


def screen_asked(shown: dict[str, Any], asked: str, progress: Any) -> int:
    """Return the screen to show (1-based; one more than there are: the end): the one asked for, else the first not seen yet."""
    count = len(shown["screens"])
    seen = progress.screens_seen if progress else 0
    shown["unseen"] = [n + 1 for n in range(count) if not seen >> n & 1]
    if asked == "end":
        return count + 1
    if asked.isascii() and asked.isdigit() and 1 <= int(asked[:4]) <= count:
        return int(asked[:4])
    return shown["unseen"][0] if shown["unseen"] and seen else 1


