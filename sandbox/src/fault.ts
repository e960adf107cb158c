/** How a source goes wrong on purpose: it answers with an error, not at all, or with nonsense. */
export type Fault = 'fail' | 'hang' | 'garbage';
