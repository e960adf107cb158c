import { defineConfig } from 'vitest/config';

const packages = ['policy', 'flow', 'waf', 'api', 'backends', 'server', 'sandbox', 'web', 'cli'];

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: ['*.test.ts', 'scripts/**/*.test.ts', ...packages.map((name) => `${name}/src/**/*.test.{ts,tsx}`)],
          testTimeout: 30_000,
        },
      },
      {
        test: {
          name: 'integration',
          include: ['integration/**/*.test.ts'],
          testTimeout: 120_000,
          hookTimeout: 300_000,
          fileParallelism: false,
        },
      },
      {
        test: {
          name: 'e2e',
          include: ['e2e/**/*.test.ts'],
          testTimeout: 120_000,
          hookTimeout: 120_000,
          fileParallelism: false,
        },
      },
    ],
  },
});
