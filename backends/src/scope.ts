/** Whose records are asked for. `all` includes those that no namespace could be told for; each record counts once. */
export type Scope =
  | { readonly kind: 'all' }
  | {
      readonly kind: 'namespaces';
      /** Records of these sources only: namespaces of different clusters may have the same name. */
      readonly sources: readonly string[];
      readonly namespaces: readonly string[];
      /** Hosts that belong to the environment whatever namespace served them; lower case, without port. */
      readonly hosts: readonly string[];
    };
