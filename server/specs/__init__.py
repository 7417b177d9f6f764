"""The OpenAPI and AsyncAPI documents, made from the route table and the models, and their HTML pages.

Open `documents.py` first: it says which documents there are. `openapi.py` and `asyncapi.py` build them.
"""
