"""What can go wrong with a harvest, told apart by what the caller should do:

HarvestError            `permanent`: running it again without a change cannot help
├── Unreachable         no usable answer after all tries; later it may work
├── Fatal               the service refuses what was asked, or speaks something else
├── Split               too much at once: ask for less
├── Replan              the set on the other side moved: plan again
├── NoneThere           it has not one of the records that were asked for
└── Stopped             somebody asked this process to stop
Retry                   inside the transport only: this one answer was no good, ask again
"""


class HarvestError(Exception):
    """One line for a person: what happened, to what, what to do next."""

    permanent = False


class Unreachable(HarvestError):
    """No usable answer. `heavy`: the service answered, or began to, so that a smaller question may do."""

    def __init__(self, message: str, *, heavy: bool = False) -> None:
        super().__init__(message)
        self.heavy = heavy


class Fatal(HarvestError):
    permanent = True


class Split(HarvestError):
    pass


class Replan(HarvestError):
    pass


class NoneThere(HarvestError):
    pass


class Stopped(HarvestError):
    pass


class Retry(Exception):
    """`after`: seconds the service asked to wait. `met`: whether the service was reached at all."""

    def __init__(self, reason: str, *, after: float | None = None, met: bool = True, heavy: bool = False) -> None:
        super().__init__(reason)
        self.after, self.met, self.heavy = after, met, heavy
