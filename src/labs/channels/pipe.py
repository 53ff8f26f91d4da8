"""A pipe joins two processes: there and back, by size of the message."""

import multiprocessing
import time

SIZES_BYTES = (10, 1_000_000)
ROUNDS = 50


def echo(pipe):
    while True:
        message = pipe.recv()
        if message is None:
            return
        pipe.send(message)


def main():
    ours, theirs = multiprocessing.Pipe()
    worker = multiprocessing.Process(target=echo, args=(theirs,))
    worker.start()
    ours.send("ready?")
    ours.recv()  # its start does not count
    for size_bytes in SIZES_BYTES:
        message = bytes(size_bytes)
        start = time.perf_counter()
        for _ in range(ROUNDS):
            ours.send(message)
            ours.recv()
        round_us = (time.perf_counter() - start) / ROUNDS * 1e6
        print(f"pipe, {size_bytes} bytes: {round_us:.0f} us there and back")
    ours.send(None)
    worker.join()


if __name__ == "__main__":
    main()
