"""Invented names: people from the Programme's countries in about its proportions, officials, towns that do not exist."""
import random
from typing import Any

# country, weight, given names, family names
COUNTRIES = (
    ("US", 50, "Emily James Olivia Ethan Grace Tyler Madison Noah Chloe Jordan",
     "Carter Nguyen Brooks Sullivan Ramirez Foster Kim Reed Bennett Diaz"),
    ("GB", 10, "Amelia Harry Isla Callum Freya Rhys Poppy Owen", "Hughes Patel Fraser Whitfield Okonkwo Davies Barker Ó’Neill"),
    ("CA", 9, "Maya Liam Zoé Lucas Aisha Benoît", "Tremblay Singh MacDonald Chen Gagnon Lavoie"),
    ("AU", 7, "Ruby Jack Matilda Lachlan", "Walker Kelly Papadopoulos Tran"),
    ("NZ", 4, "Aroha Finn Ngaio Sam", "Ngata Wilson Tūhoe Clarke"),
    ("IE", 3, "Aoife Cian Saoirse Niamh", "Ó_Súilleabháin Murphy Walsh Byrne"),
    ("ZA", 4, "Thandiwe Pieter Lerato Sipho", "Dlamini van_der_Merwe Naidoo Mokoena"),
    ("JM", 3, "Shanice Andre Kerry", "Campbell Grant Wright"),
    ("TT", 1, "Anjali Kyle", "Mohammed Baptiste"),
    ("SG", 2, "Wei_Ling Hui_Min Arjun", "Tan Lim Raj"),
    ("PH", 2, "Maria Jose Angela", "Santos Reyes dela_Cruz"),
    ("IN", 1, "Priya Rohan", "Sharma Iyer"),
    ("CN", 1, "Li_Na Chen_Hao", "王 陈"),
    ("KR", 1, "Ji-woo Min-jun", "Kim Park"),
    ("FR", 1, "Camille Théo", "Lefèvre Durand"),
    ("BR", 1, "Letícia Rafael", "Gonçalves Araújo"),
)
FAMILY_JA = ("佐藤 サトウ", "鈴木 スズキ", "高橋 タカハシ", "田中 タナカ", "伊藤 イトウ", "渡邉 ワタナベ",
             "山本 ヤマモト", "中村 ナカムラ", "小林 コバヤシ", "加藤 カトウ", "吉田 ヨシダ", "髙田 タカダ")
GIVEN_JA = ("健 ケン", "由美 ユミ", "大輔 ダイスケ", "真理 マリ", "浩 ヒロシ", "明子 アキコ", "直樹 ナオキ", "恵 メグミ", "翔 ショウ", "綾 アヤ")
# Town names are put together from two parts, so that none is a real town's by intention.
FIRST = ("桜 Sakura", "若 Waka", "緑 Midori", "青 Ao", "月 Tsuki", "星 Hoshi", "霧 Kiri", "雪 Yuki", "竹 Take", "梅 Ume", "朝 Asa", "風 Kaze")
SECOND = ("ヶ原 gahara", "ヶ浜 gahama", "見野 mino", "乃森 nomori", "岬台 misakidai", "瀬川 segawa",
          "陽丘 hioka", "泉野 izumino", "里山 satoyama", "鳥井 torii")
KINDS = (("市", " City"), ("町", " Town"), ("村", " Village"))


def town(dice: random.Random, number: int) -> tuple[str, str]:
    """Return a town's name in Japanese and English."""
    first, second = FIRST[number % len(FIRST)].split(), SECOND[(number // len(FIRST) + number) % len(SECOND)].split()
    kind = KINDS[0 if dice.random() < 0.6 else 1 if dice.random() < 0.8 else 2]  # noqa: PLR2004
    return first[0] + second[0] + kind[0], first[1] + second[1] + kind[1]


def person(dice: random.Random, number: int) -> dict[str, Any]:
    """Return the row of an invented participant, her job type and e-mail address."""
    country, _weight, given, family = dice.choices(COUNTRIES, [c[1] for c in COUNTRIES])[0]
    g, f = (dice.choice(names.split(" ")).replace("_", " ") for names in (given, family))
    draw = dice.random()
    row = {"given_name": g, "family_name": f, "display_name": f"{g} {f}", "sort_name": f"{f} {g} {number:06d}".lower(), "middle_name": "",
           "preferred_name": "", "katakana_name": "", "native_name": "", "nationality": country, "created_at": _now(), "version": 1}
    return {"person": row, "job_type": "ALT" if draw < 0.905 else "CIR" if draw < 0.997 else "SEA", "email": f"jet{number}@demo.example"}  # noqa: PLR2004


def official(dice: random.Random, number: int) -> dict[str, Any]:
    """Return the row of an invented local official."""
    family, given = dice.choice(FAMILY_JA).split(), dice.choice(GIVEN_JA).split()
    return {"given_name": given[0], "family_name": family[0], "display_name": f"{family[0]} {given[0]}", "katakana_name": f"{family[1]} {given[1]}",
            "native_name": f"{family[0]} {given[0]}", "sort_name": f"{family[1]} {given[1]} {number:05d}", "middle_name": "", "preferred_name": "",
            "nationality": "JP", "created_at": _now(), "version": 1}


def _now() -> Any:
    from jetlms.core import clock

    return clock.now()
