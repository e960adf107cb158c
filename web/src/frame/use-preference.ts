import { useSyncExternalStore } from 'react';

const changed = 'bartizan-preference';

/** What one reader likes, kept in this browser: never what is shown, only how it looks. The first value is the default. */
export function usePreference<Value extends string>(
  name: string,
  values: readonly [Value, ...Value[]],
): [Value, (value: Value) => void] {
  const stored = useSyncExternalStore(subscribe, () => read(name));
  const value = values.find((one) => one === stored) ?? values[0];
  return [value, (next) => write(name, next)];
}

function subscribe(onChange: () => void): () => void {
  globalThis.addEventListener(changed, onChange);
  globalThis.addEventListener('storage', onChange);
  return () => {
    globalThis.removeEventListener(changed, onChange);
    globalThis.removeEventListener('storage', onChange);
  };
}

/** A browser that keeps nothing is no reason to fail. */
function read(name: string): string | null {
  try {
    return globalThis.localStorage.getItem(`bartizan.${name}`);
  } catch {
    return null;
  }
}

function write(name: string, value: string): void {
  try {
    globalThis.localStorage.setItem(`bartizan.${name}`, value);
  } catch {
    return;
  }
  globalThis.dispatchEvent(new Event(changed));
}
