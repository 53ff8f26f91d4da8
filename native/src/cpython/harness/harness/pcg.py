"""The random numbers of gilscope's workloads: PCG32 as Rust's rand_pcg has it."""
import struct

MASK = (1 << 64) - 1
MULTIPLIER = 6364136223846793005
_SEED_INCREMENT = 11634580027462260723


def output(state):
    """The number that a state gives."""
    shifted = (((state >> 18) ^ state) >> 27) & 0xFFFFFFFF
    rotation = state >> 59
    return ((shifted >> rotation) | (shifted << (32 - rotation))) & 0xFFFFFFFF


class Pcg32(object):
    def __init__(self, seed):
        """As seed_from_u64 of rand_core does."""
        words = []
        for _ in range(4):
            seed = (seed * MULTIPLIER + _SEED_INCREMENT) & MASK
            words.append(output(seed))
        self.increment = (words[2] | words[3] << 32) | 1
        self.state = ((words[0] | words[1] << 32) + self.increment) & MASK
        self.next()

    def next(self):
        """The next 32 random bits."""
        state = self.state
        self.state = (state * MULTIPLIER + self.increment) & MASK
        return output(state)

    def advance(self, numbers):
        """Leave out so many numbers."""
        times, plus, factor, add = 1, 0, MULTIPLIER, self.increment
        while numbers > 0:
            if numbers & 1:
                times, plus = times * factor & MASK, (plus * factor + add) & MASK
            factor, add = factor * factor & MASK, (factor + 1) * add & MASK
            numbers >>= 1
        self.state = (times * self.state + plus) & MASK

    def bytes(self, count):
        return b"".join(struct.pack("<I", self.next()) for _ in range(count // 4))
