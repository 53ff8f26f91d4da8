"""Arithmetic in a loop."""
import struct

from harness.pcg import MASK, MULTIPLIER, Pcg32
from harness.workloads import whole

NUMBERS = 1000
POINTS = 100


def sum_of_squares(experiment, task, heap):
    size = experiment["size"]
    start, end = task * size, (task + 1) * size
    total = 0
    while True:
        stop = min(end, start + NUMBERS)
        for number in range(start, stop):
            total += number * number
        start = stop
        if stop == end:
            break
        yield None
    yield struct.pack("<QQ", total & MASK, total >> 64)


def monte_carlo_pi(experiment, task, heap):
    left = experiment["size"]
    random = Pcg32(experiment["seed"])
    random.advance(2 * task * left)
    state, increment = random.state, random.increment
    inside = 0
    while True:
        points = min(left, POINTS)
        for _ in range(points):
            # Pcg32.next, twice: two calls would take most of the time.
            shifted, rotation = (((state >> 18) ^ state) >> 27) & 0xFFFFFFFF, state >> 59
            x = (((shifted >> rotation) | (shifted << (32 - rotation))) & 0xFFFFFFFF) >> 1
            state = (state * MULTIPLIER + increment) & MASK
            shifted, rotation = (((state >> 18) ^ state) >> 27) & 0xFFFFFFFF, state >> 59
            y = (((shifted >> rotation) | (shifted << (32 - rotation))) & 0xFFFFFFFF) >> 1
            state = (state * MULTIPLIER + increment) & MASK
            if x * x + y * y < 1 << 62:
                inside += 1
        left -= points
        if left == 0:
            break
        yield None
    yield whole(inside)
