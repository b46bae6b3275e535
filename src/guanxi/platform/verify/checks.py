"""What must always be true of the data: named checks, each declared beside what it judges, run by one function.

A check looks and never repairs. `guanxi verify` runs all of them, a nightly schedule does, and so does every restored
or tested backup.
"""

import itertools
import logging
import time
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass

from guanxi.kernel.messages import Message

logger = logging.getLogger(__name__)

#: So many findings of one check are told; the rest is counted.
TOLD = 20
#: Findings beyond this number are not even counted: the check is broken beyond doubt.
COUNTED = 1000
#: Between the first and the second look, so that what somebody was just writing is not taken for a finding.
SECOND_LOOK_SECONDS = 2.0

Findings = Iterable[Message]
Look = Callable[[], Findings]


@dataclass(frozen=True)
class Check:
    """One invariant. `name`: "records.search"; `title`: what it says; `look` gives what contradicts it."""

    name: str
    title: object
    look: Look


@dataclass(frozen=True)
class Verdict:
    """How one check ended. `found`: how many contradictions (at most 1,000 are counted); `findings`: the first of them.

    `seconds`: how long it took.
    """

    check: Check
    found: int
    findings: tuple[Message, ...]
    seconds: float

    @property
    def ok(self) -> bool:
        """Whether the invariant holds."""
        return not self.found


_checks: dict[str, Check] = {}


def check(name: str, title: object) -> Callable[[Look], Look]:
    """Register the decorated `fn() -> findings` as the check `name`; ValueError when the name is taken.

    `title`: the invariant as a sentence (lazy translation). A finding says which row contradicts it and how, without
    names of people or customers: it is read by administrators who see no customers.
    """
    if name in _checks:
        raise ValueError(f"the check {name} is registered twice")

    def register(look: Look) -> Look:
        _checks[name] = Check(name, title, look)
        return look

    return register


def registered() -> tuple[Check, ...]:
    """Every check, by name."""
    return tuple(_checks[name] for name in sorted(_checks))


def run_checks(
    names: Collection[str] = (),
    told: Callable[[Verdict], None] | None = None,
    second_look_seconds: float = SECOND_LOOK_SECONDS,
) -> list[Verdict]:
    """Run the checks of these names (all without any) and return their verdicts; `told` hears of each as it ends.

    People may be working meanwhile: a finding counts only when it is found twice, `second_look_seconds` apart. A check
    that cannot be run is a finding too. LookupError for a name that no check has.
    """
    if unknown := set(names) - set(_checks):
        raise LookupError(f"no check is called {', '.join(sorted(unknown))}")
    verdicts = []
    for each in registered():
        if names and each.name not in names:
            continue
        verdict = _verdict(each, second_look_seconds)
        verdicts.append(verdict)
        if told is not None:
            told(verdict)
    return verdicts


def _verdict(each: Check, second_look_seconds: float) -> Verdict:
    begun = time.monotonic()
    findings = _look(each)
    if findings and second_look_seconds:
        time.sleep(second_look_seconds)
        again = set(_look(each))
        findings = [finding for finding in findings if finding in again]
    return Verdict(each, len(findings), tuple(findings[:TOLD]), round(time.monotonic() - begun, 3))


def _look(each: Check) -> Sequence[Message]:
    try:
        return list(itertools.islice(each.look(), COUNTED))
    except Exception as error:
        logger.exception("the check %s could not be run", each.name)
        return [Message("The check itself failed: %(error)s", error=type(error).__name__)]


def summary(verdicts: Sequence[Verdict]) -> Message:
    """One sentence on how a verification ended."""
    broken = [verdict for verdict in verdicts if not verdict.ok]
    if not broken:
        return Message("All %(count)s checks hold.", count=len(verdicts))
    return Message(
        "%(broken)s of %(count)s checks found something: %(names)s.",
        broken=len(broken),
        count=len(verdicts),
        names=tuple(verdict.check.name for verdict in broken),
    )
