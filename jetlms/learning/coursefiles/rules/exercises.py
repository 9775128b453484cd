"""Exercises: segments of source and models agree, names and terms are used, a speech has its sound and its cues."""
import re
from collections.abc import Iterator

from jetlms.learning.coursefiles.files import read
from jetlms.learning.coursefiles.model import Course, Item
from jetlms.learning.coursefiles.rules.assets import CUE, LARGEST
from jetlms.learning.coursefiles.tables import line_of
from jetlms.learning.coursefiles.texts import MODES, Exercise, Problem, Script
from jetlms.learning.coursefiles.wording import standing, stands

SEGMENT = re.compile(r"^s[1-9][0-9]{0,2}$")
LONGEST = 600                          # characters of a segment: one that is longer is no segment
MODELS = 2                             # of a translation that is no test: one model alone looks like the only answer


def exercises(course: Course) -> Iterator[Problem]:
    """Judge every exercise."""
    for item in course.items():
        if item.exercise is not None:
            yield from _front(item, item.exercise)
            yield from _scripts(item.exercise)
            yield from _notes(item, item.exercise)
            yield from _names(item, item.exercise)
            yield from _terms(course, item.exercise)
            yield from _sound(course, item.exercise)


def _front(item: Item, exercise: Exercise) -> Iterator[Problem]:
    text = item.first
    if item.kind == "interpreting" and exercise.mode not in MODES:
        yield Problem(text.path, line_of(text.lines, "mode"), "mode", f"mode must be one of {', '.join(MODES)}",
                      f"modeは{'、'.join(MODES)}のどれかとしてください")
    if item.kind == "translation" and "mode" in text.lines:
        yield Problem(text.path, line_of(text.lines, "mode"), "mode", "a translation has no mode", "翻訳課題にmodeはありません")
    if "chunks" not in text.lines:
        return
    if exercise.mode != "consecutive":
        yield Problem(text.path, line_of(text.lines, "chunks"), "chunks", "only what is interpreted consecutively has chunks",
                      "chunksは逐次通訳の課題だけに書けます")
    elif min(exercise.chunks, default=0) < 1 or sum(exercise.chunks) != len(exercise.source.segments if exercise.source else ()):
        yield Problem(text.path, line_of(text.lines, "chunks"), "chunks", "chunks must be at least 1 each and together as many as there are segments",
                      "chunksはそれぞれ1以上とし、合計を文の数に合わせてください")


def _scripts(exercise: Exercise) -> Iterator[Problem]:
    """The source has segments, each once; every model has the same, in one other language."""
    source = exercise.source
    if source is None:
        return                          # that has been said
    if not source.segments:
        yield Problem(source.path, 1, "empty", "there is no text", "本文がありません")
    yield from _segments(source)
    wanted = [segment.id for segment in source.segments]
    for model in exercise.references.values():
        yield from _segments(model)
        if [segment.id for segment in model.segments] != wanted:
            missing = [key for key in wanted if key not in model.by_id()]
            yield Problem(model.path, 1, "parity", "other segments than in the source" + (f": {', '.join(missing)} missing" if missing else ""),
                          "原文と文のidまたは順序が異なります" + (f"（{'、'.join(missing)}がありません）" if missing else ""))
        if model.lang == source.lang or model.lang != exercise.target:
            yield Problem(model.path, 1, "langs", "models are all in one language, and not in that of the source",
                          "訳例はすべて同じ言語で、原文と異なる言語としてください")
    if exercise.mode == "shadowing":
        return
    if not exercise.references:
        yield Problem(exercise.folder / "ref-a.en.txt", 1, "models", "there is no model: ref-a.en.txt …", "訳例（ref-a.en.txt など）がありません")
    elif len(exercise.references) < MODELS and not exercise.mode and not exercise.test:
        yield Problem(exercise.folder / "ref-b.en.txt", 1, "models", "one model alone looks like the only answer: add a second",
                      "訳例が1つだけでは唯一の正解に見えます。2つ目を加えてください", "warning")


