#!/usr/bin/env bash
# Debian's Chromium as all tests start it, in C# and in JavaScript.
# The address bar's suggestions are pages of their own, two beside each page under test, and took more processor time than that. The last
# --disable-features counts alone, so they are added to Playwright's, which come as an argument. A name that a version does not know does no harm.
quiet=WebUIOmniboxPopup,WebUIOmniboxAimPopup,SpareRendererForSitePerProcess
exec "${CHROMIUM:-/usr/bin/chromium}" --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-component-update --disable-sync \
  "${@/#--disable-features=/--disable-features=$quiet,}"
