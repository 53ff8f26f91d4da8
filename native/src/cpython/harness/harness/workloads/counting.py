"""Count on a shared object."""
import threading

from harness.workloads import whole

ADDITIONS = 1024
BURST = 64
REFERENCES = 2048


class Counter(object):
    """A number and the lock that guards it, for those who take it."""

    def __init__(self):
        self.count = 0
        self.lock = threading.Lock()


def plain(counter, times):
    """Read, then write: without the lock of the interpreter, whoever wrote between the two is overwritten."""
    for _ in range(times):
        counter.count += 1


def atomic(counter, times):
    """Python has no atomic addition; a lock around each one is what comes nearest."""
    lock = counter.lock
    for _ in range(times):
        with lock:
            counter.count += 1


def adding(add):
    """Add one to the heap's counter, or to one of the task's own; the experiment says how often to which."""

    def task(experiment, task, heap):
        size, parts = experiment["size"], experiment["shared_parts"]
        own = Counter()
        start = 0
        while True:
            stop = min(size, start + ADDITIONS)
            while start < stop:
                burst = min(stop, start + BURST)
                shared = burst * parts // 1000 - start * parts // 1000
                add(heap.counter, shared)
                add(own, burst - start - shared)
                start = burst
            if stop == size:
                break
            yield None
        yield whole(size)

    return task


def refcounts(experiment, task, heap):
    """Take a reference to a shared object and give it back: Python counts it at every step."""
    left = experiment["size"]
    shared = heap.shared
    while True:
        count = min(left, REFERENCES)
        for _ in range(count):
            taken = shared
            taken = None
        left -= count
        if left == 0:
            break
        yield None
    del shared
    yield whole(experiment["size"])
