"""What crosses a boundary: events, payload, signature, states, schedule, messages, names.

Imports the standard library and pydantic only, so that workflows may use all of it and every
other package can depend on it.
"""
