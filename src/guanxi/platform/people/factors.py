"""Second factors: codes of an authenticator app (RFC 6238), security keys and passkeys (WebAuthn), recovery codes.

Nothing here asks the network, and nothing here decides when a factor is wanted.
"""

import base64
import hashlib
import hmac
import ipaddress
import secrets
import struct
from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlencode, urlsplit

from django.conf import settings
from django.db import transaction

from guanxi.kernel.errors import Conflict, Invalid
from guanxi.kernel.messages import Message
from guanxi.platform.keys import seal, unseal
from guanxi.platform.people.models import Person
from guanxi.platform.people.sign_in import Factor, RecoveryCode

if TYPE_CHECKING:
    from fido2.server import Fido2Server
    from fido2.webauthn import AttestedCredentialData

STEP_SECONDS = 30
DIGITS = 6
#: A phone's clock may be so many steps off, either way.
SLACK_STEPS = 1
SECRET_BYTES = 20
RECOVERY_CODES = 10
MOST_KEYS = 10
#: The purpose of the key under which secrets are sealed.
PURPOSE = "factor"
# Without letters and digits that are mistaken for one another.
_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"

_WRONG = Message("This code is not right, or it was used already. Wait for the next one.")
_WRONG_KEY = Message("The security key did not answer as expected. Please try again.")


# ---- Authenticator app -----------------------------------------------------------------------------------------------


def new_secret() -> str:
    """A secret to be shared with an app, in base 32."""
    return base64.b32encode(secrets.token_bytes(SECRET_BYTES)).decode()


def app_address(person: Person, secret: str) -> str:
    """What the picture for the app says (otpauth://)."""
    issuer = urlsplit(settings.BASE_URL).hostname or "guanxi"
    label = quote(f"Guanxi {issuer}:{person.username}")
    return f"otpauth://totp/{label}?{urlencode({'secret': secret, 'issuer': f'Guanxi {issuer}'}, quote_via=quote)}"


def code_at(secret: str, step: int) -> str:
    """The code that an app shows in a time step (RFC 4226)."""
    digest = hmac.new(base64.b32decode(secret), struct.pack(">Q", step), hashlib.sha1).digest()
    offset = digest[-1] & 0x0F
    number = struct.unpack(">I", digest[offset : offset + 4])[0] & 0x7FFFFFFF
    return f"{number % 10**DIGITS:0{DIGITS}}"


def step_at(moment: datetime) -> int:
    """The number of the time step."""
    return int(moment.timestamp()) // STEP_SECONDS


def _step_of(secret: str, code: str, at: datetime) -> int | None:
    """In which step, near that moment, the code is right."""
    now = step_at(at)
    found = None
    for step in range(now - SLACK_STEPS, now + SLACK_STEPS + 1):
        if hmac.compare_digest(code_at(secret, step).encode(), code.encode()):
            found = step
    return found


def add_app(person: Person, secret: str, code: str, at: datetime) -> Factor:
    """The app that shares this secret is the person's second factor from now on, in place of a former one.

    Raises:
        Invalid: the code is not one of that secret, so the app would lock the person out.
    """
    step = _step_of(secret, _plain(code), at)
    if step is None:
        raise Invalid({"code": [_WRONG]})
    with transaction.atomic():
        Factor.objects.filter(person=person, kind=Factor.Kind.APP).delete()
        return Factor.objects.create(
            person=person, kind=Factor.Kind.APP, name=str(Factor.Kind.APP.label), last_step=step, created_at=at,
            secret=seal(PURPOSE, secret, str(person.pk)),
        )  # fmt: skip


def accept_code(person: Person, code: str, at: datetime) -> bool:
    """Whether this is a code of the person's app, or one of his recovery codes; either is good for one time only."""
    plain = _plain(code)
    with transaction.atomic():
        app = Factor.objects.select_for_update().filter(person=person, kind=Factor.Kind.APP).first()
        if app is not None and len(plain) == DIGITS and plain.isdigit():
            step = _step_of(unseal(PURPOSE, app.secret, str(person.pk)), plain, at)
            if step is None or step <= app.last_step:
                return False
            app.last_step, app.used_at = step, at
            app.save(update_fields=["last_step", "used_at"])
            return True
        unused = RecoveryCode.objects.filter(person=person, digest=_digest(person, plain), used_at=None)
        return unused.update(used_at=at) == 1


def _plain(code: str) -> str:
    """A code as it is compared: without the spaces and hyphens that make it readable."""
    return "".join(sign for sign in code.strip().casefold() if sign.isascii() and sign.isalnum())


# ---- Recovery codes --------------------------------------------------------------------------------------------------


def new_recovery_codes(person: Person, at: datetime) -> list[str]:
    """Ten new codes in place of all former ones. They can be read now and never again."""
    codes = [
        "-".join("".join(secrets.choice(_ALPHABET) for _ in range(4)) for _ in range(4)) for _ in range(RECOVERY_CODES)
    ]
    with transaction.atomic():
        RecoveryCode.objects.filter(person=person).delete()
        RecoveryCode.objects.bulk_create(
            RecoveryCode(person=person, digest=_digest(person, _plain(code)), created_at=at) for code in codes
        )
    return codes


def recovery_codes_left(person: Person) -> int:
    """How many of them were not used yet."""
    return RecoveryCode.objects.filter(person=person, used_at=None).count()


def _digest(person: Person, code: str) -> str:
    """What is kept of a code. A plain hash is enough: nobody guesses 79 random bits."""
    return hashlib.sha256(f"{person.pk}:{code}".encode()).hexdigest()


# ---- Security keys ---------------------------------------------------------------------------------------------------


