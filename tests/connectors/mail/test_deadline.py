"""One clock for a whole mail."""

import pytest

from connectors.mail.deadline import Deadline


class Hands:
    """A clock that a test sets."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_what_is_left_shrinks_and_then_ends() -> None:
    clock = Hands()
    deadline = Deadline(10, clock)
    clock.now = 4
    assert deadline.left() == 6
    assert deadline.at_most(2) == 2
    assert deadline.at_most(60) == 6
    clock.now = 10
    with pytest.raises(TimeoutError):
        deadline.at_most(2)


def test_it_can_be_shortened_and_never_prolonged() -> None:
    clock = Hands()
    deadline = Deadline(10, clock)
    deadline.shorten(60)
    assert deadline.left() == 10
    deadline.shorten(3)
    assert deadline.left() == 3
