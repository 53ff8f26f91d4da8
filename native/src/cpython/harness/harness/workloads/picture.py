"""The Mandelbrot set, each task one tile of it."""

MOST_ITERATIONS = 1000
ITERATIONS = 800


def tile(size, tasks, task):
    """Where a task's tile lies: left, top, right, bottom."""
    rows = max(rows for rows in range(1, int(tasks ** 0.5) + 2) if rows * rows <= tasks and tasks % rows == 0)
    columns = tasks // rows
    row, column = task // columns, task % columns
    return (
        size * column // columns,
        size * row // rows,
        size * (column + 1) // columns,
        size * (row + 1) // rows,
    )


def iterations(real, imaginary):
    """Iterations of z -> z^2 + c before |z| exceeds 2."""
    x = y = 0.0
    for count in range(MOST_ITERATIONS):
        xx, yy = x * x, y * y
        if xx + yy > 4.0:
            return count
        y = 2.0 * x * y + imaginary
        x = xx - yy + real
    return MOST_ITERATIONS


def mandelbrot(experiment, task, heap):
    size = experiment["size"]
    left, top, right, bottom = tile(size, experiment["tasks"], task)
    scale = 3.0 / size
    pixels = bytearray()
    spent = 0
    for row in range(top, bottom):
        for column in range(left, right):
            if spent >= ITERATIONS:
                yield None
                spent = 0
            count = iterations(column * scale - 2.25, row * scale - 1.5)
            pixels.append(count & 0xFF)
            pixels.append(count >> 8)
            spent += count + 1
    yield bytes(pixels)
