import { createAuth } from '@symbolon/client';

/** One for the application, outside of components. */
export const auth = createAuth({ url: '/auth' });
