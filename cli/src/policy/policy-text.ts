import { CommandError, UsageError } from '../command.ts';
import { policyKinds } from './manifest-source.ts';
import { readAllManifestFiles } from './read-manifests.ts';
import type { ReadingIo } from './read-manifests.ts';
import { readText } from './read-text.ts';

/** Options of commands on one policy: which one, in FILE or in a cluster. */
export const policyOptions = {
  context: { type: 'string', value: 'NAME', describe: 'the policy of the cluster of this context, in place of FILE' },
  kubeconfig: { type: 'string', value: 'FILE', describe: 'with --context: else $KUBECONFIG, else ~/.kube/config' },
} as const;

interface Asked {
  readonly context?: string | undefined;
  readonly kubeconfig?: string | undefined;
  readonly name?: string | undefined;
  readonly namespace?: string | undefined;
  readonly kind?: string | undefined;
}

/** The text of FILE; or of the named policies of a cluster, as the console shows them. `path` is what problems are said of. */
export async function readPolicyText(
  [file, ...others]: readonly string[],
  asked: Asked,
  { command, io }: { readonly command: string; readonly io: ReadingIo },
): Promise<{ readonly path: string; readonly text: string }> {
  const { context, kubeconfig, name, namespace, kind } = asked;
  if (context === undefined) {
    if (kubeconfig !== undefined) throw new UsageError(`bartizan ${command}: --kubeconfig goes with --context NAME.`);
    if (file === undefined || others.length > 0)
      throw new UsageError(`bartizan ${command} needs FILE or --context NAME`);
    return { path: file, text: await readText(file, io) };
  }
  if (file !== undefined) throw new UsageError(`bartizan ${command} reads FILE or --context NAME, not both.`);
  if (name === undefined) throw new UsageError(`bartizan ${command} --context needs --name NAME: which policy?`);
  const files = await readAllManifestFiles([{ context, kubeconfig, namespace, kinds: policyKinds }], io);
  const texts = files.flatMap(({ text, manifests: [manifest] }) =>
    manifest?.name === name && (kind === undefined || manifest.kind === kind) ? [text] : [],
  );
  if (texts.length > 0) return { path: `context ${context}`, text: texts.join('---\n') };
  const unread = files.some(({ gaps = [] }) => gaps.length > 0) ? ' among what may be read' : '';
  throw new CommandError(`context ${context} has no policy "${name}"${unread}.`);
}
