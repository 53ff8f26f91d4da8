"""`processes`, and the ceiling's bare workers: isolated heaps, messages."""
import pickle
from collections import deque

from harness import memory, worker
from harness.clock import now
from harness.links import PipeLink, QueueLink
from harness.worker import dumps
from harness.workloads import Heap, counted
from harness.workloads.data import given

# A worker that has not ended by then is ended.
PATIENCE_S = 5


class Failure(Exception):
    """What gilscope is to tell its reader."""


class Processes(object):
    """A pool of `multiprocessing`: long-lived workers, each at the end of a link."""

    def __init__(self, experiment, host):
        self.experiment, self.host = experiment, host
        self.links, self.processes, self.startup = [], [], []
        self.data = given(experiment)
        self.found = self.grown = None

    def start(self):
        asked = []
        before = None if self.experiment["cold"] else memory.own_bytes()
        for number in range(self.experiment["all_workers"]):
            asked.append(now())
            self.links.append(self.hire(number))
        ready = self.converse({number: None for number in range(len(self.links))})
        self.startup = [(at, ready[number][1]) for number, at in enumerate(asked)]
        if self.experiment["cold"]:
            return True
        # What interpreters take is this process's; worker processes have memory of their own.
        self.grown = None if self.pids() else memory.grown(before)
        warm = self.ask_all(("warm_up", self.data))
        return all(answer[1] for answer in warm)

    def hire(self, number):
        """Start a worker; gives the link to it."""
        import multiprocessing

        # Python 2.7 knows but one way to start a process, and no contexts.
        method = self.experiment["start_method"]
        context = multiprocessing.get_context(method) if hasattr(multiprocessing, "get_context") else multiprocessing
        ours, theirs = context.Pipe()
        link, their_link = PipeLink(ours), PipeLink(theirs)
        if self.experiment["channel"] == "queue":
            queue = context.Queue()
            link, their_link = QueueLink(ours, queue, True), QueueLink(theirs, queue, False)
        shared = None
        if self.experiment["channel"] == "shared-memory" and self.data:
            shared = context.RawArray("b", len(self.data))
        link.shared = shared
        process = context.Process(target=worker.serve, args=(self.experiment, their_link, shared))
        process.daemon = True
        process.start()
        theirs.close()
        self.processes.append(process)
        return link

    def pids(self):
        return [process.pid for process in self.processes]

    def converse(self, posts):
        """Post to some workers; gives what each of them answers, by worker."""
        for number, data in posts.items():
            if data is not None:
                self.post(number, data)
        answers = {}
        while len(answers) < len(posts):
            for number, data in self.arrived([number for number in posts if number not in answers]):
                answers[number] = pickle.loads(data)
        return answers

    def ask_all(self, message):
        data = dumps(message)
        answers = self.converse({number: data for number in range(len(self.links))})
        return [answers[number] for number in range(len(self.links))]

    def post(self, number, data):
        try:
            self.links[number].send(data)
        except OSError:
            raise self.died(number)

    def arrived(self, numbers):
        """Wait for messages of some workers."""
        descriptors = {self.links[number].fileno(): number for number in numbers}
        for descriptor in self.host.wait(list(descriptors)):
            number = descriptors[descriptor]
            try:
                yield number, self.links[number].receive()
            except (EOFError, OSError):
                raise self.died(number)

    def died(self, number):
        self.processes[number].join(PATIENCE_S)
        status = self.processes[number].exitcode
        return Failure("worker process %d ended in the middle of the run (exit code %s)" % (number, status))

    def sample(self, tasks):
        return Sample(self, tasks).run()

    def bare(self, tasks):
        answers = self.ask_all(("bare", tasks))
        return {"start": min(answer[1] for answer in answers), "end": max(answer[2] for answer in answers)}

    def drain(self):
        flushed = self.ask_all(("flush",))
        own = counted(self.experiment["workload"], Heap())
        self.found = None if own is None else [own] + [answer[2] for answer in flushed]
        return [answer[1] for answer in flushed]

    def stop(self):
        for link in self.links:
            try:
                link.send(dumps(("exit",)))
            except OSError:
                pass
        for process in self.processes:
            process.join(PATIENCE_S)
            if process.is_alive():
                process.terminate()
                process.join()
        for link in self.links:
            link.close()


class Sample(object):
    """One measurement: chunks go to whoever is free."""

    def __init__(self, pool, tasks):
        self.pool = pool
        self.workers = pool.experiment["workers"]
        chunk = pool.experiment["chunk"]
        self.chunks = deque(tasks[at : at + chunk] for at in range(0, len(tasks), chunk))
        self.sent = {}
        self.answers = []
        self.messages = self.bytes = self.serialize = self.transfer = 0

    def run(self):
        beside = range(self.workers, len(self.pool.links))
        for number in beside:
            self.pool.post(number, dumps(("beside",)))
        start = now()
        for number in range(self.workers):
            self.feed(number)
        while self.sent:
            for number, data in self.pool.arrived(list(self.sent)):
                self.take(number, data)
                self.feed(number)
        channel = (self.messages, self.bytes, self.serialize, self.transfer)
        return {"start": start, "answers": self.answers, "channel": channel}

    def feed(self, number):
        """Send a worker its next chunk, if there is one."""
        if not self.chunks:
            return
        tasks = self.chunks.popleft()
        begun = now()
        data = self.pool.data
        shared = self.pool.links[number].shared
        if shared is not None:
            memoryview(shared).cast("B")[: len(data)] = data
            data = len(data)
        message = dumps(("tasks", tasks, data))
        self.sent[number] = now()
        self.count(message, self.sent[number] - begun)
        self.pool.post(number, message)

    def take(self, number, data):
        arrived = now()
        _, received, sent, serialized, answers = pickle.loads(data)
        answers = pickle.loads(answers)
        at = now()
        self.answers += [(number, task, started, at, partial) for task, started, _, partial in answers]
        self.count(data, serialized + at - arrived)
        self.transfer += max(received - self.sent.pop(number), 0) + max(arrived - sent, 0)

    def count(self, data, serialize):
        self.messages += 1
        self.bytes += len(data)
        self.serialize += serialize
