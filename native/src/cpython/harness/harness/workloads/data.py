"""Work on data that comes with the task."""
from harness.workloads import whole

SUMMED = 8192
COPIED = 256 * 1024


def given(experiment):
    """What every task of a workload that needs data is handed; else nothing."""
    if experiment["workload"] in ("checksum", "copy"):
        return bytes(bytearray([experiment["seed"] & 0xFF | 1])) * experiment["size"]
    return b""


def checksum(experiment, task, heap):
    total = 0
    for start in range(0, len(heap.data), SUMMED):
        if start > 0:
            yield None
        total += sum(bytearray(heap.data[start : start + SUMMED]))
    yield whole(total + task)


def copy(experiment, task, heap):
    data = memoryview(heap.data)
    # Written before the copy: the first touch of fresh memory costs more than the copy.
    copied = bytearray(b"\1") * len(data)
    for start in range(0, len(data), COPIED):
        if start > 0:
            yield None
        copied[start : start + COPIED] = data[start : start + COPIED]
    yield whole((copied[-1] if copied else 0) + task)
