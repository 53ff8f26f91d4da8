"""Count on a shared object."""
from harness.workloads import whole

ADDITIONS = 1024
BURST = 64
REFERENCES = 2048


def counter(experiment, task, heap):
    """Add one to the heap's count, or to one of the task's own; the experiment says how often to which."""
    size, parts = experiment["size"], experiment["shared_parts"]
    own = 0
    start = 0
    while True:
        stop = min(size, start + ADDITIONS)
        while start < stop:
            burst = min(stop, start + BURST)
            shared = burst * parts // 1000 - start * parts // 1000
            for _ in range(shared):
                heap.count += 1
            for _ in range(burst - start - shared):
                own += 1
            start = burst
        if stop == size:
            break
        yield None
    yield whole(size)


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
