"""Whom a night asks beside PubMed, the gravest news first."""

from harvester.icite import refresh_citations
from harvester.labels import refresh_labels
from harvester.retractions import refresh_notices
from harvester.retractions_crossref import refresh_crossref

NEIGHBOURS = (refresh_notices, refresh_crossref, refresh_labels, refresh_citations)
