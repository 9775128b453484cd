"""The accounts of the demonstration, as the sign-in page lists them. jetlms.demo makes the people behind them."""
from jetlms.core.i18n import both

DOMAIN = "demo.example"
# first name → what she is: enough to choose whom to be
ACCOUNTS = {
    "ann": both("ALT・奈良県生駒市", "ALT in Ikoma, Nara"), "ben": both("CIR・奈良県庁", "CIR, Nara Prefecture"),
    "cho": both("担当者・生駒市教育委員会", "Supervisor in Ikoma"), "dai": both("取りまとめ団体アドバイザー・奈良県", "Prefectural adviser, Nara"),
    "eri": both("取りまとめ団体アドバイザー・大分県", "Prefectural adviser, Oita"), "fumi": both("クレアのJET担当", "CLAIR desk"),
    "gil": both("カウンセラー", "Counsellor"), "hana": both("JET経験者", "Alumna"), "iko": both("システム管理者", "Administrator"),
    "jun": both("翻訳・通訳講座の担当講師", "Tutor of the translation course"),
    "kai": both("来日前の参加者・生駒市", "Accepted, not yet arrived"),
}


def email(name: str) -> str:
    """Return the address of one of them."""
    return f"{name}@{DOMAIN}"
