"""Read a path of a figure back: the points of each of its lines."""

from __future__ import annotations

import re

Place = tuple[float, float]
_STEP = re.compile(r"([MmLlHhVv])([^A-Za-z]*)")
_NUMBER = re.compile(r"-?(?:\d+(?:\.\d+)?|\.\d+)")


def lines_of(path: str) -> list[list[Place]]:
    """Return the lines of a path that is made of moves and straight lines, in the figure's units.

    Coordinates are kept as tenths until the end, so that what was written as tenths comes back exactly.
    """
    assert _STEP.sub("", path) == ""
    lines: list[list[Place]] = []
    x, y = 0, 0
    for command, said in _STEP.findall(path):
        assert _NUMBER.sub("", said).strip(" ,") == "", said
        numbers = [round(10 * float(number)) for number in _NUMBER.findall(said)]
        name, from_here = command.lower(), command.islower()
        if name == "h":
            steps = [(number, 0 if from_here else y) for number in numbers]
        elif name == "v":
            steps = [(0 if from_here else x, number) for number in numbers]
        else:
            steps = list(zip(numbers[::2], numbers[1::2], strict=True))
        for place, (across, down) in enumerate(steps):
            x, y = (x + across, y + down) if from_here else (across, down)
            if name == "m" and place == 0:
                lines.append([])
            lines[-1].append((x / 10, y / 10))
    return lines
