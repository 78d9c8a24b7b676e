"""An order-management system, merchants and a Twilio that speak the real protocols.

For the demo, the tests and the benchmarks. Everything listens on 127.0.0.1 only and can be used
inside a test (`async with Merchant() as merchant`) or started by itself (`python -m
sandbox merchant`). Nothing here imports the product, except `contracts`.
"""
