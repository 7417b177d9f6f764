"""The page in a real Chromium, one for all files. Read `conftest.py` first; `hands.py` has the actions of a trader.

Opening the page is the expensive part of a test: tests about the same state are one story on one page.
"""
