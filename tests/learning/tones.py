"""Takes for tests: a tone instead of a voice."""
import io
import math
import wave
from array import array


def spoken(seconds=3.0, loud=4000, rate=16000):
    """Return a WAV of a tone."""
    out = io.BytesIO()
    with wave.open(out, "wb") as take:
        take.setnchannels(1)
        take.setsampwidth(2)
        take.setframerate(rate)
        take.writeframes(array("h", [int(loud * math.sin(n / 9)) for n in range(int(seconds * rate))]).tobytes())
    return out.getvalue()
