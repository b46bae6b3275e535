"""Whose call it is: the owner of the access token that the agent was started with."""

from __future__ import annotations

from dataclasses import dataclass, field

from guanxi.kernel.errors import NotAllowed
from guanxi.kernel.messages import Message
from guanxi.platform import calendar
from guanxi.platform.access import tokens
from guanxi.records.context import Context


@dataclass(frozen=True)
class Caller:
    """An agent with its access token. `address`: from where it calls, for tokens that are bound to networks."""

    secret: str = field(repr=False)
    address: str = "127.0.0.1"

    def context(self) -> Context:
        """The circumstances of one call, judged anew each time: what is revoked or expired ends at the next call.

        Raises NotAllowed when the token is not valid, not valid any more, or not from here.
        """
        now = calendar.now()
        token = tokens.find(self.secret, self.address, now)
        if token is None:
            raise NotAllowed(Message("The access token is not valid (any more)."))
        tokens.mark_used(token, self.address, now)
        return Context.of(
            token.owner,
            source="agent",
            now=now,
            address=self.address,
            limits=tokens.limits_of(token),
            token=tokens.UsedToken(token.pk, token.name),
        )
