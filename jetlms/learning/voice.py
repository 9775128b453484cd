"""Give the speeches of a course a synthetic voice: `python -m jetlms.learning.voice courses/<slug>`.

An author's tool, not a part of the server. It needs the package pyopenjtalk-plus (Japanese; it brings dictionary and voice) and the
programs espeak-ng (English) and ffmpeg. For each interpreting exercise that is heard and has no sound yet (`--again`: for all) it
writes sound.mp3 and sound.vtt, one cue a segment, and prints how each Japanese segment is read: a wrong reading is put right in
the course's readings.tsv (word, tab, reading in kana), never left for learners to hear.
"""
import argparse
import subprocess
import sys
import tempfile
import wave
from array import array
from pathlib import Path
from typing import Any

from jetlms.learning.coursefiles.parse import read_course
from jetlms.learning.coursefiles.texts import Exercise

PAUSE = 0.7                            # seconds of silence after a segment
RATE = 22050
ENGLISH = ("espeak-ng", "-v", "en-gb", "-s", "145", "-g", "2")


def readings(folder: Path) -> list[tuple[str, str]]:
    """Return what is read otherwise than the dictionary has it, longest first."""
    file = folder / "readings.tsv"
    lines = file.read_text("utf-8").splitlines() if file.exists() else []
    pairs = [tuple(line.split("\t")) for line in lines if "\t" in line and not line.startswith("#")]
    return sorted(((word, reading) for word, reading, *_more in pairs), key=lambda pair: -len(pair[0]))


def respelt(text: str, pairs: list[tuple[str, str]]) -> str:
    """Return a Japanese text with these words in kana."""
    for word, reading in pairs:
        text = text.replace(word, reading)
    return text


def japanese(text: str, place: Path) -> None:
    """Speak a Japanese text into a WAV."""
    import pyopenjtalk

    sound, rate = pyopenjtalk.tts(text, speed=0.95)
    with wave.open(str(place), "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(rate)
        out.writeframes(array("h", [int(max(-32768, min(32767, s))) for s in sound]).tobytes())


def english(text: str, place: Path) -> None:
    """Speak an English text into a WAV."""
    subprocess.run([*ENGLISH, "-w", str(place), text], check=True)  # noqa: S603


def speak(exercise: Exercise, pairs: list[tuple[str, str]]) -> None:
    """Write sound.mp3 and sound.vtt of one exercise."""
    source: Any = exercise.source
    at, samples, cues = 0.0, array("h"), ["WEBVTT", ""]
    with tempfile.TemporaryDirectory() as folder:
        for segment in source.segments:
            raw, even = Path(folder) / "raw.wav", Path(folder) / "even.wav"
            text = respelt(segment.text, pairs) if source.lang == "ja" else segment.text
            {"ja": japanese, "en": english}[source.lang](text, raw)
            subprocess.run(["ffmpeg", "-y", "-loglevel", "error", "-i", raw, "-ar", str(RATE), "-ac", "1",  # noqa: S603, S607
                            "-af", "loudnorm=I=-18:TP=-2", even], check=True)
            with wave.open(str(even)) as found:
                piece = array("h", found.readframes(found.getnframes()))
            lasts = len(piece) / RATE
            cues += [segment.id, f"{_time(at)} --> {_time(at + lasts)}", segment.text, ""]
            samples += piece + array("h", [0] * int(PAUSE * RATE))
            at = len(samples) / RATE
        whole = Path(folder) / "whole.wav"
        with wave.open(str(whole), "wb") as out:
            out.setnchannels(1)
            out.setsampwidth(2)
            out.setframerate(RATE)
            out.writeframes(samples.tobytes())
        subprocess.run(["ffmpeg", "-y", "-loglevel", "error", "-i", whole, "-map_metadata", "-1", "-b:a", "24k", exercise.sound],  # noqa: S603, S607
                       check=True)
    (exercise.folder / "sound.vtt").write_text("\n".join(cues), "utf-8")


def _time(seconds: float) -> str:
    return f"{int(seconds // 3600):02}:{int(seconds // 60 % 60):02}:{seconds % 60:06.3f}"


def main(words: list[str]) -> int:
    """Speak what has no sound yet; print the readings."""
    asked = argparse.ArgumentParser(prog="voice", description=__doc__)
    asked.add_argument("folder", type=Path)
    asked.add_argument("--again", action="store_true", help="also what has a sound")
    asked.add_argument("--read", action="store_true", help="only print the readings")
    given = asked.parse_args(words)
    course, _problems = read_course(given.folder)
    pairs = readings(given.folder)
    for item in course.items():
        found = item.exercise
        if found is None or not found.heard or found.source is None or (found.sound.exists() and not given.again and not given.read):
            continue
        print(found.folder.relative_to(given.folder))  # noqa: T201
        if found.source.lang == "ja":
            import pyopenjtalk

            for segment in found.source.segments:
                print(f"  {segment.id}\t{segment.text}\n\t{pyopenjtalk.g2p(respelt(segment.text, pairs), kana=True)}")  # noqa: T201
        if not given.read:
            speak(found, pairs)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
