#!/usr/bin/env bash
# Makes sure that Chromium and a font with Chinese characters are on this machine, or says clearly why they cannot be.
set -euo pipefail

browser() { command -v chromium > /dev/null || command -v chromium-browser > /dev/null; }
font() { command -v fc-list > /dev/null && [ -n "$(fc-list :lang=zh-cn family)" ]; }

browser && font && exit 0
if ! command -v apt-get > /dev/null; then
  echo "Chromium or a Chinese font is missing and there is no apt-get to install them" >&2
  exit 1
fi
as_root=()
if [ "$(id -u)" -ne 0 ]; then
  command -v sudo > /dev/null || { echo "Chromium is missing and only root can install it: apt-get install chromium fonts-noto-cjk" >&2; exit 1; }
  as_root=(sudo -n)
fi
echo "» installing Chromium and a Chinese font"
export DEBIAN_FRONTEND=noninteractive
"${as_root[@]}" apt-get update -qq > /dev/null
"${as_root[@]}" apt-get install -y -qq --no-install-recommends chromium fontconfig fonts-noto-cjk > /dev/null
browser || { echo "Chromium was installed but is not on the path" >&2; exit 1; }
font || { echo "fonts-noto-cjk was installed but fontconfig finds no Chinese font" >&2; exit 1; }
