"""Pool never learns that a task was lost: only a time-out ends the wait."""

import multiprocessing
import os
import signal
import time


def task(number):
    if number == 3:
        os.kill(os.getpid(), signal.SIGTERM)  # as the system does
        time.sleep(60)  # until it arrives
    return number * number


def main():
    with multiprocessing.Pool(2) as pool:
        answers = [pool.apply_async(task, (number,)) for number in range(6)]
        for number, answer in enumerate(answers):
            try:
                print(f"task {number}: {answer.get(timeout=1)}")
            except multiprocessing.TimeoutError:
                print(f"task {number}: nobody would ever answer it")


if __name__ == "__main__":
    main()
