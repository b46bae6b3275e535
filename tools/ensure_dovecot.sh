#!/usr/bin/env bash
# Makes sure that Dovecot's IMAP server is on this machine, or says clearly why it cannot be.
set -euo pipefail

found() { command -v dovecot > /dev/null || [ -x /usr/sbin/dovecot ]; }

found && exit 0
if ! command -v apt-get > /dev/null; then
  echo "Dovecot is not on this machine and there is no apt-get to install it: install Dovecot 2.3 with IMAP" >&2
  exit 1
fi
as_root=()
if [ "$(id -u)" -ne 0 ]; then
  command -v sudo > /dev/null || { echo "Dovecot is missing and only root can install it: apt-get install dovecot-imapd" >&2; exit 1; }
  as_root=(sudo -n)
fi
echo "» installing Dovecot"
export DEBIAN_FRONTEND=noninteractive
"${as_root[@]}" apt-get update -qq > /dev/null
# It must not begin to serve this machine: the tests start one of their own.
"${as_root[@]}" env RUNLEVEL=1 apt-get install -y -qq --no-install-recommends dovecot-imapd > /dev/null
found || { echo "Dovecot was installed but not found" >&2; exit 1; }
