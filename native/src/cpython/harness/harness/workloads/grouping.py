"""Group a seeded table of orders by shop."""
import struct

from harness.pcg import Pcg32

GROUPS = 256
VALUES = 100000
ROWS = 50


def aggregate(experiment, task, heap):
    left = experiment["size"]
    random = Pcg32(experiment["seed"])
    random.advance(2 * task * left)
    rows, sums = [0] * GROUPS, [0] * GROUPS
    least, greatest = [0xFFFFFFFF] * GROUPS, [0] * GROUPS
    draw = random.next
    while True:
        count = min(left, ROWS)
        for _ in range(count):
            drawn = draw()
            # The lesser of two random bytes: low keys are common and high ones rare.
            key = min(drawn & 0xFF, drawn >> 8 & 0xFF)
            value = draw() % VALUES
            rows[key] += 1
            sums[key] += value
            if value < least[key]:
                least[key] = value
            if value > greatest[key]:
                greatest[key] = value
        left -= count
        if left == 0:
            break
        yield None
    yield b"".join(struct.pack("<QQII", *group) for group in zip(rows, sums, least, greatest))
