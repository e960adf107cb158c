import type { DescMessage, MessageShape } from '@bufbuild/protobuf';
import { create } from '@bufbuild/protobuf';
import { reflect } from '@bufbuild/protobuf/reflect';
import type { ReflectMessage } from '@bufbuild/protobuf/reflect';

/** A message with the fields that the paths name, and nothing else: `source.identity`, `verdict`. */
export function applyMask<T extends DescMessage>(
  schema: T,
  message: MessageShape<T>,
  paths: readonly string[],
): MessageShape<T> {
  const result = create(schema);
  copy(reflect(schema, message), reflect(schema, result), paths);
  return result;
}

function copy(from: ReflectMessage, to: ReflectMessage, paths: readonly string[]): void {
  for (const field of from.fields) {
    if (!from.isSet(field)) continue;
    const own = paths.filter((path) => path === field.name || path.startsWith(`${field.name}.`));
    if (own.length === 0) continue;
    if (own.includes(field.name) || field.fieldKind !== 'message') {
      to.set(field, from.get(field));
      continue;
    }
    const inner = reflect(field.message, create(field.message));
    copy(
      from.get(field),
      inner,
      own.map((path) => path.slice(field.name.length + 1)),
    );
    to.set(field, inner);
  }
}
