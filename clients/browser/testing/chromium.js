/** One real browser for a test file. */
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';

const SCRIPT = fileURLToPath(new URL('../../../tests/Symbolon.Chromium/chromium.sh', import.meta.url));

export const startChromium = () => chromium.launch({ executablePath: SCRIPT });
