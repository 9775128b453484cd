"""Reading spreadsheets as town halls and CLAIR send them: bytes → lines of cells → named fields → problems in both languages."""
