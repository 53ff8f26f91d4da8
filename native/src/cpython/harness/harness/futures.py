"""`threads` and `processes` by `concurrent.futures`."""
import itertools
import multiprocessing
import os
import threading
from array import array
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool

from harness import memory
from harness.clock import now
from harness.processes import Failure
from harness.recorder import IDLE, Recorder
from harness.tasks import compute, warm_up
from harness.threads import Job
from harness.workloads import Heap, counted
from harness.workloads.data import given


class Pool(object):
    """What both have in common: futures, and a pipe that tells the main thread of those that are done."""

    def __init__(self, experiment, host):
        self.experiment, self.host = experiment, host
        self.workers = experiment["workers"]
        self.data = given(experiment)
        self.startup = []
        self.grown = None
        self.done, self.tell = os.pipe()

    def submit(self, function, *arguments):
        future = self.executor.submit(function, *arguments)
        future.add_done_callback(lambda future: os.write(self.tell, b"."))
        return future

    def results(self, futures):
        """Wait for all of them."""
        left = len(futures)
        while left > 0:
            self.host.wait([self.done])
            left -= len(os.read(self.done, left))
        try:
            return [future.result() for future in futures]
        except BrokenProcessPool as error:
            raise Failure("a worker process ended in the middle of the run: %s" % error)

    def stop(self):
        self.executor.shutdown()
        os.close(self.done)
        os.close(self.tell)


class ThreadFutures(Pool):
    def start(self):
        numbers = itertools.count()
        self.local = threading.local()
        self.recorders = [Recorder() for _ in range(self.workers)]

        def join_in():
            self.local.number = next(numbers)
            self.local.ready = now()

        stable = self.experiment["cold"] or warm_up(self.experiment, Heap(self.data))
        before = None if self.experiment["cold"] else memory.own_bytes()
        self.executor = ThreadPoolExecutor(self.workers, initializer=join_in)
        # Without a meeting the first thread might do for all.
        meeting = threading.Barrier(self.workers)
        asked, futures = [], []
        for _ in range(self.workers):
            asked.append(now())
            futures.append(self.submit(lambda: (meeting.wait(), self.local.ready)[1]))
        self.startup = list(zip(asked, sorted(self.results(futures))))
        self.grown = memory.grown(before)
        return stable

    def pids(self):
        return []

    def sample(self, tasks):
        heap = Heap(self.data)
        job = Job(self.experiment, heap, tasks)
        start = now()
        self.results([self.submit(self.run, job, task) for task in tasks])
        return {"start": start, "answers": job.answers, "found": counted(self.experiment["workload"], heap)}

    def run(self, job, task):
        recorder = self.recorders[self.local.number]
        job.answer(self.local.number, compute(self.experiment, task, job.heap, recorder))
        recorder.enter(IDLE)

    def drain(self):
        return [recorder.drain() for recorder in self.recorders]


class Isolated(object):
    """What a worker process has of its own."""

    experiment = meeting = recorder = heap = sample = None


def join_in(experiment, meeting):
    Isolated.experiment, Isolated.meeting = experiment, meeting
    Isolated.recorder, Isolated.heap = Recorder(), Heap()
    Isolated.ready = now()


def say_ready():
    Isolated.meeting.wait()
    return os.getpid(), Isolated.ready


def warm(data):
    Isolated.meeting.wait()
    return warm_up(Isolated.experiment, Heap(data))


def run_chunk(sample, tasks, data):
    if sample != Isolated.sample:
        # Quanta are counted anew in every sample, and on over its chunks.
        Isolated.sample = sample
        Isolated.recorder.clear()
    Isolated.heap.data = data
    answers = [compute(Isolated.experiment, task, Isolated.heap, Isolated.recorder) for task in tasks]
    Isolated.recorder.enter(IDLE)
    marks, Isolated.recorder.marks = Isolated.recorder.marks, []
    return os.getpid(), answers, marks


class ProcessFutures(Pool):
    def start(self):
        context = multiprocessing.get_context(self.experiment["start_method"])
        meeting = context.Barrier(self.workers)
        self.executor = ProcessPoolExecutor(self.workers, context, join_in, (self.experiment, meeting))
        # Where processes are forked, the first call starts them all.
        asked = now()
        ready = sorted(self.results([self.submit(say_ready) for _ in range(self.workers)]), key=lambda said: said[1])
        self.numbers = {pid: number for number, (pid, _) in enumerate(ready)}
        self.startup = [(asked, at) for _, at in ready]
        self.tracks = [([], array("d")) for _ in range(self.workers)]
        self.samples = 0
        if self.experiment["cold"]:
            return True
        return all(self.results([self.submit(warm, self.data) for _ in range(self.workers)]))

    def pids(self):
        return sorted(self.numbers, key=self.numbers.get)

    def sample(self, tasks):
        chunk = self.experiment["chunk"]
        arrivals = {}
        self.samples += 1
        start = now()
        futures = []
        for at in range(0, len(tasks), chunk):
            future = self.executor.submit(run_chunk, self.samples, tasks[at : at + chunk], self.data)
            future.add_done_callback(lambda future: (arrivals.update({future: now()}), os.write(self.tell, b".")))
            futures.append(future)
        answers = []
        for future, (pid, computed, marks) in zip(futures, self.results(futures)):
            number, at = self.numbers[pid], arrivals[future]
            answers += [(number, task, started, at, partial) for task, started, _, partial in computed]
            self.tracks[number][0].extend(marks)
        return {"start": start, "answers": answers}

    def drain(self):
        tracks = self.tracks
        self.tracks = [([], array("d")) for _ in range(self.workers)]
        return tracks
