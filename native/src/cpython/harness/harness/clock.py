"""One clock for every process of a run: nanoseconds by the system's monotonic clock, as gilscope reads it."""
import sys
import time

if sys.version_info >= (3, 7):
    now = time.perf_counter_ns

    # On Linux they are the same clock, elsewhere they may be apart.
    _APART = time.clock_gettime_ns(time.CLOCK_MONOTONIC) - now()
    if abs(_APART) > 1000000:

        def now():
            return time.perf_counter_ns() + _APART

else:
    import ctypes
    import os

    class _Timespec(ctypes.Structure):
        _fields_ = [("seconds", ctypes.c_long), ("nanoseconds", ctypes.c_long)]

    def _monotonic():
        spec = _Timespec()
        # PyDLL keeps the lock during the call.
        ctypes.PyDLL(None).clock_gettime(4 if sys.platform == "darwin" else 1, ctypes.byref(spec))
        return spec.seconds + spec.nanoseconds * 1e-9

    # Python 2.7 has no monotonic clock that is cheap to read, so it follows the system's time.
    _APART = _monotonic() - time.time()

    def now():
        return int((time.time() + _APART) * 1e9)
