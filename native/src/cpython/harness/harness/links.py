"""How messages go between the parent and an isolated worker: bytes, whichever way."""
import os
import struct


class PipeLink(object):
    """A `multiprocessing.Pipe`."""

    def __init__(self, connection):
        self.connection = connection

    def send(self, data):
        self.connection.send_bytes(data)

    def receive(self):
        return self.connection.recv_bytes()

    def has_more(self):
        return self.connection.poll()

    def fileno(self):
        return self.connection.fileno()

    def close(self):
        self.connection.close()


class QueueLink(PipeLink):
    """To the worker through a `multiprocessing.Queue`, which a thread of the sender's empties; back by a pipe."""

    def __init__(self, connection, queue, is_parent):
        PipeLink.__init__(self, connection)
        self.queue, self.is_parent = queue, is_parent

    def send(self, data):
        if self.is_parent:
            self.queue.put(data)
        else:
            PipeLink.send(self, data)

    def receive(self):
        return PipeLink.receive(self) if self.is_parent else self.queue.get()

    def has_more(self):
        return PipeLink.has_more(self) if self.is_parent else not self.queue.empty()

    def close(self):
        PipeLink.close(self)
        self.queue.close()


class FileLink(object):
    """Two pipes by their descriptors, which interpreters of one process share."""

    def __init__(self, source, sink):
        self.source, self.sink = source, sink

    def send(self, data):
        data = memoryview(struct.pack("<Q", len(data)) + data)
        while data:
            data = data[os.write(self.sink, data) :]

    def receive(self):
        (size,) = struct.unpack("<Q", self.read(8))
        return self.read(size)

    def read(self, size):
        parts = []
        while size > 0:
            part = os.read(self.source, min(size, 1 << 20))
            if not part:
                raise EOFError
            parts.append(part)
            size -= len(part)
        return b"".join(parts)

    def has_more(self):
        import select

        return bool(select.select([self.source], [], [], 0)[0])

    def fileno(self):
        return self.source

    def close(self):
        os.close(self.source)
        os.close(self.sink)
