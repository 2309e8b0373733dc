/** One real browser for a test file. */
import { chromium } from 'playwright-core';

const ARGS = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'];

export const startChromium = () => chromium.launch({ executablePath: '/usr/bin/chromium', args: ARGS });
