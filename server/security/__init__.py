"""Applies the security settings: tokens, rate limits, allowed hosts and origins.

Open `admission.py` first: it makes the `Admission` that checks every request. The checks themselves are in
`handlers/admission.py` and `handlers/permissions.py`.
"""
