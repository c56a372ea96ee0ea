"""How benchmarks measure: processor time, so that other processes on the machine do not count."""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable
from functools import cache

#: What functools.cache and lru_cache make of a function.
_REMEMBERING = type(cache(len))


def time_median(task: Callable[[], object], repeats: int = 5) -> float:
    """Median seconds of processor time of `repeats` runs, after one to warm up."""
    task()
    seconds = []
    for _ in range(repeats):
        begin = time.process_time()
        task()
        seconds.append(time.process_time() - begin)
    return statistics.median(seconds)


def forget_texts() -> None:
    """Empty what data_prep remembers of the texts it has read, not what it has loaded: a text is then as one unseen."""
    for name, module in list(sys.modules.items()):
        if name.startswith("data_prep."):
            for value in list(vars(module).values()):
                if isinstance(value, _REMEMBERING) and value.cache_parameters()["maxsize"] is not None:
                    value.cache_clear()
