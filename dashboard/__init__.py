"""The self-serve dashboard under `/dashboard`: pages for partners and for ops, made on the server.

A page is a route in `routes/`, a template in `templates/` and its sentences in `words/`. Routes are
given a context (`page_context.py`): who looks, at which partner, and the way to answer with a page.
What they show and change goes through the same functions of the store as the API's.
"""
