"""Multiply matrices of whole numbers, one entry after another."""
import hashlib
import struct

from harness.pcg import Pcg32

# Multiplications a quantum, and numbers drawn in one.
STEPS = 1000
DRAWN = 150


def matrix_multiply(experiment, task, heap):
    size = experiment["size"]
    random = Pcg32(experiment["seed"] << 32 | task)
    matrix = []
    drawn = 0
    for _ in range(2 * size):
        matrix.append([(random.next() >> 16) - (1 << 15) for _ in range(size)])
        drawn += size
        if drawn >= DRAWN:
            yield None
            drawn = 0
    left, right = matrix[:size], matrix[size:]
    product = hashlib.sha256()
    spent = 0
    for row in left:
        entries = []
        for column in range(size):
            if spent >= STEPS:
                yield None
                spent = 0
            total = 0
            for inner in range(size):
                total += row[inner] * right[inner][column]
            entries.append(total)
            spent += size
        product.update(struct.pack("<%dq" % size, *entries))
    yield product.digest()
