"""A small course on disk for tests: two lessons, a quiz of four kinds of questions, a task, a glossary. Written anew for each test."""
from pathlib import Path

COURSE = '''format = 1
id = "c-000001"
base_lang = "en"
langs = ["en", "ja"]
[title]
en = "Tiny course"
ja = "小さな講座"
[summary]
en = "For tests."
ja = "テスト用です。"
[schedule]
window_days = 100
due_days = 60
[mastery]
pass_percent = 80
attempts = 3
wait_hours = 24
[completion]
require = ["all:lessons", "all:quizzes", "all:tasks"]
[certificate]
template = "standard"
'''
MODULE = 'id = "m-000001"\n[title]\nen = "Module one"\nja = "モジュール1"\n[goal]\nen = "You can."\nja = "できます。"\n'
LESSON = '''+++
id = "l-000001"
title = "{title}"
minutes = 2
+++
{text} [[term:word]] {{任用団体|にんようだんたい}}.

::: question id=q-0000pr type=choice use=pre
Before?

- [x] yes
  > good
- [ ] no
  > well
:::

---

## Second

::: question id=q-000001 type=choice
Which?

- [ ] wrong one
  > because not
- [x] right one
  > because so

>> General explanation.
:::

---

Third screen.

::: question id=q-000002 type=text lang=ja fold=kana,width,case,space
Say.

= いらっしゃいます
~ おられます :: accepted
! いますか :: no respect
:::
'''
SECOND = '+++\nid = "l-000002"\ntitle = "{title}"\nminutes = 3\n+++\nOnly one screen.\n'
QUIZ = '''+++
id = "l-000003"
title = "{title}"
minutes = 3
+++
::: question id=q-000011 type=choice
One?

- [x] right
  > yes
- [ ] wrong
  > no
:::

::: question id=q-000012 type=multi
Two?

- [x] a
  > yes
- [ ] b
  > no
- [x] c
  > yes
:::

::: question id=q-000013 type=number
How many?

= 45 ± 1
:::

::: question id=q-000014 type=truefalse
True?

= true :: yes
! false :: no
:::

::: question id=q-000015 type=cloze
Open your [[=book|textbook]], please.
:::
'''
TASK = (
    '+++\nid = "l-000004"\ntitle = "{title}"\nminutes = 20\n+++\nPlan it.\n\n'
    '::: question id=q-000021 type=essay min=5 max=500\nYour plan?\n\n>> A model.\n:::\n\n'
    '::: question id=q-000022 type=file accept=pdf,jpg\nA file, if you like.\n:::\n')
GLOSSARY = "id\tja\treading\ten\tnote_ja\tnote_en\nword\t言葉\tことば\tword\t説明です。\tA note.\n"
FILES = {"10-first": LESSON, "20-second": SECOND, "20-second.quiz": QUIZ, "90-task.task": TASK}


def write(folder: Path, slug: str = "tiny") -> Path:
    """Write the course into `folder`/`slug`."""
    course = folder / slug
    module = course / "01-module"
    module.mkdir(parents=True, exist_ok=True)
    (course / "course.toml").write_text(COURSE, "utf-8")
    (course / "glossary.tsv").write_text(GLOSSARY, "utf-8")
    (module / "module.toml").write_text(MODULE, "utf-8")
    for stem, text in FILES.items():
        for lang, title, prose in (("en", f"{stem} en", "Hello"), ("ja", f"{stem} ja", "こんにちは")):
            filled = text.replace("{title}", title).replace("{text}", prose).replace("{{", "{").replace("}}", "}")
            (module / f"{stem}.{lang}.md").write_text(filled, "utf-8")
    return course


# A translation twice, as a practice and as a test.
FRONT = '+++\nid = "{id}"\ntitle = "{title}"\nminutes = 12\n{more}[names]\n"生駒市" = "Ikoma City"\n+++\nA letter to a school.\n'
SOURCE = "s1\t生駒市からのお知らせ\ns2\t令和9年9月1日に断水します。\n"
MODELS = {"a": "s1\tNotice from Ikoma City\ns2\tThe water will be cut off on 1 September 2027.\n",
          "b": "s1\tIkoma City: notice\ns2\tThere will be no water on 1 September 2027.\n"}


def add_letters(folder: Path) -> Path:
    """Put a practice (l-00000a) and a test (l-00000b) of the same letter into the tiny course."""
    for name, key, more in (("30-letter.trans", "l-00000a", ""), ("40-test.trans", "l-00000b", "test = true\n")):
        place = folder / "01-module" / name
        place.mkdir()
        for lang in ("en", "ja"):
            (place / f"exercise.{lang}.md").write_text(FRONT.format(id=key, title=f"{name} {lang}", more=more), "utf-8")
            (place / f"notes.{lang}.md").write_text(f"## s2\n\nSay when first ({lang}).\n", "utf-8")
        (place / "source.ja.txt").write_text(SOURCE, "utf-8")
        for letter, text in MODELS.items():
            (place / f"ref-{letter}.en.txt").write_text(text, "utf-8")
    terms = "id\tja\treading\ten\tnote_ja\tnote_en\tnot_en\nword\t言葉\tことば\tword\tn\tn\t\nwater\t断水\tだんすい\twater cut-off\tn\tn\tno water\n"
    (folder / "glossary.tsv").write_text(terms, "utf-8")
    course = folder / "course.toml"
    course.write_text(course.read_text("utf-8").replace('"all:tasks"]', '"all:tasks", "all:translations"]'), "utf-8")
    return folder


