"""How a process that serves loads its code: without holding up who is at work, and for good.

Loading a worker takes a second of a core. Where its machine carries others too, a worker that is
started again would slow down every event on its way, so it loads as a thread of low priority.
"""

import gc
import os
import sys
from importlib import import_module
from threading import Thread, get_native_id

_NICENESS = 10


def load_for_good(name: str) -> None:
    """Load a module and all that it needs; whatever is imported of it afterwards is there.

    No collection runs meanwhile, and none looks at what was loaded later: code is never garbage,
    yet a full collection walks through all of it, for a tenth of a second in which nothing else
    runs. Raises what loading raises.
    """
    failures: list[BaseException] = []
    gc.disable()
    try:
        loader = Thread(target=_load, args=(name, failures), name="loader")
        loader.start()
        loader.join()
    finally:
        gc.freeze()
        gc.enable()
    if failures:
        raise failures[0]


def _load(name: str, failures: list[BaseException]) -> None:
    if sys.platform == "linux":  # elsewhere, all threads of a process have one priority
        os.setpriority(os.PRIO_PROCESS, get_native_id(), _NICENESS)
    try:
        import_module(name)
    except BaseException as failure:
        failures.append(failure)
