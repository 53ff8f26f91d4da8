"""Threads share one counter: with a Lock, nothing is lost."""

import sys
import threading

ADDS = 20_000
WORKERS = 4
counter = 0
counter_lock = threading.Lock()


def one():
    return 1


def add():
    global counter
    for _ in range(ADDS):
        # Nobody else is between these two lines at the same time.
        with counter_lock:
            counter += one()


def main():
    sys.setswitchinterval(1e-5)  # as many switches as without the Lock
    workers = [threading.Thread(target=add) for _ in range(WORKERS)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    expected = WORKERS * ADDS
    lost = expected - counter
    print(f"{WORKERS} threads, a Lock: {lost} of {expected} additions lost")


if __name__ == "__main__":
    main()
