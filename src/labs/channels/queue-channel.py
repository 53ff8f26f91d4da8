"""A queue may have many senders and receivers, and pays a thread for it."""

import multiprocessing
import time

SIZES_BYTES = (10, 1_000_000)
ROUNDS = 50


def echo(requests, answers):
    while True:
        message = requests.get()
        if message is None:
            return
        answers.put(message)


def main():
    requests, answers = multiprocessing.Queue(), multiprocessing.Queue()
    worker = multiprocessing.Process(target=echo, args=(requests, answers))
    worker.start()
    requests.put("ready?")
    answers.get()  # its start does not count
    for size_bytes in SIZES_BYTES:
        message = bytes(size_bytes)
        start = time.perf_counter()
        for _ in range(ROUNDS):
            requests.put(message)
            answers.get()
        round_us = (time.perf_counter() - start) / ROUNDS * 1e6
        print(f"queue, {size_bytes} bytes: {round_us:.0f} us there and back")
    requests.put(None)
    worker.join()


if __name__ == "__main__":
    main()
