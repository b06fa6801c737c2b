"""A tile map: places as equal cells of a grid, each as near to its real position as all can be."""

from math import cos, radians, sqrt

import numpy as np

SPARE = 1.25  # cells a place: some stay empty, so that the outline of the whole is seen
RANKS = 0.75  # weight of ranks beside true positions: in a city most places crowd in the middle


def tiles(places):
    """{place: (column, row)} of {place: (latitude, longitude)}; row 0 is the northernmost.

    The grid has the shape of the area. Of all ways to give each place a cell of its own the one
    with the least sum of squared distances to the real positions is taken, so neighbours stay near
    and north stays north. Positions are the mean of the true ones and of ranks: in a city most
    places crowd in the middle.
    """
    if not places:
        return {}
    names = sorted(places)
    where = np.array([places[name] for name in names], dtype=float)
    south, east = -where[:, 0], where[:, 1] * cos(radians(where[:, 0].mean()))
    columns, rows = _shape(len(names), np.ptp(east), np.ptp(south))
    x, y = _spread(east) * (columns - 1), _spread(south) * (rows - 1)
    cells = [(column, row) for row in range(rows) for column in range(columns)]
    costs = np.array(
        [[(a - c) ** 2 + (b - r) ** 2 for c, r in cells] for a, b in zip(x, y, strict=True)]
    )
    return dict(zip(names, (cells[n] for n in assignment(costs)), strict=True))


def assignment(costs):
    """The column of each row of a matrix (rows <= columns) so that the sum is the least.

    The Hungarian method with potentials, one shortest path a row: O(rows² columns), Kuhn 1955,
    Jonker and Volgenant 1987.
    """
    rows, columns = costs.shape
    row_price, price = np.zeros(rows), np.zeros(columns)
    owner = np.full(columns, -1)
    for first in range(rows):
        far, came, done = np.full(columns, np.inf), np.full(columns, -1), np.zeros(columns, bool)
        row, column, length = first, -1, 0.0
        while row >= 0:
            if column >= 0:
                done[column] = True
            reach = length + costs[row] - row_price[row] - price
            nearer = ~done & (reach < far)
            far[nearer], came[nearer] = reach[nearer], column
            column = int(np.where(done, np.inf, far).argmin())
            length, row = far[column], owner[column]
        row_price[first] += length
        row_price[owner[done]] += length - far[done]
        price[done] -= length - far[done]
        while column >= 0:
            before = came[column]
            owner[column] = first if before < 0 else owner[before]
            column = before
    found = np.empty(rows, int)
    found[owner[owner >= 0]] = np.flatnonzero(owner >= 0)
    return found.tolist()


def _shape(count, width, height):
    """(columns, rows) of a grid that is as wide for its height as the area, with spare cells."""
    ratio = min(max(width, 1e-9) / max(height, 1e-9), count)
    columns = max(1, round(sqrt(count * SPARE * max(ratio, 1 / count))))
    return columns, -(-round(count * SPARE) // columns)


def _spread(positions):
    """Positions from 0 to 1: the true ones mixed with their ranks."""
    span = np.ptp(positions) or 1.0
    ranks = positions.argsort(kind="stable").argsort(kind="stable") / max(1, len(positions) - 1)
    return RANKS * ranks + (1 - RANKS) * (positions - positions.min()) / span
