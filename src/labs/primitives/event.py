"""Event: one says go, and everybody who waits for it goes."""

import multiprocessing
import threading
import time

WORKERS = 3


def wait_for(event, answers):
    event.wait()
    answers.put(time.monotonic())


def main():
    kinds = {
        "threads": (threading, threading.Thread),
        "processes": (multiprocessing, multiprocessing.Process),
    }
    for name, (module, worker) in kinds.items():
        event, answers = module.Event(), multiprocessing.SimpleQueue()
        args = event, answers
        workers = [worker(target=wait_for, args=args) for _ in range(WORKERS)]
        for each in workers:
            each.start()
        time.sleep(0.2)  # time to get there; who is late goes straight on
        start = time.monotonic()
        event.set()
        last_ms = (max(answers.get() for _ in workers) - start) * 1000
        print(f"{name}: all {WORKERS} went within {last_ms:.1f} ms")
        for each in workers:
            each.join()


if __name__ == "__main__":
    main()
