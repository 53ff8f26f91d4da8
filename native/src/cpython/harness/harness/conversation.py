"""The conversation with gilscope: what it asks for, and what it is answered."""
import binascii
import json
import os
import select
import shutil
import signal
import sys
import traceback

from harness.processes import Failure


class Host(object):
    """The way to gilscope, by descriptors of its own: whatever else prints goes to standard error."""

    def __init__(self):
        self.requests, self.answers = os.dup(0), os.dup(1)
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        os.dup2(2, 1)
        self.unread = b""

    def wait(self, descriptors):
        """Wait until there is something to read at one of them; gives where. Ends with gilscope."""
        while True:
            ready = select.select([self.requests] + descriptors, [], [])[0]
            if self.requests in ready:
                self.read()
                ready.remove(self.requests)
            if ready:
                return ready

    def read(self):
        data = os.read(self.requests, 1 << 16)
        if not data:
            end_with_gilscope()
        self.unread += data

    def receive(self):
        while b"\n" not in self.unread:
            self.read()
        line, _, self.unread = self.unread.partition(b"\n")
        return json.loads(line.decode("utf-8"))

    def send(self, answer):
        data = (json.dumps(answer) + "\n").encode("utf-8")
        while data:
            data = data[os.write(self.answers, data) :]


def end_with_gilscope():
    """It is gone: leave nothing behind, neither the folder of this harness nor its workers."""
    if len(sys.argv) < 2:
        # A reader has started it, whose files and processes are no business of ours.
        sys.exit()
    shutil.rmtree(sys.argv[1], ignore_errors=True)
    os.killpg(0, signal.SIGKILL)


def main():
    # Ctrl-C reaches everyone in a terminal, but only gilscope knows how to end in order.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    host = Host()
    pool = None
    while True:
        request = host.receive()
        try:
            if request["do"] == "begin":
                pool, answer = begin(request, host)
            else:
                answer = {"sample": sample, "bare": bare, "end": end}[request["do"]](pool, request)
        except Failure as failure:
            answer = {"error": str(failure)}
        except Exception as error:
            traceback.print_exc()
            answer = {"error": "%s: %s" % (type(error).__name__, error)}
        host.send(answer)


def begin(request, host):
    """Start a pool, and warm it up unless it is to be cold."""
    if request["ticks"]:
        sys.setcheckinterval(100)
    elif hasattr(sys, "setswitchinterval"):
        sys.setswitchinterval(request["switch_interval_s"])
    pool = pool_of(request, host)
    stable = pool.start()
    startup = [[asked - request["epoch_ns"], ready - request["epoch_ns"]] for asked, ready in pool.startup]
    return pool, {"startup": startup, "stable": stable, "pids": pool.pids(), "grown": pool.grown}


def pool_of(request, host):
    model, library = request["model"], request["library"]
    if model == "event-loop":
        from harness.event_loop import EventLoop as Pool
    elif model in ("processes", "bare"):
        if model == "processes" and library == "interpreters":
            from harness.interpreters import Interpreters as Pool
        elif model == "processes" and library == "futures":
            from harness.futures import ProcessFutures as Pool
        else:
            from harness.processes import Processes as Pool
    elif library == "futures" and model != "serial":
        from harness.futures import ThreadFutures as Pool
    else:
        from harness.threads import Threads as Pool
    return Pool(request, host)


def sample(pool, request):
    epoch = request["epoch_ns"]
    measured = pool.sample(list(range(request["first"], request["end"])))
    tracks = pool.drain()
    answers = [
        [worker, task, started - epoch, at - epoch, binascii.hexlify(partial).decode("ascii")]
        for worker, task, started, at, partial in measured["answers"]
    ]
    answer = {"start": measured["start"] - epoch, "answers": answers}
    if request["recording"]:
        answer["tracks"] = [track_of(marks, stamps, epoch) for marks, stamps in tracks]
    if "channel" in measured:
        answer["channel"] = measured["channel"]
    found = getattr(pool, "found", None) or [measured.get("found")]
    if found[0] is not None:
        answer["found"] = found
    return answer


def track_of(marks, stamps, epoch):
    return {
        "marks": [
            [at - epoch, state, task, work, None if until is None else until - epoch]
            for at, state, task, work, until in marks
        ],
        "stamps": [int(at) - epoch for at in stamps],
    }


def bare(pool, request):
    epoch = request["epoch_ns"]
    measured = pool.bare(request["tasks"])
    return {"start": measured["start"] - epoch, "end": measured["end"] - epoch}


def end(pool, request):
    pool.stop()
    return {"ended": True}
