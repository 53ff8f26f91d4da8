"""Between threads a queue hands over references: the size is no matter."""

import queue
import threading
import time

SIZES_BYTES = (10, 1_000_000)
ROUNDS = 200


def echo(requests, answers):
    while True:
        message = requests.get()
        if message is None:
            return
        answers.put(message)


def main():
    requests, answers = queue.SimpleQueue(), queue.SimpleQueue()
    worker = threading.Thread(target=echo, args=(requests, answers))
    worker.start()
    for size_bytes in SIZES_BYTES:
        message = bytes(size_bytes)
        start = time.perf_counter()
        for _ in range(ROUNDS):
            requests.put(message)
            answers.get()
        round_us = (time.perf_counter() - start) / ROUNDS * 1e6
        print(f"in threads, {size_bytes} bytes: {round_us:.0f} us a round")
    requests.put(None)
    worker.join()


if __name__ == "__main__":
    main()
