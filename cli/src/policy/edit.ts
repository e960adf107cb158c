import { setEnforcement } from '@bartizan/policy';
import { CommandError, defineCommand } from '../command.ts';
import { chooseOption } from './choose-option.ts';
import { problemLines } from './problem-lines.ts';
import { policyOptions, readPolicyText } from './policy-text.ts';

export const edit = defineCommand({
  name: 'policy edit',
  summary: 'Switch policies on or off in their file: prints FILE with only that changed, byte for byte',
  args: 'FILE',
  positionals: { max: 1 },
  options: {
    ...policyOptions,
    enforcement: { type: 'string', value: 'enabled|disabled', describe: 'what the policies shall be' },
    name: { type: 'string', value: 'NAME', describe: 'only the policies of this name (default: every policy in FILE)' },
    namespace: { type: 'string', value: 'NAMESPACE', describe: 'only the policies that name this namespace' },
    kind: { type: 'string', value: 'KIND', describe: 'only the policies of this kind' },
  },
  details: `A disabled policy stays in the cluster, but its selector carries the label network-policy.gitlab.com/disabled_by: gitlab,
which no pod has. Enabling what was disabled here gives the first file back byte for byte. FILE may be - for standard
input. Nothing is written but standard output. With --context and --name the policy is read from that cluster: what is printed
carries its resourceVersion, so that kubectl replace -f - refuses it where it changed meanwhile.`,
  async run({ values, positionals, io }) {
    const enabled = chooseOption('enforcement', values.enforcement, ['enabled', 'disabled']) === 'enabled';
    const { name, namespace, kind } = values;
    const { path, text } = await readPolicyText(positionals, values, { command: 'policy edit', io });
    const changed = setEnforcement(text, {
      enabled,
      ...(name === undefined ? {} : { name }),
      ...(namespace === undefined ? {} : { namespace }),
      ...(kind === undefined ? {} : { kind }),
    });
    if (!changed.ok) throw new CommandError(problemLines(path, changed.problems));
    await io.out(changed.value);
    return 0;
  },
});
