import { parseAllDocuments } from 'yaml';

export type Formatted = { readonly ok: true; readonly text: string } | { readonly ok: false; readonly reason: string };

/** YAML laid out evenly, as `kubectl` prints it; comments, order and quotes stay. */
export function formatYaml(text: string): Formatted {
  const documents = parseAllDocuments(text, { strict: false, uniqueKeys: false });
  if (!Array.isArray(documents)) return { ok: false, reason: 'there is nothing in it' };
  const [error] = documents.flatMap((document) => document.errors);
  if (error) return { ok: false, reason: `line ${error.linePos?.[0].line ?? 1} cannot be read` };
  const texts = documents.map((document) => document.toString({ lineWidth: 0, indentSeq: false }));
  return { ok: true, text: texts.join('') };
}
