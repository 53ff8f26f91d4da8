"""An executor notices the death, and fails every task without an answer."""

import os
import signal
import time
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool


def task(number):
    time.sleep(0.3)
    if number == 3:
        os.kill(os.getpid(), signal.SIGTERM)  # as the system does
    time.sleep(0.3)
    return number * number


def main():
    with ProcessPoolExecutor(max_workers=2) as executor:
        futures = [executor.submit(task, number) for number in range(6)]
        for number, future in enumerate(futures):
            try:
                print(f"task {number}: {future.result()}")
            except BrokenProcessPool:
                print(f"task {number}: failed, submit it to a new executor")


if __name__ == "__main__":
    main()
