"""Partners: the rows of merchants, and who of them is paused."""
