"""On a free-threaded build (python3.13t) even a plain += loses updates."""

import sys
import threading

ADDS = 100_000
WORKERS = 4
counter = 0


def add():
    global counter
    for _ in range(ADDS):
        # Two threads really are in this line at the same time, if there is
        # no lock. With it, whether anything is lost is luck.
        counter += 1


def main():
    lock_is_on = getattr(sys, "_is_gil_enabled", lambda: True)()
    workers = [threading.Thread(target=add) for _ in range(WORKERS)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    build = "with the lock" if lock_is_on else "without the lock"
    expected = WORKERS * ADDS
    lost = expected - counter
    print(f"{WORKERS} threads, {build}: {lost} of {expected} additions lost")


if __name__ == "__main__":
    main()
