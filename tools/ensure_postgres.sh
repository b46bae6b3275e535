#!/usr/bin/env bash
# Makes sure that PostgreSQL's server programs are on this machine, or says clearly why they cannot be.
set -euo pipefail

found() { command -v initdb > /dev/null || compgen -G '/usr/lib/postgresql/*/bin/initdb' > /dev/null; }

found && exit 0
if ! command -v apt-get > /dev/null; then
  echo "PostgreSQL's initdb is not on this machine and there is no apt-get to install it: install PostgreSQL 14 or newer" >&2
  exit 1
fi
as_root=()
if [ "$(id -u)" -ne 0 ]; then
  command -v sudo > /dev/null || { echo "PostgreSQL is missing and only root can install it: apt-get install postgresql" >&2; exit 1; }
  as_root=(sudo -n)
fi
echo "» installing PostgreSQL"
export DEBIAN_FRONTEND=noninteractive
"${as_root[@]}" apt-get update -qq > /dev/null
"${as_root[@]}" apt-get install -y -qq --no-install-recommends postgresql > /dev/null
found || { echo "PostgreSQL was installed but initdb was not found under /usr/lib/postgresql" >&2; exit 1; }
