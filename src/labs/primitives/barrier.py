"""Barrier: nobody begins the second half before all finished the first."""

import multiprocessing
import threading
import time

WORKERS = 3


def compute(number, barrier, answers):
    time.sleep(number * 0.05)  # some take longer for the first half
    first_half_done = time.monotonic()
    barrier.wait()
    answers.put((first_half_done, time.monotonic()))


def main():
    kinds = {
        "threads": (threading, threading.Thread),
        "processes": (multiprocessing, multiprocessing.Process),
    }
    for name, (module, worker) in kinds.items():
        barrier = module.Barrier(WORKERS)
        answers = multiprocessing.SimpleQueue()
        workers = [
            worker(target=compute, args=(number, barrier, answers))
            for number in range(WORKERS)
        ]
        for each in workers:
            each.start()
        done, began = zip(*(answers.get() for _ in workers))
        apart_ms = (max(done) - min(done)) * 1000
        early = sum(moment < max(done) for moment in began)
        print(f"{name}: ready {apart_ms:.0f} ms apart, {early} went on early")
        for each in workers:
            each.join()


if __name__ == "__main__":
    main()
