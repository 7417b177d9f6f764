"""The OpenAPI and AsyncAPI documents, made from the route table and the models, and their pages.

Read `documents.py` first: it builds and keeps them.
"""
