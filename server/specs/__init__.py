"""The OpenAPI and AsyncAPI documents, made from the route table and the models, and their HTML pages.

Open `documents.py` first: it lists the documents. `openapi.py` and `asyncapi.py` build them.
"""