def origin() -> str:
    """The address that keys are bound to: the installation's own, whatever a request says of its host."""
    parts = urlsplit(settings.BASE_URL)
    return f"{parts.scheme}://{parts.netloc}"


def keys_work() -> bool:
    """Whether browsers let keys be used here: with a name for a host, over HTTPS (or on this very machine)."""
    parts = urlsplit(settings.BASE_URL)
    host = parts.hostname or ""
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return parts.scheme == "https" or host == "localhost" or host.endswith(".localhost")
    return False


def _server() -> "Fido2Server":
    # Imported here: it brings ten megabytes that most processes never need.
    from fido2.server import Fido2Server
    from fido2.webauthn import PublicKeyCredentialRpEntity

    host = urlsplit(settings.BASE_URL).hostname or "localhost"
    own = origin()
    return Fido2Server(PublicKeyCredentialRpEntity(id=host, name="Guanxi"), verify_origin=lambda given: given == own)


def _keys(person: Person) -> list[Factor]:
    return list(Factor.objects.filter(person=person, kind=Factor.Kind.KEY))


def _credential(factor: Factor) -> "AttestedCredentialData":
    from fido2.webauthn import AttestedCredentialData

    return AttestedCredentialData(bytes(factor.credential))


def begin_key(person: Person) -> tuple[dict[str, Any], dict[str, Any]]:
    """What the browser needs to make a key for this person, and what has to be remembered until it answers.

    Raises:
        Conflict: keys cannot be used at this address, or the person has enough of them.
    """
    from fido2.webauthn import PublicKeyCredentialUserEntity, ResidentKeyRequirement, UserVerificationRequirement

    if not keys_work():
        raise Conflict(Message("Security keys need an address with a name and HTTPS."))
    standing = _keys(person)
    if len(standing) >= MOST_KEYS:
        raise Conflict(Message("You have %(count)s security keys; remove one first.", count=len(standing)))
    options, state = _server().register_begin(
        PublicKeyCredentialUserEntity(id=person.pk.bytes, name=person.username, display_name=person.name),
        credentials=[_credential(key) for key in standing],
        resident_key_requirement=ResidentKeyRequirement.PREFERRED,
        user_verification=UserVerificationRequirement.PREFERRED,
    )
    return dict(options), state


def add_key(person: Person, state: Mapping[str, Any], answer: Any, name: str, at: datetime) -> Factor:
    """The key that gave this answer is one of the person's second factors from now on.

    Raises:
        Invalid: no name, or the answer is not to this question, from this address, by a person who was there.
    """
    name = name.strip()[:80]
    if not name:
        raise Invalid({"name": [Message("Give the key a name by which you know it.")]})
    try:
        made = _server().register_complete(dict(state), answer)
    except (ValueError, KeyError, TypeError, AttributeError):
        raise Invalid({"key": [_WRONG_KEY]}) from None
    credential = made.credential_data
    assert credential is not None
    if any(_credential(key).credential_id == credential.credential_id for key in _keys(person)):
        raise Invalid({"key": [Message("You have this key already.")]})
    return Factor.objects.create(
        person=person, kind=Factor.Kind.KEY, name=name, credential=bytes(credential), uses=made.counter, created_at=at
    )


def ask_key(person: Person) -> tuple[dict[str, Any], dict[str, Any]]:
    """What the browser needs to ask for one of the person's keys, and what has to be remembered until it answers."""
    from fido2.webauthn import UserVerificationRequirement

    options, state = _server().authenticate_begin(
        [_credential(key) for key in _keys(person)], user_verification=UserVerificationRequirement.PREFERRED
    )
    return dict(options), state


def accept_key(person: Person, state: Mapping[str, Any], answer: Any, at: datetime) -> bool:
    """Whether one of the person's keys gave this answer to this question.

    A key that counts its uses and is behind what it said before has been copied: it is not accepted.
    """
    from fido2.webauthn import AuthenticationResponse

    keys = {_credential(key).credential_id: key for key in _keys(person)}
    try:
        used = _server().authenticate_complete(dict(state), [_credential(key) for key in keys.values()], answer)
        uses = AuthenticationResponse.from_dict(answer).response.authenticator_data.counter
    except (ValueError, KeyError, TypeError, AttributeError):
        return False
    with transaction.atomic():
        key = Factor.objects.select_for_update().filter(pk=keys[used.credential_id].pk).first()
        if key is None or ((uses or key.uses) and uses <= key.uses):
            return False
        key.uses, key.used_at = uses, at
        key.save(update_fields=["uses", "used_at"])
        return True


# ---- All of them -----------------------------------------------------------------------------------------------------


def factors_of(person: Person) -> list[Factor]:
    """The person's second factors, the oldest first."""
    return list(Factor.objects.filter(person=person).order_by("created_at"))


def kinds_of(person: Person) -> set[str]:
    """By which kinds of second factor the person may be asked; empty when he has none."""
    return set(Factor.objects.filter(person=person).values_list("kind", flat=True))


def remove(person: Person, factor_id: Any) -> Factor:
    """The person does without this factor; with the last one the recovery codes go too.

    Raises:
        Conflict: it is not one of his.
    """
    with transaction.atomic():
        factor = Factor.objects.select_for_update().filter(person=person, pk=factor_id).first()
        if factor is None:
            raise Conflict(Message("This second factor is gone already."))
        factor.delete()
        if not Factor.objects.filter(person=person).exists():
            RecoveryCode.objects.filter(person=person).delete()
        return factor


def remove_all(person: Person) -> int:
    """The person has lost his second factors and sets up new ones; returns how many there were."""
    with transaction.atomic():
        RecoveryCode.objects.filter(person=person).delete()
        return Factor.objects.filter(person=person).delete()[0]
