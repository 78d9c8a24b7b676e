"""`make outcomes`: twelve weeks of real partners' orders through the real system, with the world
before beside it."""
