"""Threads count references to one object, and none is lost."""

import sys
import threading

ROUNDS = 200_000
WORKERS = 4


def take_and_drop(shared):
    for _ in range(ROUNDS):
        another = [shared]  # counts up
        del another  # counts down


def main():
    shared = object()
    before = sys.getrefcount(shared)
    workers = [
        threading.Thread(target=take_and_drop, args=(shared,))
        for _ in range(WORKERS)
    ]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    del workers, worker
    wrong = sys.getrefcount(shared) - before
    print(f"{WORKERS * ROUNDS} references taken and dropped: {wrong} wrong")


if __name__ == "__main__":
    main()
