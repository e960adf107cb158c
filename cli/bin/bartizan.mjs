#!/usr/bin/env node
// Runs the built program; in a checkout it first builds what is missing or older than its sources.
import { buildIfStale } from './build.mjs';

await buildIfStale();
const { main } = await import('../dist/bartizan.mjs');
await main(process.argv.slice(2));
