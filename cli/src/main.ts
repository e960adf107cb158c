/** Runs one command line, given without the program's name. */
export async function main(_args: readonly string[]): Promise<void> {}
