"""Gilscope's workloads in pure Python: bit for bit the same partial answers.

A task is a generator. It yields `None` after a quantum (50-100 us), so many microseconds (a float) to wait,
`UNLOCKED` and `LOCKED` around a call that drops the lock, and in the end its partial answer as bytes.
"""
import struct
import sys

UNLOCKED, LOCKED = "unlocked", "locked"


class Heap(object):
    """What the workers of one heap share."""

    def __init__(self, data=b""):
        self.counter = counting.Counter()
        self.shared = object()
        self.references = sys.getrefcount(self.shared)
        # What tasks are handed from outside.
        self.data = data


def whole(number):
    """A 64-bit whole number as bytes."""
    return struct.pack("<Q", number)


def twin(workload):
    """Starts a task of `workload`: called with the experiment, the task's number and the heap."""
    return TWINS[workload]


def counted(workload, heap):
    """What a workload that counts on its heap finds there."""
    if workload in ("counter", "atomic-counter"):
        return heap.counter.count
    if workload == "refcounts":
        return sys.getrefcount(heap.shared) - heap.references
    return None


from harness.workloads import counting, data, grouping, hashing, io, matrices, picture, sums  # noqa: E402

TWINS = {
    "sum-of-squares": sums.sum_of_squares,
    "monte-carlo-pi": sums.monte_carlo_pi,
    "mandelbrot": picture.mandelbrot,
    "sha256": hashing.sha256,
    "aggregate": grouping.aggregate,
    "matrix-multiply": matrices.matrix_multiply,
    "checksum": data.checksum,
    "copy": data.copy,
    "io-wait": io.io_wait,
    "io-mixed": io.io_mixed,
    "counter": counting.adding(counting.plain),
    "atomic-counter": counting.adding(counting.atomic),
    "refcounts": counting.refcounts,
}
