import type { Command } from './command.ts';

/** Every command, in the order of the help. Each is loaded only when it is run or its help is asked for. */
export const commands: Readonly<Record<string, { readonly summary: string; load(): Promise<Command> }>> = {};
