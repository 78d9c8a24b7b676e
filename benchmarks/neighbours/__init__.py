"""The neighbour test: what well endpoints feel while others hang, refuse and reset."""
