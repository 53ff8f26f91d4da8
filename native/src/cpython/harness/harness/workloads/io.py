"""Wait for input and output, with little or with as much computing."""
from harness.pcg import MASK, MULTIPLIER
from harness.workloads import whole

# As in gilscope's compiled code: numbers of a microsecond, and waits of io-mixed.
NUMBERS_A_US = 480
PARTS = 5
# Python adds up as many numbers as it can while it is to compute, which are one of so many, and takes the
# sum of all from its closed form: the answer is the same, and it computes for about as long as it waits.
SHARE = 40
NUMBERS = 1000


def io_wait(experiment, task, heap):
    return request(experiment, task, experiment["size"], 1, 0)


def io_mixed(experiment, task, heap):
    size = experiment["size"]
    return request(experiment, task, size / 2.0, PARTS, min(size // 2 // PARTS * NUMBERS_A_US, 0xFFFFFFFF))


def request(experiment, task, wait_us, parts, numbers):
    hashed = experiment["seed"] << 32 | task
    for _ in range(parts):
        yield float(wait_us) / parts
        hashed = digest(hashed, max(numbers, 1))
        for start in range(0, numbers // SHARE, NUMBERS):
            sum_of_squares(start, min(start + NUMBERS, numbers // SHARE))
            yield None
    yield whole(hashed)


def digest(hashed, numbers):
    total = (numbers - 1) * numbers * (2 * numbers - 1) // 6
    return ((hashed ^ (total & MASK)) * MULTIPLIER + 1) & MASK


def sum_of_squares(start, stop):
    total = 0
    for number in range(start, stop):
        total += number * number
    return total
