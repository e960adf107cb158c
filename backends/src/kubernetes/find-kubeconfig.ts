import { readFile } from 'node:fs/promises';
import { readKubeconfig } from './kubeconfig.ts';

export type FoundKubeconfig =
  | { readonly ok: true; readonly file: string }
  | { readonly ok: false; readonly message: string };

/** The first of several kubeconfigs that has the context; files that are not there are passed over, as by kubectl. */
export async function kubeconfigWith(context: string, files: readonly string[]): Promise<FoundKubeconfig> {
  const faults: string[] = [];
  for (const file of files) {
    try {
      const read = readKubeconfig(await readFile(file, 'utf8'), { file, context });
      if (read.ok) return { ok: true, file };
      faults.push(read.message);
    } catch (error) {
      faults.push(
        `${file} cannot be read (${error instanceof Error ? error.message.replace(/, \w+ '.*'$/, '') : String(error)})`,
      );
    }
  }
  const message = faults.length > 0 ? faults.join('\n') : 'no kubeconfig is known: give --kubeconfig FILE';
  return { ok: false, message };
}
