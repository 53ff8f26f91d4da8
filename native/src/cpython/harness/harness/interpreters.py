"""`processes` by other means: interpreters of one process, each with a heap and a lock of its own."""
import os
import threading

from harness.links import FileLink
from harness.processes import Failure, Processes

SCRIPT = """
import sys
sys.path[:0] = [{folder!r}]
from harness.links import FileLink
from harness.worker import serve
serve({experiment!r}, FileLink({source}, {sink}))
"""


def means():
    """How this Python creates an interpreter, runs a script there, and destroys it."""
    try:
        from concurrent.interpreters import Interpreter, create

        return create, Interpreter.exec, Interpreter.close
    except ImportError:
        pass
    try:
        import _interpreters as interpreters

        return lambda: interpreters.create("isolated"), interpreters.exec, interpreters.destroy
    except ImportError:
        import _xxsubinterpreters as interpreters

        return lambda: interpreters.create(isolated=True), interpreters.run_string, interpreters.destroy


def run(script):
    """Run a script in an interpreter of its own, which ends with it."""
    create, execute, destroy = means()
    interpreter = create()
    try:
        failure = execute(interpreter, script)
    finally:
        destroy(interpreter)
    if failure is not None:
        raise RuntimeError(failure)


class Interpreters(Processes):
    """A pool of threads, each of which runs an interpreter."""

    def hire(self, number):
        import sys

        (source, to_worker), (from_worker, sink) = os.pipe(), os.pipe()
        link = FileLink(from_worker, to_worker)
        link.shared = None
        names = {"folder": sys.path[0], "experiment": self.experiment, "source": source, "sink": sink}
        thread = Thread(target=live, args=(SCRIPT.format(**names), (source, sink)), daemon=True)
        thread.start()
        self.processes.append(thread)
        return link

    def pids(self):
        return []


class Thread(threading.Thread):
    """What the pool expects of a process."""

    exitcode = "none: it is an interpreter"

    def terminate(self):
        # Nobody can but its process, which gilscope ends then.
        raise Failure("an interpreter did not end when its work was done")


def live(script, ends):
    try:
        run(script)
    finally:
        # The parent sees that this end is closed.
        for end in ends:
            os.close(end)
