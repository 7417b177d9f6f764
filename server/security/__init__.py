"""Who may use the server: tokens, rate limits, allowed hosts and origins.

Read `admission.py` first: it makes the admission that every request passes. The rules themselves are in
`handlers/admission.py` and `handlers/permissions.py`.
"""
