"""Tables of the record engine: the base of every business record, and what the engine itself keeps."""

from typing import Any

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from guanxi.kernel.confidentiality import DataClass
from guanxi.platform.rows import Row
from guanxi.records.custom_values import CustomValues


class Record(Row):
    """A business record: numbered, with a responsible person and that person's department.

    Rights follow `owner` and `department` (or, where the module says so, those of the customer it belongs to).
    """

    number = models.CharField(_("number"), max_length=40, blank=True, db_index=True, editable=False)
    owner = models.ForeignKey(
        "people.Person", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("owner")
    )
    department = models.ForeignKey(
        "people.Department",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        editable=False,
        verbose_name=_("department"),
    )
    custom = CustomValues(_("added fields"))

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return str(getattr(self, "name", "") or self.number)


def record_types() -> list[tuple[str, Any]]:
    """The business records of this installation, to which a company may add fields: key and name."""
    models_of_records = (model for model in apps.get_models() if issubclass(model, Record))
    return [(model._meta.label_lower, model._meta.verbose_name) for model in models_of_records]


# ---- What the company makes its own --------------------------------------------------------------------------------


class CustomField(Row):
    """A field that the company has added to a record type; its values stand in the records' `custom` column.

    In the recycle bin it is retired: no page shows it, the values stay, and restoring brings both back.
    """

    class Kind(models.TextChoices):
        """What such a field can hold."""

        TEXT = "text", _("one line of text")
        LONG_TEXT = "long_text", _("long text")
        CHOICE = "choice", _("one of a list")
        MULTI_CHOICE = "multi_choice", _("several of a list")
        INTEGER = "integer", _("whole number")
        NUMBER = "number", _("number")
        MONEY = "money", _("amount of money")
        PERCENT = "percent", _("percentage")
        DATE = "date", _("date")
        MOMENT = "moment", _("date and time")
        BOOLEAN = "boolean", _("yes or no")
        PHONE = "phone", _("telephone")
        EMAIL = "email", _("e-mail")
        ADDRESS = "address", _("address")
        TAGS = "tags", _("tags")
        LINK = "link", _("link to a record")
        PERSON = "person", _("person of the company")
        FILE = "file", _("file")

    module = models.CharField(_("record type"), max_length=80, choices=record_types)
    name = models.CharField(_("name for programs"), max_length=40, editable=False)
    label_zh = models.CharField(_("Chinese label"), max_length=40)
    label_en = models.CharField(_("English label"), max_length=60, blank=True)
    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices, default=Kind.TEXT)
    target = models.CharField(_("links to"), max_length=80, choices=record_types, blank=True)
    help_zh = models.CharField(_("Chinese hint"), max_length=200, blank=True)
    help_en = models.CharField(_("English hint"), max_length=200, blank=True)
    unit = models.CharField(_("unit"), max_length=12, blank=True)
    required = models.BooleanField(_("must be filled in"), default=False)
    default_value = models.CharField(_("value of a new record"), max_length=200, blank=True)
    minimum = models.DecimalField(_("smallest value"), max_digits=15, decimal_places=2, null=True, blank=True)
    maximum = models.DecimalField(_("largest value"), max_digits=15, decimal_places=2, null=True, blank=True)
    is_unique = models.BooleanField(_("no two records alike"), default=False)
    searchable = models.BooleanField(_("found by the search"), default=False)
    personal = models.BooleanField(_("about a natural person"), default=False)
    in_list = models.BooleanField(_("shown in the list"), default=False)
    section = models.CharField(_("section of the form"), max_length=80, blank=True)
    position = models.IntegerField(_("place in the order"), default=1000)
    shown_when = models.JSONField(_("asked for only when"), default=dict, blank=True)
    required_when = models.JSONField(_("must be filled in when"), default=dict, blank=True)
    pack = models.CharField(_("industry pack"), max_length=40, blank=True, editable=False)

    class Meta:
        verbose_name = _("added field")
        verbose_name_plural = _("added fields")
        constraints = [models.UniqueConstraint(fields=["module", "name"], name="one_custom_field_per_name")]

    def __str__(self) -> str:
        return self.label_zh

    @property
    def picklist(self) -> str:
        """The picklist that holds its choices; empty for other kinds."""
        is_list = self.kind in (self.Kind.CHOICE, self.Kind.MULTI_CHOICE)
        return f"custom.{self.module}.{self.name}" if is_list else ""


