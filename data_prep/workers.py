"""Work on many batches in several processes: few batches at a time, and an end that is an end.

Why not the pool alone: it takes in all batches at once (a corpus in memory), leaves its processes
running when the program is interrupted or killed, and says `BrokenProcessPool` when the system
ended one of them because memory ran out.
"""

from __future__ import annotations

import os
import signal
import threading
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from multiprocessing import active_children, get_context, parent_process
from typing import TypeVar

Batch = TypeVar("Batch")
Result = TypeVar("Result")

#: Batches handed out and not yet taken back, for each process: enough that none waits for work.
_WAITING = 3
#: More processes than this Windows cannot wait for.
_MOST_ON_WINDOWS = 61


class WorkerLost(RuntimeError):
    """A process was ended from outside; the message says what to do."""


def map_batches(
    run: Callable[[Batch], Result], batches: Iterable[Batch], jobs: int
) -> Generator[Result, None, None]:
    """`run` of every batch, in their order, in `jobs` processes (none of its own for one job).

    `run` must be a function of a module, or a partial of one. Raises WorkerLost where a process
    was ended from outside, and what `run` raises; whichever way it ends, no process is left.

    >>> list(map_batches(len, ["ab", "c"], 1))
    [2, 1]
    """
    if jobs <= 1:
        yield from map(run, batches)
        return
    if os.name == "nt":
        jobs = min(jobs, _MOST_ON_WINDOWS)
    before = set(active_children())
    # spawn, not fork: a worker must not inherit the threads of pyarrow.
    pool = ProcessPoolExecutor(jobs, mp_context=get_context("spawn"), initializer=_watch_parent)
    try:
        yield from _hand_out(pool, run, batches, jobs)
    except BrokenProcessPool:
        raise WorkerLost(
            "a worker process was ended from outside, most likely because memory ran out: "
            f"build again with fewer processes (--jobs {jobs // 2}) or more memory; the former build is unchanged"
        ) from None
    except BaseException:
        pool.shutdown(wait=False, cancel_futures=True)
        for child in set(active_children()) - before:
            child.kill()
        raise
    finally:
        pool.shutdown(cancel_futures=True)


def _hand_out(
    pool: ProcessPoolExecutor, run: Callable[[Batch], Result], batches: Iterable[Batch], jobs: int
) -> Iterator[Result]:
    waiting: deque[Future[Result]] = deque()
    for batch in batches:
        with _deaf_to_interrupts():  # processes begin here, and inherit it
            waiting.append(pool.submit(run, batch))
        if len(waiting) >= _WAITING * jobs:
            yield waiting.popleft().result()
    while waiting:
        yield waiting.popleft().result()


@contextmanager
def _deaf_to_interrupts() -> Iterator[None]:
    """Ctrl-C reaches every process of the terminal; only the first one answers, for all."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    answer = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, answer)


def _watch_parent() -> None:
    """In a worker: leave Ctrl-C to the parent, and end when the parent does, however that was."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = parent_process()
    if parent is not None:
        threading.Thread(target=_end_with, args=(parent.join,), daemon=True).start()


def _end_with(wait: Callable[[], None]) -> None:
    wait()
    os._exit(1)
