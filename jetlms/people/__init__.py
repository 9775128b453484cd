"""Accounts, persons, organisations and dated appointments: who is what, where, from when to when.

Vocabulary: a *person* has at most one *account* (sign-in) and any number of *appointments*; an *organisation* is a host body, a
contracting organisation, CLAIR or one of its offices; a *participant* record carries the JET life cycle. Plan rows: all.
"""
