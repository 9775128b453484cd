"""Aiken: a question on lines of its own, options `A.` or `A)`, then `ANSWER: B`. Nothing else."""
import re

from jetlms.learning.interchange.carrying import Reading, Remark, Taken, ask, escaped, option

OPTION = re.compile(r"^\s*([A-Z])[.)]\s+(\S.*)$")
ANSWER = re.compile(r"^\s*ANSWER:\s*(\S?.*?)\s*$", re.MULTILINE)


def read(text: str) -> Reading:
    """Return the questions of an Aiken file."""
    found = Reading()
    prompt: list[str] = []
    options: list[tuple[str, str]] = []
    begun = 1
    for number, line in enumerate(text.split("\n"), 1):
        if answer := ANSWER.match(line):
            _close(found, begun, number, prompt, options, answer[1])
            prompt, options = [], []
        elif taken := OPTION.match(line):
            options.append((taken[1], taken[2].strip()))
        elif line.strip() and options:
            found.problems.append(Remark(number, "expected another option (B. …) or ANSWER: here",
                                         "ここには次の選択肢（B. …）か「ANSWER:」が必要です"))
            prompt, options, begun = [line.strip()], [], number
        elif line.strip():
            begun = begun if prompt else number
            prompt.append(line.strip())
    if prompt or options:
        found.problems.append(Remark(begun, "this question has no ANSWER: line", "この問題には「ANSWER:」の行がありません"))
    return found


def _close(found: Reading, begun: int, line: int, prompt: list[str], options: list[tuple[str, str]], answer: str) -> None:
    letters = [letter for letter, _text in options]
    if not prompt:
        found.problems.append(Remark(line, "ANSWER: without a question above it", "「ANSWER:」の上に問題がありません"))
    elif letters != [chr(ord("A") + n) for n in range(len(letters))]:
        found.problems.append(Remark(begun, f"the options are not A, B, C … in order: {', '.join(letters)}",
                                     f"選択肢がA、B、C…の順ではありません：{'、'.join(letters)}"))
    elif answer not in letters:
        found.problems.append(Remark(line, f"ANSWER: {answer} is none of the options", f"「ANSWER: {answer}」に当たる選択肢がありません"))
    else:
        made = [option(escaped(text), right=letter == answer) for letter, text in options]
        found.taken.append(Taken(begun, "Aiken", ask("choice", escaped("\n".join(prompt)), line=begun, options=made)))