# Three levels of a ladder, each with its own placement bank: the right answer to every question of level 2 is "b", of the others "a".
LEVELS = ("low", "middle", "high")
LEVEL = '\n[audience]\nprivate = true\n[level]\nladder = "tongue"\nrank = {rank}\nplacement = "placement"\nchange_days = 30\n'
ASKED = '''::: question id=q-{level}{n:04}z type=choice shuffle=no
{lang} level {level}, question {n}?

- [{a}] first
  > one
- [{b}] second
  > two
:::

'''


def write_ladder(folder: Path) -> list[Path]:
    """Write three levels of one ladder into `folder`; returns their folders, the lowest first."""
    made = []
    for rank, slug in enumerate(LEVELS, 1):
        course = folder / slug
        module = course / "01-module"
        module.mkdir(parents=True)
        (course / "banks").mkdir()
        head = COURSE.replace("c-000001", f"c-00000{rank + 3}").replace("Tiny course", f"Tongue {slug}").replace("小さな講座", f"ことば {slug}")
        (course / "course.toml").write_text(
            head.replace('"all:lessons", "all:quizzes", "all:tasks"', '"all:lessons"') + LEVEL.format(rank=rank), "utf-8")
        (module / "module.toml").write_text(MODULE.replace("m-000001", f"m-00000{rank + 3}"), "utf-8")
        (course / "glossary.tsv").write_text(GLOSSARY, "utf-8")
        for lang in ("en", "ja"):
            for n, name in ((3, "10-words"), (4, "20-grammar")):
                text = SECOND.replace("l-000002", f"l-0000{n}{rank}").replace("minutes = 3", "minutes = 1")
                (module / f"{name}.{lang}.md").write_text(text.replace("{title}", f"{name} {slug} {lang}"), "utf-8")
            bank = "".join(ASKED.format(level=rank, n=n, lang=lang, a=" " if rank == 2 else "x", b="x" if rank == 2 else " ") for n in range(24))
            (course / "banks" / f"placement.quiz.{lang}.md").write_text(f'+++\ntitle = "Placement {slug}"\n+++\n{bank}', "utf-8")
        made.append(course)
    return made


def add_admission(folder: Path) -> Path:
    """Give a course a level check of ten questions from a bank of twelve; "a" is right."""
    (folder / "banks").mkdir(exist_ok=True)
    for lang in ("en", "ja"):
        bank = "".join(ASKED.format(level=7, n=n, lang=lang, a="x", b=" ") for n in range(12))
        (folder / "banks" / f"level-check.quiz.{lang}.md").write_text(f'+++\ntitle = "Level check"\n+++\n{bank}', "utf-8")
    course = folder / "course.toml"
    course.write_text(course.read_text("utf-8") + '[admission]\nbank = "level-check"\nquestions = 10\nminutes = 20\n', "utf-8")
    return folder


def write_plans(folder: Path) -> Path:
    """Write a course of one assignment, which a tutor marks (c-00000p, l-00000p)."""
    course = folder / "plans"
    module = course / "01-module"
    module.mkdir(parents=True)
    head = COURSE.replace("c-000001", "c-00000p").replace("Tiny course", "Lesson plans").replace("小さな講座", "授業案")
    (course / "course.toml").write_text(
        head.replace('"all:lessons", "all:quizzes", "all:tasks"', '"all:tasks"') + "[marking]\npass_percent = 60\ndays = 14\n", "utf-8")
    (module / "module.toml").write_text(MODULE.replace("m-000001", "m-00000p"), "utf-8")
    text = TASK.replace("l-000004", "l-00000p").replace("q-00002", "q-0000p").replace("minutes = 20", "minutes = 20\nmarked = true")
    for lang, title in (("en", "A plan for one lesson"), ("ja", "授業1回の案")):
        (module / f"10-plan.task.{lang}.md").write_text(text.replace("{title}", title), "utf-8")
    return course


def write_whole(folder: Path) -> Path:
    """Write a course that has everything, with ids of its own (…w…): lesson, quiz, practice and tests in workbench and booth, admission.

    People enter it by application, a tutor marks its tests, and its certificate wants the unit's tests passed.
    """
    course = add_admission(add_letters(write(folder, "whole")))
    module = course / "01-module"
    for file in (*module.glob("90-task*"), *module.glob("20-second.??.md")):
        file.unlink()
    for name, key, more in (("50-drill.interp", "l-00000c", ""), ("60-spoken.interp", "l-00000d", "test = true\n")):
        place = module / name
        place.mkdir()
        for lang in ("en", "ja"):
            (place / f"exercise.{lang}.md").write_text(FRONT.format(id=key, title=f"{name} {lang}", more='mode = "sight"\n' + more), "utf-8")
            (place / f"notes.{lang}.md").write_text(f"## s2\n\nSlow down here ({lang}).\n", "utf-8")
        (place / "source.ja.txt").write_text(SOURCE, "utf-8")
        (place / "ref-a.en.txt").write_text(MODELS["a"], "utf-8")
    head = (course / "course.toml").read_text("utf-8").replace("Tiny course", "Whole course").replace("小さな講座", "ひととおりの講座")
    head = head.replace('"all:tasks", "all:translations"]', '"all:translations", "all:interpretations", "all:modules"]')
    (course / "course.toml").write_text(head + "[marking]\npass_percent = 60\ndays = 14\n", "utf-8")
    for file in course.rglob("*"):
        if file.suffix in {".md", ".toml", ".tsv"}:
            text = file.read_text("utf-8")
            for old, new in (("c-000001", "c-00000w"), ("m-000001", "m-00000w"), ("l-00000", "l-0000w"), ("q-000", "q-00w")):
                text = text.replace(old, new)
            file.write_text(text, "utf-8")
    return course
