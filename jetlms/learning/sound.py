"""What was spoken: whether a recording is one, how long it is, and whether anything can be heard on it. Pure functions.

A take is a WAV of 16-bit samples (RIFF/WAVE, format 1): every browser can play it, and the standard library can read it.
"""
import io
import wave
from array import array
from dataclasses import dataclass

SHORTEST = 2.5                         # seconds: nobody says a sentence in less
LONGEST = 300                          # seconds of one take
VOICED = 0.8                           # seconds in which something must be heard
WINDOW = 0.02                          # seconds that are looked at together
LOUD = 500                             # of 32,768 from trough to crest: a quiet voice is above it, the noise of a room below
RATES = range(8000, 48001)


@dataclass
class Unfit(Exception):
    """Not a take; `code` says why: container, short, long, silent."""

    code: str


def seconds(data: bytes) -> float:
    """Return how long a take lasts. Raises Unfit."""
    try:
        with wave.open(io.BytesIO(data)) as found:
            width, channels, rate = found.getsampwidth(), found.getnchannels(), found.getframerate()
            frames = found.readframes(found.getnframes())
    except (wave.Error, EOFError):
        raise Unfit("container") from None
    if width != 2 or channels not in (1, 2) or rate not in RATES:  # noqa: PLR2004 -- 16 bits, mono or stereo
        raise Unfit("container")
    samples = array("h", frames[:len(frames) // 2 * 2])
    lasts = len(samples) / channels / rate
    if lasts < SHORTEST:
        raise Unfit("short")
    if lasts > LONGEST:
        raise Unfit("long")
    if heard(samples, int(rate * channels * WINDOW)) * WINDOW < VOICED:
        raise Unfit("silent")
    return round(lasts, 1)


def heard(samples: "array[int]", size: int) -> int:
    """Return how many windows of `size` samples are louder than a silent room."""
    windows = (samples[n:n + size] for n in range(0, len(samples) - size + 1, size))
    return sum(1 for window in windows if max(window) - min(window) > LOUD)
