"""Figures over many rows: the overview, the board of operations, gauges."""
