"""The tile map: every place a cell of its own, near its real position."""

from itertools import combinations, permutations

import numpy as np
import pytest

from ui.kit.tiles import assignment, tiles


@pytest.mark.parametrize("seed", range(40))
def test_no_other_assignment_has_a_smaller_sum(seed):
    draws = np.random.default_rng(seed)
    rows = int(draws.integers(1, 6))
    costs = draws.random((rows, int(draws.integers(rows, 7))))
    found = assignment(costs)
    ways = permutations(range(costs.shape[1]), rows)
    best = min(sum(costs[row, way[row]] for row in range(rows)) for way in ways)
    assert len(set(found)) == rows
    assert sum(costs[row, column] for row, column in enumerate(found)) == pytest.approx(best)


def test_equal_costs_are_no_trouble():
    assert sorted(assignment(np.zeros((4, 5)))) == sorted(set(assignment(np.zeros((4, 5)))))


def test_a_lattice_stays_one():
    places = {(x, y): (-y / 100, 108 + x / 100) for x in range(4) for y in range(5)}
    cells = tiles(places)
    assert len(set(cells.values())) == 20
    for a, b in combinations(places, 2):
        for axis in (0, 1):
            if a[axis] < b[axis]:
                assert cells[a][axis] <= cells[b][axis]


def test_north_is_above_and_east_is_right_in_any_part_of_the_world():
    for latitude in (-6.7, 60):
        cells = tiles({"n": (latitude + 1, 0), "s": (latitude - 1, 0), "e": (latitude, 5)})
        assert cells["n"][1] < cells["s"][1] and cells["e"][0] > cells["n"][0]


@pytest.mark.parametrize("places", [{}, {"only": (-6.7, 108.5)}, {"a": (0, 0), "b": (0, 0)}])
def test_few_or_equal_places_get_cells_of_their_own(places):
    assert len(set(tiles(places).values())) == len(places)
