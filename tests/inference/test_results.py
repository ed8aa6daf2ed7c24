"""A result kept in one file: the same back, the same bytes, whole or not at all."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import xarray as xr

from bayestrace import results
from bayestrace.errors import InputOutputFault

ATTRS = {"bayestrace": "1", "kind": "model", "format": results.FORMAT}


def small_tree() -> xr.DataTree:
    inner = xr.Dataset(
        {"x": (("case",), np.array([0.1, np.nan])), "name": (("case",), np.array(["", "美日"], dtype=object))},
        coords={"case": ["a", "b"]},
    )
    return xr.DataTree.from_dict({"/": xr.Dataset(attrs=ATTRS), "cases": inner})


def test_a_result_comes_back_as_it_was_and_leaves_nothing_beside_it(tmp_path: Path) -> None:
    results.save(small_tree(), tmp_path / "posterior.nc")
    assert [path.name for path in tmp_path.iterdir()] == ["posterior.nc"]
    found = results.load(tmp_path / "posterior.nc")
    assert found.attrs == ATTRS
    xr.testing.assert_equal(found["cases"].to_dataset(), small_tree()["cases"].to_dataset())


def test_a_result_is_read_as_xarray_reads_it(tmp_path: Path) -> None:
    deep = xr.Dataset(
        {
            "whole": (("case",), np.array([1, 2])),
            "open": (("case",), np.array([True, False])),
            "half": ((), np.float32(0.5), {"units": "dB", "given": [1.0, 2.0]}),
            "cases": (("draw", "case"), np.array([[1.0, np.nan], [np.inf, 4.0]])),
        },
        # Neither is a dimension: files say of such that they are coordinates.
        coords={"at": "mean", "short": ("case", ["甲", ""])},
        attrs={"note": "美日", "rank": np.int64(3)},
    )
    tree = small_tree()
    tree["cases/deep"] = xr.DataTree(deep)
    results.save(tree, tmp_path / "posterior.nc")
    found = results.load(tmp_path / "posterior.nc")
    with xr.open_datatree(tmp_path / "posterior.nc", engine="netcdf4") as expected:
        xr.testing.assert_identical(found, expected.load())
    kinds = {name: array.dtype.kind for name, array in found["cases/deep"].variables.items()}
    assert kinds == {"whole": "i", "open": "b", "half": "f", "cases": "f", "at": "U", "short": "O", "case": "O"}
    results.save(found, tmp_path / "again.nc")
    assert (tmp_path / "again.nc").read_bytes() == (tmp_path / "posterior.nc").read_bytes()


def test_the_same_result_gives_the_same_bytes_and_replaces_an_old_one(tmp_path: Path) -> None:
    one, two = tmp_path / "one.nc", tmp_path / "two.nc"
    two.write_bytes(b"old")
    results.save(small_tree(), one)
    results.save(small_tree(), two)
    assert one.read_bytes() == two.read_bytes()


@pytest.mark.parametrize("content", [None, b"", b"no netCDF"])
def test_what_cannot_be_read_is_refused_by_name(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "posterior.nc"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(InputOutputFault, match=r"posterior\.nc"):
        results.load(path)


def test_a_netcdf_file_of_another_program_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "posterior.nc"
    xr.DataTree.from_dict({"/": xr.Dataset(attrs={"title": "rain"})}).to_netcdf(path, engine="netcdf4")
    with pytest.raises(InputOutputFault, match=r"posterior\.nc"):
        results.load(path)


def test_text_is_written_with_plain_line_ends(tmp_path: Path) -> None:
    results.write_text("美日\n同盟\n", tmp_path / "report.html")
    assert (tmp_path / "report.html").read_bytes() == "美日\n同盟\n".encode()
    assert len(list(tmp_path.iterdir())) == 1
