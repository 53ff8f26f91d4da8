"""What a worker notes of itself. gilscope infers from it who had the lock when (cpython/trace.rs)."""
from array import array

from harness.clock import now

# What a worker can say of itself; that it waits for the lock it cannot know.
RUNNING, UNLOCKED, BLOCKED, SENDING, RECEIVING, IDLE = range(6)


class Recorder(object):
    """Marks (when, state, task, quanta so far, until when), and a stamp for the end of every quantum."""

    def __init__(self):
        self.clear()

    def clear(self):
        self.marks = []
        self.stamps = array("d")

    def enter(self, state, task=None, lasts=None):
        """Enter a state, which is to last so many nanoseconds if that is known; gives when."""
        at = now()
        self.enter_at(at, state, task, None if lasts is None else at + lasts)
        return at

    def enter_at(self, at, state, task, until=None):
        self.marks.append((at, state, task, len(self.stamps), until))

    def drain(self):
        """What was noted since the last call."""
        marks, stamps = self.marks, self.stamps
        self.clear()
        return marks, stamps
