"""Threads share one counter: without a Lock, updates can be lost."""

import sys
import threading

ADDS = 100_000
WORKERS = 4
counter = 0


def one():
    return 1


def add():
    global counter
    for _ in range(ADDS):
        # Reads the counter, calls, adds, writes. Calls are among the places
        # where the lock may go to another thread, which adds meanwhile.
        counter += one()


def main():
    sys.setswitchinterval(1e-5)  # more switches, so that it shows sooner
    workers = [threading.Thread(target=add) for _ in range(WORKERS)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    expected = WORKERS * ADDS
    lost = expected - counter
    print(f"{WORKERS} threads, no Lock: {lost} of {expected} additions lost")


if __name__ == "__main__":
    main()
