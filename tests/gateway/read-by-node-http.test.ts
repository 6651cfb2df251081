import { reading } from './harness.ts';

// What holds of requests that we read ourselves holds of those that node:http reads.
reading.isPlain = false;
await import('./pages.test.ts');
await import('./proxy.test.ts');
await import('./upstream.test.ts');
