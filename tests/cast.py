"""The fixed cast of every story: Ann (ALT, Ikoma), Ben (CIR, Nara), Cho (supervisor, Ikoma), Dai (adviser, Nara), Eri (adviser, Oita:
the stranger), Fumi (CLAIR desk), Gil (counsellor), Hana (alumna), Iko (administrator), Jun (tutor), Kai (accepted, still abroad)."""
from jetlms.demo.cast import Cast, build, email

__all__ = ["Cast", "build", "email"]
