"""A dictionary that cannot be changed, for records that are shared, pickled and compared."""

from typing import TYPE_CHECKING, NoReturn, TypeVar

Key = TypeVar("Key")
Value = TypeVar("Value")


class FrozenDict(dict[Key, Value]):
    """A dictionary that is read only; JSON, ``copy`` and ``pickle`` take it as it is.

    >>> facts = FrozenDict(author="Ada")
    >>> facts, facts == {"author": "Ada"}, hash(facts) == hash(FrozenDict(author="Bea"))
    ({'author': 'Ada'}, True, True)
    >>> facts["author"] = "Bea"
    Traceback (most recent call last):
    TypeError: this dictionary is read only; change a copy: dict(…)
    """

    __slots__ = ()

    def _refuse(self, *_: object, **__: object) -> NoReturn:
        raise TypeError("this dictionary is read only; change a copy: dict(…)")

    if not TYPE_CHECKING:  # for which they are those of a dictionary
        __setitem__ = __delitem__ = __ior__ = _refuse
        clear = pop = popitem = setdefault = update = _refuse

    def __hash__(self) -> int:  # type: ignore[override]  # a value may be a list, so by the keys
        return hash(frozenset(self))

    def __reduce__(self) -> tuple[type["FrozenDict[Key, Value]"], tuple[dict[Key, Value]]]:
        return FrozenDict, (dict(self),)
