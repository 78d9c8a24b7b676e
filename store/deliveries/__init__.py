"""Deliveries and their attempts: planned, gated, sent, ended."""