class FieldSetting(Row):
    """The company's change to a shipped field: another label, another place, stricter, hidden, or with a default."""

    module = models.CharField(_("record type"), max_length=80, choices=record_types)
    field = models.CharField(_("field"), max_length=60)
    label_zh = models.CharField(_("Chinese label"), max_length=40, blank=True)
    label_en = models.CharField(_("English label"), max_length=60, blank=True)
    help_zh = models.CharField(_("Chinese hint"), max_length=200, blank=True)
    help_en = models.CharField(_("English hint"), max_length=200, blank=True)
    section = models.CharField(_("section of the form"), max_length=80, blank=True)
    position = models.IntegerField(_("place in the order"), null=True, blank=True)
    required = models.BooleanField(_("must be filled in"), default=False)
    read_only = models.BooleanField(_("only shown"), default=False)
    hidden = models.BooleanField(_("not on the form"), default=False)
    default_value = models.CharField(_("value of a new record"), max_length=200, blank=True)
    pack = models.CharField(_("industry pack"), max_length=40, blank=True, editable=False)

    class Meta:
        verbose_name = _("field setting")
        verbose_name_plural = _("field settings")
        constraints = [
            models.UniqueConstraint(
                fields=["module", "field"], condition=models.Q(deleted_at=None), name="one_live_field_setting"
            )
        ]

    def __str__(self) -> str:
        return self.label_zh or self.shipped_label

    @property
    def shipped_label(self) -> str:
        """What the field is called without the company's change; its name for programs if it is worked out."""
        try:
            return capfirst(str(apps.get_model(self.module)._meta.get_field(self.field).verbose_name))
        except (LookupError, FieldDoesNotExist):
            return self.field


class PicklistValue(Row):
    """A company's change to a shipped picklist: another label, another place, switched off, or a value of its own."""

    picklist = models.CharField(_("picklist"), max_length=140)
    value = models.CharField(_("value"), max_length=60)
    label_zh = models.CharField(_("Chinese label"), max_length=60)
    label_en = models.CharField(_("English label"), max_length=60, blank=True)
    position = models.IntegerField(_("place in the order"), default=1000)
    active = models.BooleanField(_("offered"), default=True)
    custom_field = models.ForeignKey(
        CustomField,
        models.CASCADE,
        null=True,
        blank=True,
        editable=False,
        related_name="options",
        verbose_name=_("added field"),
    )
    pack = models.CharField(_("industry pack"), max_length=40, blank=True, editable=False)

    class Meta:
        verbose_name = _("picklist value")
        verbose_name_plural = _("picklist values")
        constraints = [
            models.UniqueConstraint(
                fields=["picklist", "value"], condition=models.Q(deleted_at=None), name="one_live_picklist_value"
            )
        ]

    def __str__(self) -> str:
        return self.label_zh

    def save(self, *args: Any, **kwargs: Any) -> None:
        """A choice of an added field belongs to that field's picklist, and is called what it says unless named."""
        if self.custom_field is not None:
            self.picklist = self.custom_field.picklist
            self.value = self.value or self.label_zh.replace("|", "/")
        super().save(*args, **kwargs)


class SavedView(Row):
    """A named way to look at a list: filters, columns and order; one person's own, or shared with everyone."""

    data_class = DataClass.C1

    module = models.CharField(max_length=80)
    name = models.CharField(_("name"), max_length=60)
    person = models.ForeignKey("people.Person", models.CASCADE, null=True, blank=True, related_name="+")
    columns = models.JSONField(default=list)
    filters = models.JSONField(default=dict)
    sort = models.CharField(max_length=80, blank=True)
    position = models.IntegerField(default=100)

    class Meta:
        verbose_name = _("saved view")
        verbose_name_plural = _("saved views")
        indexes = [models.Index(fields=["module", "person"], name="saved_view_by_module")]

    def __str__(self) -> str:
        return self.name


