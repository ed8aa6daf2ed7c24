"""One function per figure, from plain data to an SVG string."""

from bayestrace.report.figures.drawing import Caption, Datum, Svg
from bayestrace.report.figures.forest import Axis, Layout, Mark, Panel, Row, forest
from bayestrace.report.figures.mechanism import Node, mechanism
from bayestrace.report.figures.mechanism import Words as MechanismWords
from bayestrace.report.figures.waterfall import Bar, Total, waterfall
from bayestrace.report.figures.waterfall import Words as WaterfallWords

__all__ = [
    "Axis",
    "Bar",
    "Caption",
    "Datum",
    "Layout",
    "Mark",
    "MechanismWords",
    "Node",
    "Panel",
    "Row",
    "Svg",
    "Total",
    "WaterfallWords",
    "forest",
    "mechanism",
    "waterfall",
]
