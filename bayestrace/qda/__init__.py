"""REFI-QDA, the exchange format of NVivo, ATLAS.ti, MAXQDA and others: projects in, studies out."""

from bayestrace.qda.archive import read_archive
from bayestrace.qda.export import codebook, project_archive
from bayestrace.qda.project import Project, read_project
from bayestrace.qda.stubs import Stubs, stubs

__all__ = ["Project", "Stubs", "codebook", "project_archive", "read_archive", "read_project", "stubs"]