class SearchEntry(models.Model):
    """What can be found of one record: its normalised texts and the bigrams of both (see `records.search`).

    `personal` is what only those may find it by who may read its personal columns.
    """

    data_class = DataClass.C2

    id = models.BigAutoField(primary_key=True)
    module = models.CharField(max_length=80)
    record_id = models.UUIDField()
    title = models.CharField(max_length=300)
    text = models.TextField()
    personal = models.TextField(default="")
    grams = models.TextField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["record_id"], name="one_search_entry_per_record")]
        indexes = [models.Index(fields=["module"], name="search_entry_by_module")]


class DuplicateKey(models.Model):
    """A comparable key of one record under one same-as rule; two live records with one key may be the same."""

    data_class = DataClass.C2

    id = models.BigAutoField(primary_key=True)
    module = models.CharField(max_length=80)
    rule = models.CharField(max_length=40)
    key = models.CharField(max_length=200)
    record_id = models.UUIDField(db_index=True)

    class Meta:
        indexes = [models.Index(fields=["module", "rule", "key"], name="duplicate_key_lookup")]


# ---- Import ----------------------------------------------------------------------------------------------------------


class ImportRun(Row):
    """One import of a file into a record type: what was uploaded, how its columns are read, and how far it came.

    `mapping` is {column index as text: field name}; `options` holds the answer to duplicates; `summary` counts the rows
    by state. Visible to the person who imports, and to who may see all imports.
    """

    data_class = DataClass.C2

    class State(models.TextChoices):
        """How far an import came."""

        UPLOADED = "uploaded", _("uploaded")
        MAPPED = "mapped", _("columns assigned")
        CHECKING = "checking", _("being checked")
        CHECKED = "checked", _("checked")
        APPLYING = "applying", _("being imported")
        DONE = "done", _("imported")
        UNDOING = "undoing", _("being undone")
        UNDONE = "undone", _("undone")
        FAILED = "failed", _("failed")
        CANCELLED = "cancelled", _("cancelled")

    module = models.CharField(max_length=80)
    person = models.ForeignKey("people.Person", models.PROTECT, related_name="+", verbose_name=_("imported by"))
    file = models.ForeignKey("files.StoredFile", models.PROTECT, related_name="+", verbose_name=_("file"))
    state = models.CharField(_("state"), max_length=12, choices=State.choices, default=State.UPLOADED)
    encoding = models.CharField(_("encoding"), max_length=20, blank=True)
    sheet = models.CharField(_("sheet"), max_length=120, blank=True)
    header_row = models.PositiveIntegerField(_("row of the headings"), null=True)
    headings = models.JSONField(default=list)
    mapping = models.JSONField(default=dict)
    options = models.JSONField(default=dict)
    total = models.PositiveIntegerField(_("rows"), default=0)
    summary = models.JSONField(default=dict)
    job = models.ForeignKey("jobs.Job", models.SET_NULL, null=True, related_name="+", verbose_name=_("job"))
    started_at = models.DateTimeField(_("started at"), null=True)
    finished_at = models.DateTimeField(_("finished at"), null=True)
    error = models.TextField(_("error"), blank=True)

    class Meta:
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        indexes = [models.Index(fields=["person", "created_at"], name="import_run_by_person")]

    def __str__(self) -> str:
        return str(self.file)


class ImportRow(models.Model):
    """One row of an imported file: its cells as they came, what is wrong with it, and what became of it.

    `line` is the row's number in the file, as a spreadsheet shows it. The state is written in the transaction that
    writes the record, so that a row is imported exactly once whatever happens to the worker.
    """

    data_class = DataClass.C2

    class State(models.TextChoices):
        """What became of a row."""

        PENDING = "pending", _("ready")
        PROBLEM = "problem", _("to be corrected")
        DUPLICATE = "duplicate", _("perhaps known already")
        WAITING = "waiting", _("waiting for approval")
        CREATED = "created", _("created")
        UPDATED = "updated", _("updated")
        SKIPPED = "skipped", _("skipped")
        UNDONE = "undone", _("undone")
        KEPT = "kept", _("kept")

    id = models.BigAutoField(primary_key=True)
    run = models.ForeignKey(ImportRun, models.CASCADE, related_name="rows", db_index=False)
    line = models.PositiveIntegerField(_("row of the file"))
    values = models.JSONField(default=list)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.PENDING)
    problems = models.JSONField(default=list)
    # [[same-as rule, comparable key], …]: worked out once, by the check.
    keys = models.JSONField(default=list)
    duplicates = models.JSONField(default=list)
    record_id = models.UUIDField(null=True)
    version_after = models.PositiveIntegerField(null=True)

    class Meta:
        verbose_name = _("imported row")
        verbose_name_plural = _("imported rows")
        constraints = [models.UniqueConstraint(fields=["run", "line"], name="one_import_row_per_line")]
        indexes = [models.Index(fields=["run", "state", "line"], name="import_row_by_state")]

    def __str__(self) -> str:
        return f"{self.line}"


