"""A private Dovecot for tests: a real IMAP server in a temporary folder, on a free port of the loopback address.

It runs without rights of its own, keeps nothing, and is stopped and removed whatever happens.
"""

import grp
import imaplib
import os
import pwd
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tools.postgres import free_port

PASSWORD = "wei-mima-2026"  # noqa: S105 - of a server that lives as long as a test run
_CONFIG = """
dovecot_config_version = 2.4.0
dovecot_storage_version = 2.4.0
base_dir = {folder}/run
log_path = {folder}/log
protocols = imap
listen = 127.0.0.1
ssl = no
auth_allow_cleartext = yes
default_internal_user = {user}
default_internal_group = {group}
default_login_user = {user}
first_valid_uid = 1
first_valid_gid = 1
mail_driver = maildir
mail_path = {folder}/mail/%{{user}}
passdb static {{
  password = {password}
}}
userdb static {{
  fields {{
    uid = {user}
    gid = {group}
    home = {folder}/home/%{{user}}
  }}
}}
{services}
"""
_CONFIG_2_3 = """
base_dir = {folder}/run
log_path = {folder}/log
protocols = imap
listen = 127.0.0.1
ssl = no
disable_plaintext_auth = no
default_internal_user = {user}
default_internal_group = {group}
default_login_user = {user}
first_valid_uid = 1
first_valid_gid = 1
mail_location = maildir:{folder}/mail/%u
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={user} gid={group} home={folder}/home/%u
}}
{services}
"""
_SERVICES = """
service anvil {{
  chroot =
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
service stats {{
  chroot =
}}
"""


def program() -> str | None:
    """Where Dovecot is, or None where it is not."""
    return shutil.which("dovecot", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin")


def _user() -> pwd.struct_passwd:
    return pwd.getpwnam("nobody") if os.geteuid() == 0 else pwd.getpwuid(os.geteuid())


@contextmanager
def imap_server() -> Iterator[int]:
    """A running server; yields its port. Whoever signs in with `PASSWORD` has a mailbox."""
    server = program()
    assert server is not None, "Dovecot is not on this machine: run tools/ensure_dovecot.sh"
    folder, port, user = Path(tempfile.mkdtemp(prefix="guanxi-dovecot-")), free_port(), _user()
    group = grp.getgrgid(user.pw_gid).gr_name
    version = subprocess.run([server, "--version"], capture_output=True, text=True, check=True).stdout
    template = _CONFIG_2_3 if version.startswith("2.3") else _CONFIG
    services = _SERVICES.format(port=port)
    config = folder / "dovecot.conf"
    config.write_text(
        template.format(folder=folder, user=user.pw_name, group=group, password=PASSWORD, services=services)
    )
    for name in ("run", "mail", "home"):
        (folder / name).mkdir()
    (folder / "log").touch()
    for path in (folder, *folder.iterdir()):
        os.chown(path, user.pw_uid, user.pw_gid)
    as_user = ["runuser", "-u", user.pw_name, "--"] if os.geteuid() == 0 else []
    running = subprocess.Popen([*as_user, server, "-F", "-c", str(config)], stderr=subprocess.PIPE)
    try:
        _wait(port, running, folder)
        yield port
    finally:
        running.terminate()
        running.wait(10)
        assert running.stderr is not None
        running.stderr.close()
        shutil.rmtree(folder, ignore_errors=True)


def _wait(port: int, running: "subprocess.Popen[bytes]", folder: Path) -> None:
    for _attempt in range(100):
        try:
            imaplib.IMAP4("127.0.0.1", port, timeout=2).logout()
            return
        except OSError:
            time.sleep(0.1)
            if running.poll() is not None:
                break
    assert running.stderr is not None
    running.terminate()
    raise RuntimeError(f"Dovecot does not answer: {running.stderr.read().decode()} {(folder / 'log').read_text()}")
