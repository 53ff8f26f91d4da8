"""Hash seeded data: compiled code, which drops the lock while it hashes."""
import hashlib

from harness.pcg import Pcg32
from harness.workloads import LOCKED, UNLOCKED

# The task's data is this many bytes over and over.
BLOCK = 8192
# Bytes a call.
CALL = 32 * BLOCK
# Below, hashlib keeps the lock.
DROPS = 2048


def sha256(experiment, task, heap):
    left = experiment["size"]
    data = Pcg32(experiment["seed"] << 32 | task).bytes(BLOCK) * (CALL // BLOCK)
    hashed = hashlib.sha256()
    yield None
    while left > 0:
        count = min(left, CALL)
        part = data[:count]
        if count >= DROPS:
            yield UNLOCKED
            hashed.update(part)
            yield LOCKED
        else:
            hashed.update(part)
        left -= count
    yield hashed.digest()
