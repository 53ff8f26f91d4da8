"""`serial`, `threads`, `free-threads` and `event-loop`: threads that wait for samples."""
import os
import threading
from collections import deque

from harness import memory
from harness.clock import now
from harness.recorder import IDLE, Recorder
from harness.tasks import compute, compute_beside, warm_up
from harness.workloads import Heap, counted
from harness.workloads.data import given

try:
    from queue import Queue
except ImportError:
    from Queue import Queue


class Job(object):
    """What the threads of a pool share for one sample."""

    def __init__(self, experiment, heap, tasks):
        self.experiment, self.heap = experiment, heap
        self.left = deque(tasks)
        self.unanswered = len(self.left)
        self.answers = []
        self.lock = threading.Lock()

    def take(self):
        """The next task that nobody has taken, or None."""
        try:
            return self.left.popleft()
        except IndexError:
            return None

    def answer(self, worker, computed):
        with self.lock:
            self.answers.append((worker,) + computed)
            self.unanswered -= 1

    def is_answered(self):
        return self.unanswered == 0


def drain(job, worker, recorder):
    """Compute one task after another while there are any."""
    while True:
        task = job.take()
        if task is None:
            return
        job.answer(worker, compute(job.experiment, task, job.heap, recorder))


class Threads(object):
    """A pool of `threading`. `body` is what a thread does for a sample."""

    def __init__(self, experiment, host, body=drain):
        self.experiment, self.host, self.body = experiment, host, body
        self.workers = experiment["all_workers"]
        self.recorders = [Recorder() for _ in range(self.workers)]
        self.orders = [Queue() for _ in range(self.workers)]
        self.ready = Queue()
        self.heap = Heap(given(experiment))
        self.failure = self.grown = None
        # A byte for every thread that is done: what the main thread can wait for, beside its own input.
        self.done, self.tell = os.pipe()
        self.threads = []
        self.startup = []

    def start(self):
        # All threads run the same code of one process, so one of them warms up for all.
        stable = self.experiment["cold"] or warm_up(self.experiment, self.heap)
        # Looking takes longer than starting a thread, so a request that starts one does without.
        before = None if self.experiment["cold"] else memory.own_bytes()
        for worker in range(self.workers):
            thread = threading.Thread(target=self.obey, args=(worker,))
            thread.daemon = True
            asked = now()
            thread.start()
            self.threads.append(thread)
            self.startup.append((asked, self.ready.get()))
        self.grown = memory.grown(before)
        return stable

    def obey(self, worker):
        """The life of one thread."""
        self.ready.put(now())
        recorder, orders = self.recorders[worker], self.orders[worker]
        while True:
            job = orders.get()
            if job is None:
                return
            try:
                if worker < self.experiment["workers"]:
                    self.body(job, worker, recorder)
                else:
                    compute_beside(job.heap, recorder, job.is_answered)
            except Exception as error:
                self.failure = error
                job.unanswered = 0
            recorder.enter(IDLE)
            os.write(self.tell, b".")

    def sample(self, tasks):
        self.heap = Heap(self.heap.data)
        job = Job(self.experiment, self.heap, tasks)
        start = now()
        for orders in self.orders:
            orders.put(job)
        left = self.workers
        while left > 0:
            self.host.wait([self.done])
            left -= len(os.read(self.done, left))
        if self.failure:
            raise self.failure
        return {"start": start, "answers": job.answers, "found": counted(self.experiment["workload"], self.heap)}

    def drain(self):
        return [recorder.drain() for recorder in self.recorders]

    def pids(self):
        return []

    def stop(self):
        for orders in self.orders:
            orders.put(None)
        for thread in self.threads:
            thread.join()
        os.close(self.done)
        os.close(self.tell)
