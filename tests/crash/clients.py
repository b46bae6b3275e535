"""Clients that write without pause, by the interface or the forms, and insist: what was not confirmed is sent again."""

import http.client
import json
import re
import threading
import time
from collections.abc import Callable
from http.cookies import SimpleCookie
from urllib.parse import urlencode

_HIDDEN = re.compile(r'name="(csrfmiddlewaretoken|form_token)" value="([^"]+)"')
TROUBLE = (OSError, http.client.HTTPException)


class Client(threading.Thread):
    """Writes one memo after the other until told to stop. `acknowledged`: the subjects that the server confirmed."""

    def __init__(self, port: int, name: str) -> None:
        super().__init__(name=name, daemon=True)
        self.port, self.prefix = port, name
        self.acknowledged: list[str] = []
        self.latencies: list[float] = []
        self.refused: list[str] = []
        self.stop = threading.Event()

    def run(self) -> None:
        number = 0
        while not self.stop.is_set():
            number += 1
            subject = f"{self.prefix} {number:05}"
            # Also after the order to stop: the last one in flight is brought to its end.
            self._insist(lambda subject=subject: self.write(subject))
            self.acknowledged.append(subject)

    def _insist(self, attempt: Callable[[], bool]) -> None:
        while True:
            begun = time.monotonic()
            try:
                if attempt():
                    self.latencies.append(time.monotonic() - begun)
                    return
            except TROUBLE:
                pass
            time.sleep(0.05)

    def send(
        self, method: str, path: str, body: str, headers: dict[str, str]
    ) -> tuple[int, str, http.client.HTTPMessage]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            return answer.status, answer.read().decode(), answer.headers
        finally:
            connection.close()

    def write(self, subject: str) -> bool:
        raise NotImplementedError


class Program(Client):
    """Uses the interface with a token; the idempotency key is the subject."""

    def __init__(self, port: int, name: str, secret: str) -> None:
        super().__init__(port, name)
        self.headers = {"Authorization": f"Bearer {secret}", "Content-Type": "application/json"}

    def write(self, subject: str) -> bool:
        key = subject.replace(" ", "-")
        status, text, _headers = self.send(
            "POST",
            "/api/v1/engagement/memo",
            json.dumps({"subject": subject}),
            {**self.headers, "Idempotency-Key": key},
        )
        if status in (400, 401, 403, 404, 405, 415, 422):
            self.refused.append(text)
            self.stop.set()
            return True
        return status == 201


class Browser(Client):
    """Signs in and sends the form; the same form again when no answer came."""

    def __init__(self, port: int, name: str, username: str, password: str) -> None:
        super().__init__(port, name)
        self.username, self.password = username, password
        self.cookies: dict[str, str] = {}
        self.form: dict[str, str] = {}

    def _call(
        self, method: str, path: str, values: dict[str, str] | None = None
    ) -> tuple[int, str, http.client.HTTPMessage]:
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        if values is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        status, text, answered = self.send(method, path, urlencode(values or {}), headers)
        for line in answered.get_all("Set-Cookie") or ():
            for name, morsel in SimpleCookie(line).items():
                self.cookies[name] = morsel.value
        return status, text, answered

    def _sign_in(self) -> None:
        _status, text, _headers = self._call("GET", "/login/")
        hidden = dict(_HIDDEN.findall(text))
        status, text, _headers = self._call(
            "POST", "/login/", {**hidden, "username": self.username, "password": self.password}
        )
        if status not in (302, 303, 429, 500, 503):
            self.refused.append(f"sign-in {status}")

    def write(self, subject: str) -> bool:
        if self.form.get("subject") != subject:
            status, text, _headers = self._call("GET", "/engagement/memo/new/")
            if status in (302, 403):
                self._sign_in()
                return False
            hidden = dict(_HIDDEN.findall(text))
            if status != 200 or "form_token" not in hidden:
                return False
            self.form = {**hidden, "subject": subject}
        status, text, headers = self._call("POST", "/engagement/memo/new/", self.form)
        if status in (400, 403, 404, 409, 422):
            self.refused.append(f"{status} {text[:2000]}")
            self.stop.set()
            return True
        return status in (302, 303) and "/login/" not in headers["Location"]
