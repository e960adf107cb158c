import { rolldown } from 'rolldown';

/** Bundles programs of our sources, each by the name it gets; third-party packages stay outside. */
export async function bundleInto(folder: string, input: Readonly<Record<string, string>>): Promise<void> {
  const external = (id: string): boolean => !/^(\.|\/|@bartizan\/)/.test(id);
  const bundle = await rolldown({ input, platform: 'node', external });
  await bundle.write({
    dir: folder,
    format: 'esm',
    entryFileNames: '[name].mjs',
    chunkFileNames: '[name]-[hash].mjs',
  });
}
