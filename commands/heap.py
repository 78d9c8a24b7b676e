"""What a process that serves keeps of its start.

The code of a process is never garbage, yet each full collection walks through it: for a worker that
is a tenth of a second in which nothing else runs, and many collections while the code is loaded.
"""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def kept_for_good() -> Iterator[None]:
    """Load code inside: no collection runs meanwhile, and none looks at it later."""
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()
