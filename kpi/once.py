"""A cache whose values are computed once, however many threads ask for one at the same time."""

from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import Future
from functools import wraps
from threading import Lock, get_ident

_caches: list[tuple[OrderedDict, Lock]] = []  # of all functions


class _Promised(Future):
    """A value that a thread computes."""

    def __init__(self):
        super().__init__()
        self.thread = get_ident()


def once(most: int) -> Callable:
    """Decorates a function of hashable arguments: its values are kept for the `most` used last.

    Of those who ask for one value at the same time the first computes it; the others wait and get
    the same, or the same exception, which is not kept. Whoever asks for a value while computing
    that very value gets a RecursionError. Threads cannot wait for each other in a ring: that would
    be two values each of which is computed from the other. `function.cache_clear()` drops all.
    """

    def decorate(function):
        kept: OrderedDict[tuple, _Promised] = OrderedDict()
        lock = Lock()
        _caches.append((kept, lock))

        @wraps(function)
        def ask(*args):
            with lock:
                future = kept.get(args)
                is_first = future is None
                if future is None:
                    future = kept[args] = _Promised()
                kept.move_to_end(args)
                done = [key for key, one in kept.items() if one.done()] if len(kept) > most else []
                for key in done[: len(kept) - most]:  # others wait for what is under way
                    del kept[key]
            if is_first:
                try:
                    future.set_result(function(*args))
                except BaseException as error:
                    with lock:
                        if kept.get(args) is future:
                            del kept[args]
                    future.set_exception(error)
            elif future.thread == get_ident() and not future.done():
                raise RecursionError(f"{function.__name__}{args} is computed from itself")
            return future.result()

        def clear():
            with lock:
                kept.clear()

        ask.cache_clear = clear  # type: ignore[attr-defined]  # a function takes any
        return ask

    return decorate


def drop(is_old: Callable[[tuple], bool]) -> None:
    """Drops what any function keeps of arguments that are old."""
    for kept, lock in _caches:
        with lock:
            for arguments in [each for each in kept if is_old(each)]:
                del kept[arguments]
