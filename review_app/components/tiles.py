"""Figures side by side, each with what it counts and where it leads."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

import streamlit as st


@dataclass(frozen=True, slots=True)
class Tile:
    """`address` is a page of the app, such as `/claims`."""

    figure: str
    words: str
    address: str


def tiles(row: Sequence[Tile]) -> None:
    st.html(tiles_markup(row))


def tiles_markup(row: Sequence[Tile]) -> str:
    return f'<div class="fn-tiles">{"".join(map(_tile, row))}</div>'


def _tile(tile: Tile) -> str:
    figure, words = escape(tile.figure), escape(tile.words)
    return f'<a class="fn-tile" href="{escape(tile.address)}" target="_self"><b>{figure}</b><span>{words}</span></a>'
