"""The local engine: chunks are labelled here or by worker processes, and come back in order."""

from __future__ import annotations

import multiprocessing
import os
import threading
import time
from collections import Counter, deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass

from model.errors import InputError
from model.reader import Reader
from serve.archive.labelling import Labeller, Question, count
from serve.archive.layout import Layout
from serve.archive.rows import Chunk
from serve.archive.target import Target

AHEAD = 2  # chunks in hand for each worker: enough to keep it busy, few enough to keep memory flat
PARENT_CHECK_S = 1.0


@dataclass(frozen=True)
class Job:
    """What is done with every chunk."""

    question: Question
    layout: Layout
    target: Target


@dataclass(frozen=True)
class Task:
    """A chunk, and which of its columns holds the message.

    Parameters
    ----------
    chunk : Chunk
    column : str
    done_bytes : int
        Bytes of all inputs that have been read behind this chunk.
    """

    chunk: Chunk
    column: str
    done_bytes: int


@dataclass(frozen=True)
class Done:
    """A chunk as it is written, and what was counted in it."""

    data: bytes
    rows: int
    errors: int
    issues: Counter[str]
    languages: Counter[str]
    done_bytes: int


def run_tasks(tasks: Iterable[Task], job: Job, *, workers: int, reader: Reader | None = None) -> Iterator[Done]:
    """Label every task, in order.

    Parameters
    ----------
    tasks : iterable of Task
        Taken a few at a time.
    job : Job
    workers : int
        Processes; 1 works in this one.
    reader : Reader, optional
        Where the model has been opened already.

    Raises
    ------
    InputError
        If a worker dies.
    """
    if workers <= 1:
        labeller = Labeller(job.question, reader)
        return (_work(labeller, task, job) for task in tasks)
    return _in_processes(tasks, job, workers)


def _work(labeller: Labeller, task: Task, job: Job) -> Done:
    rows = task.chunk.load()
    labels = labeller.label(rows, task.column)
    data = job.target.write(rows, labels, job.layout)
    return Done(data, len(rows), *count(labels), task.done_bytes)


def _in_processes(tasks: Iterable[Task], job: Job, workers: int) -> Iterator[Done]:
    # Fresh processes rather than forks: this one may run threads already (progress, Arrow).
    context = multiprocessing.get_context("spawn")
    pool = ProcessPoolExecutor(workers, mp_context=context, initializer=_open_worker, initargs=(job, os.getpid()))
    waiting: deque[Future[Done]] = deque()
    try:
        for task in tasks:
            waiting.append(pool.submit(_work_here, task))
            if len(waiting) > AHEAD * workers:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
    except BrokenProcessPool as error:
        raise InputError(
            "a worker process died, most likely for want of memory; go on with --resume and fewer --workers"
        ) from error
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


_worker: list[tuple[Labeller, Job]] = []


def _open_worker(job: Job, parent: int) -> None:
    threading.Thread(target=_end_with, args=(parent,), daemon=True).start()
    _worker[:] = [(Labeller(job.question), job)]


def _work_here(task: Task) -> Done:
    labeller, job = _worker[0]
    return _work(labeller, task, job)


def _end_with(parent: int) -> None:
    """A worker whose parent was killed would wait for work for ever."""
    while os.getppid() == parent:
        time.sleep(PARENT_CHECK_S)
    os._exit(1)
