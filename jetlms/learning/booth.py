"""The page of a speech as data: its parts; script, models and notes once they are open."""
from typing import Any


def page(exercise: dict[str, Any], takes: dict[str, Any], *, opened: bool, reading: bool) -> list[dict[str, Any]]:
    """Return the parts to show. `takes`: hers by part; `reading`: she asked to read what others hear."""
    segments = {segment["id"]: segment for segment in exercise["segments"]}
    return [_part(exercise, part, [segments[key] for key in part["segments"]], takes.get(part["id"]), opened=opened, reading=reading)
            for part in exercise["parts"]]


def _part(exercise: dict[str, Any], part: dict[str, Any], segments: list[dict[str, Any]], take: Any, *, opened: bool,
          reading: bool) -> dict[str, Any]:
    # One's own take first: script and models open after it, those of a test when it has been returned (or handed in, where no tutor marks).
    spoken = take is not None
    open_ = opened or (spoken and not exercise["test"])
    scripted = reading or exercise["mode"] == "sight" or open_
    return {
        **part, "take": take, "refused": "", "refused_rating": "",
        "script": [segment["html"] for segment in segments] if scripted else [],
        "terms": list({term["source"]: term for segment in segments for term in segment["terms"]}.values()),
        "models": [{"name": name.upper(), "text": [segment["models"][name] for segment in segments]} for name in segments[0]["models"]]
        if open_ else [],
        "notes": [segment["note"] for segment in segments if segment["note"]] if open_ else [],
    }
