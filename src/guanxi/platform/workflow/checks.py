"""What must be true of processes."""

from django.utils.translation import gettext_lazy as _

from guanxi.kernel.errors import Problem
from guanxi.kernel.messages import Message
from guanxi.platform.verify.checks import Findings, check
from guanxi.platform.workflow.models import ProcessInstance, ProcessVersion, WorkItem
from guanxi.platform.workflow.tokens import Tokens
from guanxi.platform.workflow.versions import diagram_of


@check("workflow.versions", _("Every process in use can be read and run"))
def versions_run() -> Findings:
    """Diagrams that this version of the program would refuse."""
    for version in ProcessVersion.objects.filter(state=ProcessVersion.State.PUBLISHED):
        try:
            diagram_of(version)
        except Problem as problem:
            yield Message("%(process)s: %(problem)s", process=version.title, problem=problem.message)


@check("workflow.waiting", _("Every running process waits for somebody, at the steps where its tokens stand"))
def processes_wait() -> Findings:
    """Processes that would stand still for ever, and work that no process asks for."""
    State = WorkItem.State  # noqa: N806
    running = ProcessInstance.objects.filter(state=ProcessInstance.State.RUNNING).select_related("process")
    for instance in running.iterator(chunk_size=200):
        tokens = Tokens.taken_up(diagram_of(instance.process), instance.tokens, instance.figures)
        asked = set(instance.items.filter(state=State.OPEN).values_list("round", flat=True))
        if asked != {task for task, _node in tokens.waiting()}:
            yield Message("%(subject)s: what is asked is not where the process stands.", subject=instance.subject)
    over = WorkItem.objects.filter(state=State.OPEN).exclude(instance__state=ProcessInstance.State.RUNNING)
    for item in over:
        yield Message("%(subject)s is over, but still asked of %(person)s.", subject=item.subject, person=item.owner)
