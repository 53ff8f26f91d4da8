"""Shared memory carries no messages: write, then wake up the other."""

import multiprocessing
import time
from multiprocessing.shared_memory import SharedMemory

SIZES_BYTES = (10, 1_000_000)
ROUNDS = 50


def add_one(name, request, answer):
    shared = SharedMemory(name=name)
    while True:
        request.acquire()
        shared.buf[0] += 1
        answer.release()


def main():
    shared = SharedMemory(create=True, size=max(SIZES_BYTES))
    request, answer = multiprocessing.Semaphore(0), multiprocessing.Semaphore(0)
    args = shared.name, request, answer
    # A daemon ends with the program.
    multiprocessing.Process(target=add_one, args=args, daemon=True).start()
    request.release()
    answer.acquire()  # its start does not count
    for size_bytes in SIZES_BYTES:
        message = bytes(size_bytes)
        start = time.perf_counter()
        for _ in range(ROUNDS):
            shared.buf[:size_bytes] = message
            request.release()
            answer.acquire()
        round_us = (time.perf_counter() - start) / ROUNDS * 1e6
        print(f"shared memory, {size_bytes} bytes: {round_us:.0f} us a round")
    shared.close()
    shared.unlink()


if __name__ == "__main__":
    main()
