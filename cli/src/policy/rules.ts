import { applyRules, parseRules, readRules } from '@bartizan/policy';
import type { PolicyRules, Problem, RulesResult } from '@bartizan/policy';
import { CommandError, defineCommand } from '../command.ts';
import type { ExitCode, Io } from '../command.ts';
import { chooseOption } from './choose-option.ts';
import { problemLines } from './problem-lines.ts';
import { policyOptions, readPolicyText } from './policy-text.ts';
import { readText } from './read-text.ts';

export const rules = defineCommand({
  name: 'policy rules',
  summary: 'A policy as Rule mode shows it, or why it cannot; and such rules written back into their manifest',
  args: 'FILE',
  positionals: { max: 1 },
  options: {
    ...policyOptions,
    output: { type: 'string', short: 'o', value: 'json', default: 'json', describe: 'how to print the rules' },
    write: {
      type: 'string',
      value: 'MODEL.json',
      describe: 'print FILE changed to say the rules in this file (what this command prints, or its value of `rules`)',
    },
    name: { type: 'string', value: 'NAME', describe: 'which policy, where FILE holds several' },
    namespace: { type: 'string', value: 'NAMESPACE', describe: 'which policy, where several have that name' },
    kind: { type: 'string', value: 'KIND', describe: 'which policy, where several have that name' },
  },
  details: `Prints {ok: true, rules} or {ok: false, reasons: [{code, message, path, line, column}]}; the shape of rules is published as
docs/schema/policy-rules.schema.json. With --write only the parts in which FILE and the rules differ change; comments,
order and everything else stay. Exit code 1 when Rule mode cannot show the policy. FILE may be - for standard input. With --context and
--name the policy is read from that cluster, and its manifest, as the console shows it, stands for FILE.`,
  async run({ values, positionals, io }) {
    chooseOption('output', values.output, ['json']);
    const { name, namespace, kind } = values;
    const choice = {
      ...(name === undefined ? {} : { name }),
      ...(namespace === undefined ? {} : { namespace }),
      ...(kind === undefined ? {} : { kind }),
    };
    const { path, text } = await readPolicyText(positionals, values, { command: 'policy rules', io });
    const shown = readRules(text, choice);
    if (values.write === undefined) return print(shown, io);
    const wanted = await readModel(values.write, io);
    if (!shown.ok) {
      io.err(`${problemLines(path, shown.reasons)}\n`);
      return 1;
    }
    const changed = applyRules(text, wanted, choice);
    if (!changed.ok) throw new CommandError(problemLines(path, changed.problems));
    await io.out(changed.value);
    return 0;
  },
});

async function print(shown: RulesResult, io: Io): Promise<ExitCode> {
  await io.out(`${JSON.stringify(shown.ok ? shown : { ok: false, reasons: shown.reasons.map(inOrder) }, null, 2)}\n`);
  return shown.ok ? 0 : 1;
}

function inOrder({ code, message, path, line, column }: Omit<Problem, 'severity'>): object {
  return { code, message, path, line, column };
}

async function readModel(path: string, io: Io): Promise<PolicyRules> {
  const text = await readText(path, io);
  const value = parseJson(path, text);
  const isWhole = typeof value === 'object' && value !== null && 'ok' in value && 'rules' in value;
  const parsed = parseRules(isWhole ? value.rules : value);
  if (parsed.ok) return parsed.value;
  const lines = parsed.problems.map(
    ({ message, path: place }) => `${path}: ${place === '' ? '' : `${place}: `}${message}`,
  );
  throw new CommandError(lines.join('\n'));
}

function parseJson(path: string, text: string): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (error) {
    throw new CommandError(`${path}: this is not JSON (${error instanceof Error ? error.message : String(error)})`);
  }
}
