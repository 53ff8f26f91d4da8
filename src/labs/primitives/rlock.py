"""RLock: whoever holds it may take it again; a Lock would wait for ever."""

import multiprocessing
import threading


def withdraw(lock):
    # Safe on its own: it takes the lock, if it can get it.
    if not lock.acquire(timeout=0.1):
        return "gives up, it waits for itself"
    lock.release()
    return "done"


def transfer(lock):
    with lock:  # both accounts must change together
        return withdraw(lock)


def main():
    for module in threading, multiprocessing:
        for kind in "Lock", "RLock":
            outcome = transfer(getattr(module, kind)())
            print(f"{module.__name__}.{kind}: transfer {outcome}")


if __name__ == "__main__":
    main()
