"""From asking for a process to its first message, by start method."""

import multiprocessing
import statistics
import time

STARTS = 5


def say_ready(pipe):
    pipe.send("ready")


def start_one(context):
    ours, theirs = context.Pipe()
    start = time.perf_counter()
    process = context.Process(target=say_ready, args=(theirs,))
    process.start()
    ours.recv()
    elapsed_s = time.perf_counter() - start
    process.join()
    return elapsed_s


def main():
    # spawn starts an interpreter afresh, fork copies this one, forkserver
    # forks a small one that was kept for it. Windows has only the first.
    for method in multiprocessing.get_all_start_methods():
        context = multiprocessing.get_context(method)
        median_s = statistics.median(start_one(context) for _ in range(STARTS))
        print(f"{method}: {median_s * 1000:.1f} ms a process")


if __name__ == "__main__":
    main()