def _segments(script: Script) -> Iterator[Problem]:
    seen: set[str] = set()
    for segment in script.segments:
        if not SEGMENT.match(segment.id):
            yield Problem(script.path, segment.line, "segment", f"not the id of a segment (s1, s2, …): {segment.id!r}",
                          f"文のidは s1、s2 … としてください：{segment.id!r}")
        elif segment.id in seen:
            yield Problem(script.path, segment.line, "duplicate", f"{segment.id} is there already", f"{segment.id}が重複しています")
        seen.add(segment.id)
        if len(segment.text) > LONGEST:
            yield Problem(script.path, segment.line, "length", f"{segment.id} has {len(segment.text)} characters, at most {LONGEST}",
                          f"{segment.id}が{len(segment.text)}文字あります（{LONGEST}文字まで）")


def _notes(item: Item, exercise: Exercise) -> Iterator[Problem]:
    known = exercise.source.by_id() if exercise.source else {}
    for text in item.texts.values():
        for key, note in text.notes.items():
            if key not in known:
                yield Problem(text.notes_file, note.line, "note", f"there is no segment {key}", f"文{key}がありません")


def _names(item: Item, exercise: Exercise) -> Iterator[Problem]:
    """A name that is prescribed stands in the source, and the models write it as prescribed."""
    text, whole = item.first, " ".join(exercise.source.by_id().values()) if exercise.source else ""
    for name, written in exercise.names.items():
        line = line_of(text.lines, f"names.{name}")
        if name not in whole:
            yield Problem(text.path, line, "name", f"{name} is not in the source", f"「{name}」が原文にありません")
        for model in exercise.references.values():
            if written.casefold() not in " ".join(model.by_id().values()).casefold():
                yield Problem(model.path, 1, "name", f"{name} should be {written} here", f"「{name}」はここで「{written}」とする約束です", "warning")


def _terms(course: Course, exercise: Exercise) -> Iterator[Problem]:
    """No model uses a word that the glossary says not to use for a term of the source."""
    if exercise.source is None:
        return
    source, lang = exercise.source.by_id(), exercise.source.lang
    whole = " ".join(source.values())
    said = [(term.word(lang), term) for term in course.terms if term.word(lang) and stands(term.word(lang), whole, lang)]
    for model in exercise.references.values():
        for segment in model.segments:
            for word, term in said:
                avoid = term.avoid(model.lang)
                bad = standing(avoid, model.lang).search(segment.text) if avoid else None
                if bad and stands(word, source.get(segment.id, ""), lang):
                    yield Problem(model.path, segment.line, "term", f"the glossary says not to write {bad[0]!r} for {word}",
                                  f"用語集では「{word}」に「{bad[0]}」を使わないことになっています", "warning")


def _sound(course: Course, exercise: Exercise) -> Iterator[Problem]:
    """What is heard has a sound and one cue for each segment; what is read has none."""
    if not exercise.heard:
        return
    cues = exercise.folder / "sound.vtt"
    if not exercise.sound.is_file():
        yield Problem(exercise.sound, 1, "asset", "the speech is missing", "音声がありません", "warning")
        return
    if exercise.sound.stat().st_size > LARGEST[".mp3"]:
        yield Problem(exercise.sound, 1, "size", "the speech is too large", "音声ファイルが大きすぎます")
    problems: list[Problem] = []
    text = read(cues, course.folder, problems) or ""
    yield from problems
    found = sum(1 for line in text.split("\n") if CUE.match(line.strip()))
    if not problems and exercise.source and found != len(exercise.source.segments):
        yield Problem(cues, 1, "cues", f"{found} cues, the source has {len(exercise.source.segments)} segments",
                      f"字幕の区切りが{found}個ですが、原文は{len(exercise.source.segments)}文です")
