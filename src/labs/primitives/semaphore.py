"""Semaphore: a limited number at a time, here two connections for six."""

import multiprocessing
import threading
import time

WORKERS = 6
CONNECTIONS = 2


def request(connections, lock, inside, most):
    with connections:
        with lock:
            inside.value += 1
            most.value = max(most.value, inside.value)
        time.sleep(0.05)
        with lock:
            inside.value -= 1


def main():
    kinds = {
        "threads": (threading, threading.Thread),
        "processes": (multiprocessing, multiprocessing.Process),
    }
    for name, (module, worker) in kinds.items():
        connections = module.BoundedSemaphore(CONNECTIONS)
        inside, most = (multiprocessing.RawValue("i", 0) for _ in range(2))
        args = connections, module.Lock(), inside, most
        workers = [worker(target=request, args=args) for _ in range(WORKERS)]
        for each in workers:
            each.start()
        for each in workers:
            each.join()
        print(f"{name}: {WORKERS} workers, at most {most.value} at a time")


if __name__ == "__main__":
    main()
