"""Run tasks and note what happens: what every kind of worker does between two tasks of its queue."""
import time

from harness.clock import now
from harness.recorder import BLOCKED, RUNNING, UNLOCKED
from harness.workloads import LOCKED, twin
from harness.workloads import UNLOCKED as WITHOUT_LOCK

# Warm up until so many windows in a row show the same speed, but not longer than that.
WINDOW_NS = 10 * 1000 * 1000
WINDOWS = 3
STABLE = 1.05
MOST_NS = 500 * 1000 * 1000
END = object()


def compute(experiment, task, heap, recorder):
    """Run one task; gives the task, when it was started and done, and its partial answer."""
    stamp = recorder.stamps.append
    started = recorder.enter(RUNNING, task)
    for step in twin(experiment["workload"])(experiment, task, heap):
        if step is None:
            stamp(now())
        elif step is WITHOUT_LOCK:
            recorder.enter(UNLOCKED, task)
        elif step is LOCKED:
            recorder.enter(RUNNING, task)
            stamp(now())
        elif isinstance(step, float):
            recorder.enter(BLOCKED, task, int(step * 1000))
            time.sleep(step * 1e-6)
            recorder.enter(RUNNING, task)
        else:
            done = now()
            stamp(done)
            return task, started, done, step


def compute_beside(heap, recorder, is_over):
    """Compute beside the tasks of others until it is over."""
    experiment = {"workload": "sum-of-squares", "size": 1 << 20}
    stamp = recorder.stamps.append
    recorder.enter(RUNNING)
    while True:
        for _ in twin(experiment["workload"])(experiment, 0, heap):
            stamp(now())
            if is_over():
                return


def run_bare(experiment, task, heap):
    """Run one task with nothing around it."""
    for step in twin(experiment["workload"])(experiment, task, heap):
        if isinstance(step, float):
            time.sleep(step * 1e-6)


def warm_up(experiment, heap):
    """Compute the first task again and again, until its speed is stable; gives whether it was in time."""
    if not experiment["warm_up"]:
        return False
    start = now()
    speeds = []
    steps = iter(())
    while now() - start < MOST_NS:
        window, quanta = now(), 0
        while now() - window < WINDOW_NS:
            if next(steps, END) is END:
                steps = twin(experiment["workload"])(experiment, 0, heap)
            quanta += 1
        speeds.append(quanta / float(now() - window))
        last = speeds[-WINDOWS:]
        if len(last) == WINDOWS and max(last) <= min(last) * STABLE:
            return True
    return False

