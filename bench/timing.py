"""How benchmarks measure: processor time, so that other processes on the machine do not count."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable


def time_median(task: Callable[[], object], repeats: int = 5) -> float:
    """Median seconds of processor time of `repeats` runs, after one to warm up."""
    task()
    seconds = []
    for _ in range(repeats):
        begin = time.process_time()
        task()
        seconds.append(time.process_time() - begin)
    return statistics.median(seconds)
