"""What this Python is and can do, as one line of JSON. Runs on whatever answers to the name of a Python."""
import json
import platform
import sys


def start_methods():
    try:
        import multiprocessing

        return multiprocessing.get_all_start_methods()
    except (ImportError, AttributeError):
        return []


def interpreters():
    if sys.version_info < (3, 12):
        return False
    for name in ("concurrent.interpreters", "_interpreters", "_xxsubinterpreters"):
        try:
            __import__(name)
            return True
        except ImportError:
            pass
    return False


def gil_can_be_off():
    import sysconfig

    return hasattr(sys, "_is_gil_enabled") and bool(sysconfig.get_config_var("Py_GIL_DISABLED"))


print(
    json.dumps(
        {
            "implementation": platform.python_implementation(),
            "version": platform.python_version(),
            "compiler": platform.python_compiler(),
            "executable": sys.executable,
            "start_methods": start_methods(),
            "interpreters": interpreters(),
            "gil_can_be_off": gil_can_be_off(),
            "switch_interval": hasattr(sys, "setswitchinterval"),
        }
    )
)
