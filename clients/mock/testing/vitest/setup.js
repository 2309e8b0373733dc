import { mockSetup } from '../../vitest.js';

export default mockSetup({ ttl: '60s' });
