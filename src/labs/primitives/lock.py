"""Lock: one at a time between reading and writing."""

import multiprocessing
import threading

ADDS = 1_000
WORKERS = 3


def deposit(lock, balance):
    for _ in range(ADDS):
        with lock:
            balance.value += 1


def main():
    kinds = {
        "threads": (threading.Thread, threading.Lock),
        "processes": (multiprocessing.Process, multiprocessing.Lock),
    }
    for name, (worker, lock) in kinds.items():
        # Shared memory without a lock of its own, for both kinds of worker.
        args = lock(), multiprocessing.RawValue("q", 0)
        workers = [worker(target=deposit, args=args) for _ in range(WORKERS)]
        for each in workers:
            each.start()
        for each in workers:
            each.join()
        print(f"{name}: {args[1].value} of {WORKERS * ADDS} deposits kept")


if __name__ == "__main__":
    main()
