"""A value is computed once for all who ask for it at the same time."""

import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from kpi.once import drop, once


def together(function, *arguments):
    """What as many threads get from a function, each with its argument; exceptions as such."""
    with ThreadPoolExecutor(len(arguments)) as pool:
        asked = [pool.submit(function, argument) for argument in arguments]
    return [one.exception() or one.result() for one in asked]


def counting(function, most=9):
    """(the function kept once, the list of the arguments that it was called with)."""
    calls = []

    @once(most)
    def ask(argument):
        calls.append(argument)
        time.sleep(0.05)
        return function(argument)

    return ask, calls


def test_what_many_threads_ask_for_is_computed_once():
    ask, calls = counting(lambda name: [name])
    got = together(ask, *"aaaabbbb")
    assert got == [["a"]] * 4 + [["b"]] * 4 and got[0] is got[3]
    assert sorted(calls) == ["a", "b"]


def test_an_exception_is_told_to_all_who_wait_and_not_kept():
    ask, calls = counting(lambda name: 1 / (len(calls) - 1))
    assert [type(one) for one in together(ask, "a", "a", "a")] == [ZeroDivisionError] * 3
    assert ask("a") == 1 and calls == ["a", "a"]


def test_a_value_can_be_computed_from_other_values_by_several_threads():
    ask, calls = counting(lambda number: number + ask(number - 1) if number else 0)
    assert together(ask, 4, 3, 4, 2) == [10, 6, 10, 3]
    assert sorted(calls) == [0, 1, 2, 3, 4]


def test_a_value_that_is_computed_from_itself_is_told_and_nobody_waits_for_it():
    ask, _ = counting(lambda name: ask(name))
    with pytest.raises(RecursionError):
        ask("a")


def test_those_used_last_are_kept():
    ask, calls = counting(str, most=2)
    assert [ask(number) for number in (1, 2, 1, 3, 1, 2)] == list("121312")
    assert calls == [1, 2, 3, 2]


def test_what_is_old_is_dropped_and_the_rest_is_kept():
    ask, calls = counting(str)
    assert [ask("old"), ask("new")] == ["old", "new"]
    drop(lambda arguments: arguments == ("old",))
    assert [ask("new"), ask("old")] == ["new", "old"]
    assert calls == ["old", "new", "old"]
