import { fuzz } from './fuzz.ts';

const [inputs = '1000000', seed = String(Date.now() % 1_000_000_000)] = process.argv.slice(2);
console.log(`seed ${seed}, ${inputs} inputs`);
const started = performance.now();
const heapMb = (): number => Math.round(process.memoryUsage().heapUsed / 1e6);
let lastSaid = started;
const report = fuzz({
  seed: Number(seed),
  inputs: Number(inputs),
  onProgress: (done) => {
    if (performance.now() - lastSaid < 10_000) return;
    lastSaid = performance.now();
    console.log(`${done} inputs, ${heapMb()} MB in the heap`);
  },
});
const seconds = (performance.now() - started) / 1000;
console.log(
  `${report.inputs} inputs, ${(report.characters / 1e6).toFixed(1)} M characters, ${report.objects} objects, ` +
    `${report.problems} problems, ${report.failures.length} failures in ${seconds.toFixed(1)} s; ${heapMb()} MB in the heap`,
);
for (const { seed: at, reason } of report.failures.slice(0, 20)) console.log(`seed ${at}: ${reason}`);
if (report.failures.length > 0) process.exitCode = 1;
