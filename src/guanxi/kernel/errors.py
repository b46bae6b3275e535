"""The problems a user is told about. Everything else that goes wrong is a defect of ours."""

from collections.abc import Mapping, Sequence
from typing import ClassVar

from guanxi.kernel.decision import Decision
from guanxi.kernel.messages import Message


class Problem(Exception):  # noqa: N818 (not every problem is an error: a refusal is an answer)
    """Base of all problems shown to a user.

    `message`: what happened and what to do, in the reader's language; `status`: the HTTP status it stands for; `code`:
    the word by which programs know it.
    """

    status: ClassVar[int] = 400
    code: ClassVar[str] = "problem"
    default: ClassVar[Message] = Message("This cannot be done.")

    def __init__(self, message: object = None) -> None:
        self.message: Message = self.default if message is None else Message.of(message)
        super().__init__(self.message)

    def __str__(self) -> str:
        return str(self.message)


class NotAllowed(Problem):
    """The person has no right to do this."""

    status = 403
    code = "not_allowed"
    default = Message("You do not have the right to do this.")


class Unconfirmed(Problem):
    """It is so grave that the person has to show once more, now, that it is really he who does it.

    Never the answer to a form: whoever runs into it asks for password or second factor and then repeats the request.
    """

    status = 401
    code = "unconfirmed"
    default = Message("Please confirm first that it is you.")


class NotFound(Problem):
    """The record does not exist, or lies outside what the person may see: the two are never told apart."""

    status = 404
    code = "not_found"
    default = Message("This record does not exist, or you may not see it.")


class Invalid(Problem):
    """What was entered is wrong.

    `errors`: messages by field name, "" for the form as a whole.
    """

    status = 422
    code = "invalid"
    default = Message("Please correct what was entered.")

    def __init__(self, errors: Message | str | Mapping[str, Sequence[object] | object], message: object = None) -> None:
        given = errors if isinstance(errors, Mapping) else {"": [errors]}
        self.errors: dict[str, list[Message]] = {name: _messages(found) for name, found in given.items()}
        super().__init__(self._summary() if message is None else message)

    def _summary(self) -> Message:
        found = [message for messages in self.errors.values() for message in messages]
        if len(found) == 1:
            return found[0]
        return Message("%(count)s entries need correction.", count=len(found)) if found else self.default


def _messages(found: object) -> list[Message]:
    return [Message.of(item) for item in found] if isinstance(found, list | tuple) else [Message.of(found)]


class Conflict(Problem):
    """It clashes with what is already there."""

    status = 409
    code = "conflict"
    default = Message("This clashes with what is already recorded.")


class Stale(Problem):
    """Somebody else saved the record in the meantime.

    `current_version`: the version stored now; `changes`: by field, (value when the form was opened, value now).
    """

    status = 409
    code = "stale"
    default = Message("Somebody else has changed this record in the meantime. Please compare and save again.")

    def __init__(
        self, current_version: int, changes: Mapping[str, tuple[object, ...]] | None = None, message: object = None
    ) -> None:
        self.current_version = current_version
        self.changes: dict[str, tuple[object, ...]] = dict(changes or {})
        super().__init__(message)


class Refused(Problem):
    """A rule of the regulation refuses; `decision` holds clauses, figures and remedies."""

    status = 409
    code = "refused"
    default = Message("The regulation does not allow this.")

    def __init__(self, decision: Decision, message: object = None) -> None:
        self.decision = decision
        grounds = tuple(reason.message for reason in decision.blocking)
        clauses = tuple(dict.fromkeys(reason.clause for reason in decision.blocking if reason.clause))
        if message is None and grounds:
            message = (
                Message("Refused under %(clauses)s: %(grounds)s", clauses=clauses, grounds=grounds)
                if clauses
                else Message("Refused: %(grounds)s", grounds=grounds)
            )
        super().__init__(message)


class TooMany(Problem):
    """Asked too often. `seconds`: after how long it may be tried again."""

    status = 429
    code = "too_many_calls"
    default = Message("Too many attempts. Wait a little, then try again.")

    def __init__(self, seconds: int, message: object = None) -> None:
        self.seconds = seconds
        super().__init__(message)


class TooLarge(Problem):
    """A file, a text or a request is beyond what is accepted."""

    status = 413
    code = "too_large"
    default = Message("This is too large.")


class Away(Problem):
    """Something this program needs, such as its database, is out of reach for the moment."""

    status = 503
    code = "away"
    default = Message("The database cannot be reached at the moment. Nothing was saved; try again in a minute.")


class NoRoom(Problem):
    """The disk is full."""

    status = 507
    code = "no_room"
    default = Message("There is no room left on the server's disk. Nothing was saved; tell your administrator.")
