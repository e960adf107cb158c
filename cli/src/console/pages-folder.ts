import { access } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

/** The built pages, beside the built program; null where they were not built. */
export async function pagesFolder(): Promise<string | null> {
  const folder = fileURLToPath(new URL('../../web/dist', import.meta.url));
  return access(`${folder}/index.html`).then(
    () => folder,
    () => null,
  );
}
