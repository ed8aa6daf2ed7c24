"""One function per figure, from plain data to an SVG string."""

from bayestrace.report.figures.drawing import Caption, Datum, Svg, precise, ticks
from bayestrace.report.figures.forest import Axis, Layout, Mark, Panel, Row, forest
from bayestrace.report.figures.heatmap import Cell, heatmap
from bayestrace.report.figures.heatmap import Words as HeatmapWords
from bayestrace.report.figures.histogram import Column, histogram
from bayestrace.report.figures.histogram import Words as HistogramWords
from bayestrace.report.figures.mechanism import Node, mechanism
from bayestrace.report.figures.mechanism import Words as MechanismWords
from bayestrace.report.figures.movable import movable
from bayestrace.report.figures.specification import Choice, specification
from bayestrace.report.figures.specification import Words as SpecificationWords
from bayestrace.report.figures.sweep import Frame, Line, Span, Spot, sweep
from bayestrace.report.figures.ternary import Corners, Region, ternary
from bayestrace.report.figures.timeline import Era, Event, Link, timeline
from bayestrace.report.figures.tornado import Gust, tornado
from bayestrace.report.figures.tornado import Words as TornadoWords
from bayestrace.report.figures.waterfall import Bar, Total, waterfall
from bayestrace.report.figures.waterfall import Words as WaterfallWords

__all__ = [
    "Axis",
    "Bar",
    "Caption",
    "Cell",
    "Choice",
    "Column",
    "Corners",
    "Datum",
    "Era",
    "Event",
    "Frame",
    "Gust",
    "HeatmapWords",
    "HistogramWords",
    "Layout",
    "Line",
    "Link",
    "Mark",
    "MechanismWords",
    "Node",
    "Panel",
    "Region",
    "Row",
    "Span",
    "SpecificationWords",
    "Spot",
    "Svg",
    "TornadoWords",
    "Total",
    "WaterfallWords",
    "forest",
    "heatmap",
    "histogram",
    "mechanism",
    "movable",
    "precise",
    "specification",
    "sweep",
    "ternary",
    "ticks",
    "timeline",
    "tornado",
    "waterfall",
]
