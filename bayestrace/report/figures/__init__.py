"""One function per figure, from plain data to an SVG string."""

from bayestrace.report.figures.drawing import Datum, Svg
from bayestrace.report.figures.forest import Axis, Mark, Panel, Row, forest
from bayestrace.report.figures.mechanism import Node, mechanism
from bayestrace.report.figures.mechanism import Words as MechanismWords
from bayestrace.report.figures.waterfall import Bar, waterfall
from bayestrace.report.figures.waterfall import Words as WaterfallWords

__all__ = [
    "Axis",
    "Bar",
    "Datum",
    "Mark",
    "MechanismWords",
    "Node",
    "Panel",
    "Row",
    "Svg",
    "WaterfallWords",
    "forest",
    "mechanism",
    "waterfall",
]
