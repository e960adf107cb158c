import type { KubernetesObject, WatchedKind } from '../cluster.ts';
import type { ApiClient } from './client.ts';
import { ApiError } from './client.ts';
import { readList } from './decode.ts';
import { listPath, resources } from './query.ts';

const pageSize = 500;

export interface ListOptions {
  readonly kind: WatchedKind;
  readonly client: ApiClient;
  readonly signal: AbortSignal;
  readonly path: string;
}

/** A list page by page; where a page has expired meanwhile, the whole list at once, as client-go does. */
export async function listAll(
  options: ListOptions,
): Promise<{ readonly objects: readonly KubernetesObject[]; readonly resourceVersion: string }> {
  const objects: KubernetesObject[] = [];
  let page = await listPageOf(options, { limit: pageSize });
  try {
    while (page.continue !== undefined) {
      objects.push(...page.items);
      page = await listPageOf(options, { limit: pageSize, continue: page.continue });
    }
  } catch (error) {
    if (!isExpired(error)) throw error;
    const whole = await listPageOf(options, {});
    return { objects: whole.items, resourceVersion: whole.resourceVersion };
  }
  objects.push(...page.items);
  return { objects, resourceVersion: page.resourceVersion };
}

async function listPageOf({ kind, client, signal, path }: ListOptions, page: Parameters<typeof listPath>[1]) {
  const attempted = `list ${resources[kind].words}`;
  const body = await client.call({ method: 'GET', path: listPath(path, page), attempted, signal });
  const list = readList(kind, body);
  if (list === undefined) throw new TypeError(`could not ${attempted}: the answer is not a list`);
  return list;
}

export function isStatus(error: unknown, status: number): boolean {
  return error instanceof ApiError && error.status === status;
}

export function isExpired(error: unknown): boolean {
  return isStatus(error, 410);
}
