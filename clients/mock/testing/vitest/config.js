export default { test: { root: import.meta.dirname, include: ['count.js'], globalSetup: './setup.js', fileParallelism: false } };
