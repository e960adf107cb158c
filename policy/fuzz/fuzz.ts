import { readManifests } from '../src/source/read-manifests.ts';
import { validate } from '../src/validate/validate.ts';
import { generateText } from './texts.ts';

export interface FuzzReport {
  readonly inputs: number;
  readonly characters: number;
  readonly objects: number;
  readonly problems: number;
  /** Inputs that broke a promise: the reader and the validator never throw, never linger, and always name a place. */
  readonly failures: readonly { readonly seed: number; readonly reason: string }[];
}

export interface FuzzOptions {
  readonly seed: number;
  readonly inputs: number;
  /** Told after every thousand inputs. */
  readonly onProgress?: (done: number) => void;
}

/** A second of computing a megabyte, but at least this: collecting garbage counts too. */
const leastMs = 500;

/** Reads and validates drawn texts. */
export function fuzz({ seed, inputs, onProgress }: FuzzOptions): FuzzReport {
  const totals = { characters: 0, objects: 0, problems: 0 };
  const failures: { seed: number; reason: string }[] = [];
  for (let input = 0; input < inputs; input++) {
    const text = generateText(seed + input);
    const started = process.cpuUsage();
    const reason = runOne(text, totals);
    const spent = process.cpuUsage(started).user / 1000;
    const slow =
      spent > Math.max(leastMs, text.length / 1000)
        ? `took ${Math.round(spent)} ms for ${text.length} characters`
        : undefined;
    if (reason !== undefined || slow !== undefined) failures.push({ seed: seed + input, reason: reason ?? slow ?? '' });
    if ((input + 1) % 1000 === 0) onProgress?.(input + 1);
  }
  return { inputs, ...totals, failures };
}

function runOne(text: string, totals: { characters: number; objects: number; problems: number }): string | undefined {
  try {
    const { manifests, problems } = readManifests(text);
    const found = [...problems, ...manifests.flatMap((manifest) => validate(manifest))];
    totals.characters += text.length;
    totals.objects += manifests.length;
    totals.problems += found.length;
    const nameless = found.find(({ line, column, message, code }) => !line || !column || message === '' || code === '');
    return nameless === undefined ? undefined : `a problem without a place: ${nameless.code} ${nameless.message}`;
  } catch (error) {
    return error instanceof Error ? (error.stack ?? error.message) : String(error);
  }
}