class ImportMapping(Row):
    """A remembered choice: under this heading a person meant this field of this record type."""

    data_class = DataClass.C1

    module = models.CharField(max_length=80)
    person = models.ForeignKey("people.Person", models.CASCADE, related_name="+")
    heading = models.CharField(_("heading"), max_length=120)
    field = models.CharField(_("field"), max_length=80)

    class Meta:
        verbose_name = _("remembered column")
        verbose_name_plural = _("remembered columns")
        constraints = [
            models.UniqueConstraint(fields=["module", "person", "heading"], name="one_remembered_column_per_person")
        ]

    def __str__(self) -> str:
        return f"{self.heading} → {self.field}"


# ---- Bulk actions ----------------------------------------------------------------------------------------------------


class Batch(Row):
    """One bulk action: one verb on many records of a type by one person, and how far it came.

    `data` is what was asked for: {"set": {input: value}}, for a change of fields also {"add": …, "remove": …} of fields
    with several values. The id is the batch of the audit trail.
    """

    data_class = DataClass.C2

    class State(models.TextChoices):
        """How far a bulk action came."""

        RUNNING = "running", _("running")
        DONE = "done", _("done")
        FAILED = "failed", _("failed")
        CANCELLED = "cancelled", _("cancelled")
        UNDOING = "undoing", _("being undone")
        UNDONE = "undone", _("undone")
        PARTLY_UNDONE = "partly", _("partly undone")

    module = models.CharField(_("record type"), max_length=80)
    verb = models.CharField(_("action"), max_length=80)
    person = models.ForeignKey("people.Person", models.PROTECT, related_name="+", verbose_name=_("by"))
    data = models.JSONField(default=dict)
    confirmed = models.BooleanField(default=False)
    reason = models.TextField(_("reason"), blank=True)
    address = models.CharField(_("network address"), max_length=45, blank=True)
    state = models.CharField(_("state"), max_length=12, choices=State.choices, default=State.RUNNING)
    total = models.PositiveIntegerField(_("records"), default=0)
    done = models.PositiveIntegerField(_("done"), default=0)
    failed = models.PositiveIntegerField(_("left as they were"), default=0)
    undone = models.PositiveIntegerField(_("put back"), default=0)
    waiting = models.PositiveIntegerField(_("waiting for approval"), default=0)
    job = models.ForeignKey("jobs.Job", models.SET_NULL, null=True, related_name="+", verbose_name=_("job"))
    finished_at = models.DateTimeField(_("finished at"), null=True)
    error = models.TextField(_("error"), blank=True)

    class Meta:
        verbose_name = _("bulk action")
        verbose_name_plural = _("bulk actions")
        indexes = [models.Index(fields=["person", "-created_at"], name="batch_by_person")]

    def __str__(self) -> str:
        return f"{self.module} {self.verb}"


class BatchRow(models.Model):
    """One record of a bulk action and what became of it, written in the transaction that writes the record.

    `is_warned`: nothing but a warning stood against it, so that it can be done all the same.
    """

    data_class = DataClass.C2

    class State(models.TextChoices):
        """What became of a record."""

        PENDING = "pending", _("waiting")
        DONE = "done", _("done")
        WAITING = "waiting", _("waiting for approval")
        FAILED = "failed", _("left as it was")
        UNDONE = "undone", _("put back")
        KEPT = "kept", _("kept")

    id = models.BigAutoField(primary_key=True)
    batch = models.ForeignKey(Batch, models.CASCADE, related_name="rows", db_index=False)
    place = models.PositiveIntegerField()
    record_id = models.UUIDField()
    state = models.CharField(_("state"), max_length=8, choices=State.choices, default=State.PENDING)
    is_warned = models.BooleanField(default=False)
    problems = models.JSONField(default=list)
    version_after = models.PositiveIntegerField(null=True)

    class Meta:
        verbose_name = _("record of a bulk action")
        verbose_name_plural = _("records of bulk actions")
        constraints = [models.UniqueConstraint(fields=["batch", "place"], name="one_batch_row_per_place")]
        indexes = [models.Index(fields=["batch", "state", "place"], name="batch_row_by_state")]

    def __str__(self) -> str:
        return f"{self.place}"


