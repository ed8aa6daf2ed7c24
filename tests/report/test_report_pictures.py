"""A figure that was taken out of the page looks as it does there: pixel by pixel, in a real browser, in both themes."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal

import pytest
from playwright.sync_api import Browser, Page
from shares import some
from test_report_downloads import figure, opened, page_of, taken

FIGURES = ("overview-0", "fall-0", "mech-0", "time-0", "sens-map-0-0", "sens-ternary-0", "sens-lead-leaning-0")
#: Pixels of the screen for one unit of a figure: those of a PNG that is taken.
SCALE = 2
#: Edges of letters may fall otherwise within a pixel: pictures are looked at from four times as far, and may be a shade
#: apart there. What has another colour, width or place is further apart than this.
SHADE, SHARE = 24, 0.001

# How many points of two pictures are further apart in some colour than a shade, and how many are not of the paper.
APART = """async ([one, other, shade]) => {
  const read = async (png) => {
    const image = new Image();
    image.src = "data:image/png;base64," + png;
    await image.decode();
    const [width, height] = [image.width >> 2, image.height >> 2];
    const pen = Object.assign(document.createElement("canvas"), {width, height}).getContext("2d");
    pen.imageSmoothingQuality = "high";
    pen.drawImage(image, 0, 0, width, height);
    return {size: [image.width, image.height], data: pen.getImageData(0, 0, width, height).data};
  };
  const [a, b] = [await read(one), await read(other)];
  let [apart, ink] = [0, 0];
  for (let i = 0; i < a.data.length; i += 4) {
    const by = (x, y, from = i) => Math.max(...[0, 1, 2].map(c => Math.abs(x[i + c] - y[from + c])));
    apart += by(a.data, b.data) > shade;
    ink += by(a.data, a.data, 0) > shade;
  }
  return {sizes: [a.size, b.size], apart, ink, all: a.data.length / 4};
}"""
# The drawing of a figure where it stands in the page, as large as it was drawn, at whole pixels.
ALONE = """svg => {
  const {width, height} = svg.viewBox.baseVal;
  Object.assign(svg.style, {position: "relative", width: `${width}px`, height: `${height}px`, maxWidth: "none"});
  svg.scrollIntoView({block: "center"});
  const {x, y} = svg.getBoundingClientRect();
  Object.assign(svg.style, {left: `${Math.ceil(x) - x}px`, top: `${Math.ceil(y) - y}px`});
  return {x: Math.ceil(x), y: Math.ceil(y), width: Math.floor(width), height: Math.floor(height)};
}"""


@pytest.fixture(params=["light", pytest.param("dark", marks=pytest.mark.long)])
def sharp(request: pytest.FixtureRequest, browser: Browser) -> Iterator[Page]:
    theme: Literal["light", "dark"] = request.param
    size: Any = {"width": 1280, "height": 1000}
    context = browser.new_context(device_scale_factor=SCALE, color_scheme=theme, viewport=size)
    yield context.new_page()
    context.close()


def apart(tab: Page, one: bytes, other: bytes) -> dict[str, Any]:
    bare = tab.context.new_page()
    found = bare.evaluate(APART, [base64.b64encode(one).decode(), base64.b64encode(other).decode(), SHADE])
    bare.close()
    assert isinstance(found, dict)
    return found


@pytest.mark.parametrize("key", some(FIGURES, "overview-0", "mech-0", "sens-map-0-0"))
def test_a_picture_looks_as_in_the_page(sharp: Page, tmp_path: Path, key: str) -> None:
    opened(sharp, tmp_path, page_of())
    one = figure(sharp, key)
    _, text = taken(sharp, one.locator(".take button").nth(0))
    _, png = taken(sharp, one.locator(".take button").nth(1))
    # A narrow and a wide drawing of one figure: the one that is shown.
    drawing = one.locator("svg.fig:visible:not(.key)").first
    clip: Any = drawing.evaluate(ALONE)
    in_page = sharp.screenshot(clip=clip)
    bare = sharp.context.new_page()
    bare.set_content(f"<body style='margin: 0'>{text.decode()}")
    place = bare.evaluate(
        "() => { const {x, y} = document.querySelector('svg > svg'); return {x: x.baseVal.value, y: y.baseVal.value}; }"
    )
    there: Any = {**clip, **place}
    by_itself = bare.screenshot(clip=there)
    encoded = base64.b64encode(png).decode()
    bare.set_content(f"<body style='margin: 0'><img style='zoom: {1 / SCALE}' src='data:image/png;base64,{encoded}'>")
    bare.wait_for_function("document.images[0].complete")
    as_png = bare.screenshot(clip=there)
    bare.close()
    # A picture made of points has no letters that are fitted to the screen.
    for picture, share in ((by_itself, SHARE), (as_png, 6 * SHARE)):
        found = apart(sharp, in_page, picture)
        assert found["sizes"][0] == found["sizes"][1]
        assert found["ink"] > 0.01 * found["all"]
        assert found["apart"] <= share * found["all"], found
