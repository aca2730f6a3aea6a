"""What a service may answer instead of doing it. The message is for the person and says what to do next."""


class ServiceError(Exception):
    """A use case that was not carried out; nothing was changed."""


class Refused(ServiceError):
    """The actor's role does not allow it."""


class NotFound(ServiceError):
    """There is no such thing, or no longer."""


class Conflict(ServiceError):
    """Somebody else was faster, or the state does not allow it."""


class Invalid(ServiceError):
    """What was given cannot be taken as it is."""