# ---- Merging ---------------------------------------------------------------------------------------------------------


class Merge(Row):
    """Several records of one thing made into one: which value came from which, and what undoing it needs.

    `origins` is {field: [{"id", "title", "number"}, …]} for the values that came from others; `former` and `left` are
    what the surviving record held before and after, as the audit trail keeps values; `kept` tells what an undoing could
    not put back.
    """

    data_class = DataClass.C2

    class State(models.TextChoices):
        """Whether the records are one."""

        DONE = "done", _("merged")
        UNDONE = "undone", _("undone")
        PARTLY_UNDONE = "partly", _("partly undone")

    module = models.CharField(_("record type"), max_length=80)
    survivor_id = models.UUIDField(_("surviving record"))
    person = models.ForeignKey("people.Person", models.PROTECT, related_name="+", verbose_name=_("by"))
    origins = models.JSONField(default=dict)
    former = models.JSONField(default=dict)
    left = models.JSONField(default=dict)
    state = models.CharField(_("state"), max_length=8, choices=State.choices, default=State.DONE)
    kept = models.JSONField(default=list)

    class Meta:
        verbose_name = _("merge")
        verbose_name_plural = _("merges")
        indexes = [models.Index(fields=["survivor_id", "created_at"], name="merge_by_survivor")]

    def __str__(self) -> str:
        return f"{self.module} {self.survivor_id}"


class Merged(models.Model):
    """A signpost: a record that went into another; its address and its number lead there as long as it is `live`.

    `cleared` is what was taken from its unique columns so that the surviving record could have it.
    """

    data_class = DataClass.C2

    id = models.BigAutoField(primary_key=True)
    merge = models.ForeignKey(Merge, models.CASCADE, related_name="merged")
    record_id = models.UUIDField(_("record"))
    survivor_id = models.UUIDField(_("surviving record"), db_index=True)
    title = models.CharField(_("name"), max_length=300)
    number = models.CharField(_("number"), max_length=40, blank=True, db_index=True)
    cleared = models.JSONField(default=dict)
    live = models.BooleanField(default=True)

    class Meta:
        verbose_name = _("merged record")
        verbose_name_plural = _("merged records")
        constraints = [
            models.UniqueConstraint(fields=["record_id"], condition=models.Q(live=True), name="one_live_signpost")
        ]

    def __str__(self) -> str:
        return self.title


class MovedReference(models.Model):
    """A row of some table that led to a merged record and was made to lead to the surviving one."""

    data_class = DataClass.C1

    id = models.BigAutoField(primary_key=True)
    merge = models.ForeignKey(Merge, models.CASCADE, related_name="moved")
    table = models.CharField(max_length=80)
    column = models.CharField(max_length=80)
    row_id = models.CharField(max_length=40)
    former_id = models.UUIDField()

    class Meta:
        verbose_name = _("moved reference")
        verbose_name_plural = _("moved references")

    def __str__(self) -> str:
        return f"{self.table}.{self.column} {self.row_id}"


class NotSame(models.Model):
    """Somebody has looked and said that two records with a common key are different things; the lower id first."""

    data_class = DataClass.C1

    id = models.BigAutoField(primary_key=True)
    module = models.CharField(max_length=80)
    first_id = models.UUIDField()
    second_id = models.UUIDField(db_index=True)
    person = models.ForeignKey("people.Person", models.PROTECT, related_name="+", verbose_name=_("by"))
    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("pair of different records")
        verbose_name_plural = _("pairs of different records")
        constraints = [models.UniqueConstraint(fields=["first_id", "second_id"], name="one_not_same_per_pair")]

    def __str__(self) -> str:
        return f"{self.first_id} ≠ {self.second_id}"
