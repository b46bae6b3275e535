"""Processes as tests draw them: lines such as `start > ask > ok?`, made into BPMN."""

from __future__ import annotations

from xml.sax.saxutils import quoteattr

HEAD = (
    '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:guanxi="urn:guanxi:process" '
    'targetNamespace="urn:guanxi:process">'
)


def task(key: str, ask: str = "role:sales_manager", **more: object) -> str:
    """A user task; the attributes of ours by their names."""
    ours = "".join(f" guanxi:{name}={quoteattr(str(value))}" for name, value in {"ask": ask, **more}.items())
    return f'<userTask id="{key}" name="步骤{key}"{ours}/>'


def end(key: str, outcome: str = "") -> str:
    """An end, with how it ended."""
    said = f' guanxi:outcome="{outcome}"' if outcome else ""
    return f'<endEvent id="{key}"{said}/>'


def choice(key: str, usual: str) -> str:
    """A gateway that decides; `usual` is the arrow taken when no condition holds."""
    return f'<exclusiveGateway id="{key}" default="{usual}"/>'


def flow(source: str, target: str, when: str = "") -> str:
    """An arrow, called by where it leads from and to."""
    condition = f"<conditionExpression>{when}</conditionExpression>" if when else ""
    return f'<sequenceFlow id="{source}-{target}" sourceRef="{source}" targetRef="{target}">{condition}</sequenceFlow>'


def process(*parts: str, key: str = "test.process", name: str = "试验流程") -> str:
    """A whole file."""
    return f'{HEAD}<process id="{key}" name="{name}">{"".join(parts)}</process></definitions>'


START = '<startEvent id="start"/>'

#: One signature: the sales manager's.
ONE = process(
    START, task("boss", days=2), choice("said", "said-yes"), end("yes", "approved"), end("no", "refused"),
    flow("start", "boss"), flow("boss", "said"), flow("said", "yes"), flow("said", "no", 'outcome == "refuse"'),
)  # fmt: skip

#: Two signatures in turn: the superior's, then the general manager's.
TWO = process(
    START, task("first", "superior_of:starter", days=2), choice("a", "a-second"),
    task("second", "role:general_manager", comment="always"), choice("b", "b-yes"),
    end("yes", "approved"), end("no", "refused"),
    flow("start", "first"), flow("first", "a"), flow("a", "second"), flow("a", "no", 'outcome == "refuse"'),
    flow("second", "b"), flow("b", "yes"), flow("b", "no", 'outcome == "refuse"'),
)  # fmt: skip


def many(mode: str) -> str:
    """One step that asks both account managers of the southwest, and how many of them it needs."""
    return process(
        START, task("both", "person:wang_fang,person:zhang_min", mode=mode), choice("said", "said-yes"),
        end("yes", "approved"), end("no", "refused"),
        flow("start", "both"), flow("both", "said"), flow("said", "yes"), flow("said", "no", 'outcome == "refuse"'),
    )  # fmt: skip
