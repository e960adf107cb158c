import type { Sandbox, SandboxOptions } from '@bartizan/sandbox';

/** What the sandbox's thread is started with. */
export type Story = Pick<SandboxOptions, 'scenario' | 'seed' | 'kubeconfigFile'>;

/** What the console needs to know of a sandbox in another thread. */
export type SandboxPlaces = Omit<Sandbox, 'ready' | 'close'>;

export type FromSandbox =
  | { readonly type: 'started'; readonly places: SandboxPlaces }
  | { readonly type: 'ready' }
  | { readonly type: 'failed'; readonly message: string };

export type ToSandbox = { readonly type: 'close' };
