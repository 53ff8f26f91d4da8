"""Hashing and a matrix product, each task after the other."""

import hashlib
import time

SIZE_BYTES = 20_000_000
ROWS = 60
TASKS = 4


def hash_buffer(size_bytes):
    # One call in C. It drops the lock, as it touches no Python object.
    return hashlib.sha256(bytes(size_bytes)).hexdigest()


def matrix_product(rows):
    # Pure Python: every step needs the lock.
    matrix = [[row * column for column in range(rows)] for row in range(rows)]
    columns = list(zip(*matrix))
    return [
        [sum(a * b for a, b in zip(row, column)) for column in columns]
        for row in matrix
    ]


def main():
    for task, size in (hash_buffer, SIZE_BYTES), (matrix_product, ROWS):
        start = time.perf_counter()
        for _ in range(TASKS):
            task(size)
        elapsed_s = time.perf_counter() - start
        print(f"{task.__name__}, serial: {elapsed_s:.2f} s")


if __name__ == "__main__":
    main()
