"""`event-loop`: asyncio on one thread, which goes on with another task while one waits."""
import asyncio
import selectors

from harness.clock import now
from harness.recorder import BLOCKED, RUNNING
from harness.threads import Threads
from harness.workloads import LOCKED, UNLOCKED, twin


class Selector(selectors.DefaultSelector):
    """Notes when the loop has nothing to do but to wait."""

    recorder = None

    def select(self, timeout=None):
        if timeout is not None and timeout <= 0:
            return super().select(timeout)
        self.recorder.enter(BLOCKED)
        events = super().select(timeout)
        self.recorder.enter(RUNNING)
        return events


class EventLoop(Threads):
    """A pool of one thread with an event loop."""

    def __init__(self, experiment, host):
        Threads.__init__(self, experiment, host, self.run)
        self.selector = Selector()
        self.selector.recorder = self.recorders[0]
        self.loop = asyncio.SelectorEventLoop(self.selector)

    def run(self, job, worker, recorder):
        self.loop.run_until_complete(all_of(job, worker, recorder))

    def stop(self):
        Threads.stop(self)
        self.loop.close()


async def all_of(job, worker, recorder):
    tasks = iter(job.take, None)
    await asyncio.gather(*[one_of(job, task, worker, recorder) for task in tasks])


async def one_of(job, task, worker, recorder):
    stamp = recorder.stamps.append
    started = recorder.enter(RUNNING, task)
    for step in twin(job.experiment["workload"])(job.experiment, task, job.heap):
        if step is None or step is LOCKED:
            stamp(now())
        elif step is UNLOCKED:
            # Nobody else wants the lock.
            pass
        elif isinstance(step, float):
            await asyncio.sleep(step * 1e-6)
            recorder.enter(RUNNING, task)
        else:
            done = now()
            stamp(done)
            job.answer(worker, (task, started, done, step))
