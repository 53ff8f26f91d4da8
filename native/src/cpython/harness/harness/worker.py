"""An isolated worker: a process, or an interpreter with a heap and a lock of its own."""
import pickle
from array import array

from harness.clock import now
from harness.recorder import IDLE, RECEIVING, SENDING, Recorder
from harness.tasks import compute, compute_beside, run_bare, warm_up
from harness.workloads import Heap, counted

# Quanta beside the tasks of others between two looks for a message.
QUANTA = 8


def dumps(message):
    return pickle.dumps(message, pickle.HIGHEST_PROTOCOL)


class Worker(object):
    def __init__(self, experiment, link, shared=None):
        self.experiment, self.link, self.shared = experiment, link, shared
        self.recorder = Recorder()
        self.heap = Heap()

    def serve(self):
        """Do what the parent asks for, until it asks for nothing more."""
        self.link.send(dumps(("ready", now())))
        while True:
            try:
                data = self.link.receive()
            except (EOFError, OSError):
                return
            received = now()
            message = pickle.loads(data)
            if message[0] == "exit":
                return
            getattr(self, message[0])(received, *message[1:])

    def warm_up(self, received, data):
        self.link.send(dumps(("warm", warm_up(self.experiment, Heap(data)))))

    def tasks(self, received, tasks, data):
        self.recorder.enter_at(received, RECEIVING, tasks[0])
        # What lies in shared memory is brought here, as everything else is.
        self.heap.data = bytes(memoryview(self.shared).cast("B")[:data]) if isinstance(data, int) else data
        loaded = now()
        answers = [compute(self.experiment, task, self.heap, self.recorder) for task in tasks]
        done = self.recorder.enter(SENDING, tasks[-1])
        answers = dumps(answers)
        sent = now()
        serialized = (loaded - received) + (sent - done)
        self.link.send(dumps(("answers", received, sent, serialized, answers)))
        self.recorder.enter(IDLE)

    def bare(self, received, tasks):
        start = now()
        for task in tasks:
            run_bare(self.experiment, task, self.heap)
        self.link.send(dumps(("bare", start, now())))

    def beside(self, received):
        quanta = [0]

        def is_over():
            quanta[0] += 1
            return quanta[0] % QUANTA == 0 and self.link.has_more()

        compute_beside(self.heap, self.recorder, is_over)
        self.recorder.enter(IDLE)

    def flush(self, received):
        marks, stamps = self.recorder.drain()
        found = counted(self.experiment["workload"], self.heap)
        self.heap = Heap()
        # Who had the lock needs no stamps where nobody shares it.
        self.link.send(dumps(("flushed", (marks, array("d")), found)))


def serve(experiment, link, shared=None):
    """The life of a worker process."""
    Worker(experiment, link, shared).serve()
